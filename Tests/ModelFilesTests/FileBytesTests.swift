import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite struct FileBytesTests {
  /// The limit ends a run that waits for a writer for ever.
  @Test(.timeLimit(.minutes(1))) func aNamedPipeInThePlaceOfAModelIsRefusedAtOnce() throws {
    let folder = try ScratchFolder()
    let pipe = folder.file("model.onnx")
    try #require(mkfifo(pipe, 0o600) == 0)
    let error = #expect(throws: ModelFileError.self) { try FileBytes(path: pipe) }
    #expect(error.map { "\($0)".contains("is no regular file") } == true)
  }
}
