import Foundation
import Imaging
import NetworkTestSupport
import Testing

/// The lines and pictures that `detect` makes of single pictures, however the run ends.
@Suite struct PictureRecordsTests {
  private static let count = 200
  private let folder: TemporaryFolder
  private let names: [String]

  init() throws {
    folder = try TemporaryFolder()
    names = (0..<PictureRecordsTests.count).map { "p\($0).png" }
    let black = Data(try ImageFile.png(Image(width: 64, height: 64, channels: 1)))
    for name in names { try black.write(to: folder.file(name)) }
  }

  private func started(_ arguments: [String], _ output: Pipe?) throws -> Process {
    let process = Process()
    process.executableURL = ProgramRun.program
    process.arguments = ["detect"] + names + ["--model", "aerial-thermal"] + arguments
    process.currentDirectoryURL = folder.url
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func areWhole(_ data: Data) throws -> Int {
    #expect(data.last == UInt8(ascii: "\n"))
    let lines = data.split(separator: UInt8(ascii: "\n"))
    for line in lines { #expect(try JSONSerialization.jsonObject(with: line) is [String: Any]) }
    return lines.count
  }

  @Test func aReaderGetsEachLineAndASignalCutsNone() throws {
    let output = Pipe()
    let process = try started([], output)
    // This comes back when the first line does, long before the last picture.
    var data = output.fileHandleForReading.availableData
    process.terminate()
    data += output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 143)
    #expect((1..<names.count).contains(try PictureRecordsTests.areWhole(data)))
  }

  @Test func whatWasFoundBeforeASignalIsKept() throws {
    let process = try started(["-o", "boxes.jsonl", "--overlay", "seen"], nil)
    // The second drawing is made behind the first line.
    while process.isRunning, !FileManager.default.fileExists(atPath: folder.file("seen/p1.jpg").path) { usleep(1_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    #expect((1..<names.count).contains(try PictureRecordsTests.areWhole(Data(contentsOf: folder.file("boxes.jsonl")))))
  }

  @Test func anOutputThatIsADrawingTooIsRefused() throws {
    try FileManager.default.createDirectory(at: folder.file("seen"), withIntermediateDirectories: true)
    let run = try ProgramRun(
      ["detect", "p1.png", "--model", "aerial-thermal", "--overlay", "seen", "-o", "seen/p1.jpg", "--overwrite"], in: folder.url)
    #expect(run.exitCode == 64 && run.errors.contains("seen/p1.jpg"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("seen/p1.jpg").path))
  }

  /// A drawing has another end than a PNG: only a picture of that very name would be lost.
  @Test func drawingsMayLieBesideTheirPicturesButReplaceNone() throws {
    let beside = ["detect", "p1.png", "--model", "aerial-thermal", "--overlay", ".", "-o", "-", "--overwrite"]
    #expect(try ProgramRun(beside, in: folder.url).exitCode == 0)
    let again = try ProgramRun(
      ["detect", "p1.jpg", "--model", "aerial-thermal", "--overlay", ".", "-o", "-", "--overwrite"], in: folder.url)
    #expect(again.exitCode == 73 && again.errors.contains("p1.jpg"), "\(again.errors)")
  }

  @Test func whatIsNoFileOfAPictureIsNamed() throws {
    #expect(mkfifo(folder.file("pipe.png").path, 0o600) == 0)
    let run = try ProgramRun(["detect", "pipe.png", "p1.png", "--model", "aerial-thermal"], in: folder.url)
    #expect(
      run.exitCode == 66 && run.lines.count == 1 && run.errors.contains("pipe.png: it is a pipe or a device"), "\(run.errors)")
  }

  @Test func aFolderThatIsAFileIsNoPlaceForDrawings() throws {
    let run = try ProgramRun(["detect", "p1.png", "--model", "aerial-thermal", "--overlay", "p2.png"], in: folder.url)
    #expect(run.exitCode == 73 && run.errors.contains("p2.png") && run.lines.isEmpty, "\(run.errors)")
  }

  @Test(
    .enabled(if: SharedNetworks.isPresent, SharedNetworks.message),
    arguments: [
      ["detect", "p1.png", "--model"], ["segment", "p1.png", "--model"], ["models", "info"],
      ["track", ".", "--fps", "1", "-q", "--detector"],
    ])
  func aNetworkOfAnotherKindIsNamed(words: [String]) throws {
    for name in ["unet_tiny/unet_tiny.onnx", "nanotrack/v3_backbone.onnx"] {
      let run = try ProgramRun(words + [SharedNetworks.path(name)], in: folder.url)
      #expect(run.exitCode == 65 && run.errors.contains(name), "\(run.errors)")
    }
  }
}
