import Foundation
import Testing

/// FFmpeg is loaded by runs that touch a video: others neither need it nor pay for it.
@Suite struct MissingLibraryTests {
  /// A folder that the loader searches first, in which every version of a library of FFmpeg is no library.
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for version in 50...99 { try Data("x".utf8).write(to: folder.file("libavcodec.so.\(version)")) }
    try Data("1,1,0,0,10,10,1,-1,-1,-1\n".utf8).write(to: folder.file("tracks.txt"))
    // A picture is the smallest video.
    try Data("P5 1 1 255 x".utf8).write(to: folder.file("picture.pgm"))
  }

  private func run(_ arguments: [String]) throws -> ProgramRun {
    try ProgramRun(arguments, in: folder.url, variables: ["LD_LIBRARY_PATH": folder.url.path])
  }

  @Test func aVideoWithoutFFmpegIsToldInOneSentence() throws {
    #expect(try ProgramRun(["inspect", "picture.pgm"], in: folder.url).exitCode == 0)
    let run = try run(["inspect", "picture.pgm"])
    #expect(run.exitCode == 65)
    #expect(run.errors.contains("cannot read or write videos") && run.errors.contains("libavcodec.so"))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func evaluationAndConversionNeedNoFFmpeg() throws {
    let evaluation = try run(["evaluate", "tracks", "--truth", "tracks.txt", "--result", "tracks.txt"])
    #expect(evaluation.exitCode == 0 && evaluation.output.contains("100.000"))
    #expect(try run(["convert", "tracks.txt", "tracks.ndjson", "--to", "sextant"]).exitCode == 0)
  }
}
