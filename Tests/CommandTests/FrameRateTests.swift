import Foundation
import Testing

/// Times of inputs that carry none.
@Suite(.enabled(if: SharedCases.isPresent, "needs ../shared/cases")) struct FrameRateTests {
  private func times(_ run: ProgramRun) -> [Double] {
    run.lines.filter { $0.hasPrefix("{\"record\":\"frame\"") }.compactMap { line in
      line.range(of: "\"time\":").flatMap { Double(line[$0.upperBound...].prefix { $0.isNumber || $0 == "." }) }
    }
  }

  /// Pictures a tenth of a second apart, as many as the file has starts of JPEG pictures (FF D8 FF).
  @Test func theGivenRateHoldsForABareStream() throws {
    let clip = SharedCases.folder.appendingPathComponent("video/cam.mjpeg").path
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: clip)))
    let pictures = bytes.indices.dropLast(2).count { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD8 && bytes[$0 + 2] == 0xFF }
    let given = try ProgramRun(["track", clip, "--fps", "10"])
    #expect(given.exitCode == 0 && times(given).count == pictures, "\(given.errors)")
    #expect(abs((times(given).last ?? 0) - Double(pictures - 1) / 10) < 1e-6)
    #expect(!given.output.contains("frame_rate_assumed"))
    let assumed = try ProgramRun(["track", clip])
    #expect(assumed.errors.contains("25 frames per second are assumed"))
    #expect(assumed.lines.first?.contains("\"frame_rate_assumed\":true") == true)
  }

  @Test func theRateOfASequenceFileHoldsForAFolderOfPictures() throws {
    let folder = try TemporaryFolder()
    let pictures = SharedCases.folder.appendingPathComponent("thermal16")
    try FileManager.default.copyItem(at: pictures, to: folder.file("img1"))
    let assumed = try ProgramRun(["track", folder.file("img1").path])
    #expect(assumed.lines.first?.contains("\"frame_rate_assumed\":true") == true, "\(assumed.errors)")
    _ = try folder.write("[Sequence]\nframeRate=10\n", "seqinfo.ini")
    let told = try ProgramRun(["track", folder.file("img1").path])
    #expect(!told.errors.contains("assumed") && abs((times(told).dropFirst().first ?? 0) - 0.1) < 1e-9, "\(told.errors)")
    #expect(!told.output.contains("frame_rate_assumed"))
  }

  /// Two recordings of thirty pictures of a thirtieth second, one behind the other in one file, both stamped from 0.
  @Test func timeThatJumpsBackIsAnEventAndGoesOn() throws {
    let run = try ProgramRun(["track", SharedCases.folder.appendingPathComponent("video/twice.ts").path])
    let shown = times(run)
    #expect(shown.count == 60 && abs((shown.last ?? 0) - 59.0 / 30) < 1e-3, "\(run.errors)")
    #expect(run.lines.count { $0.contains("the time stamps start anew") } == 1)
  }

  @Test func aRateForAVideoWithTimesIsSaidToHaveNoEffect() throws {
    let run = try ProgramRun([
      "track", SharedCases.folder.appendingPathComponent("video/base.mp4").path, "--fps", "10", "--max-frames", "2",
    ])
    #expect(run.exitCode == 0 && run.errors.contains("no effect"))
  }
}

/// The small inputs beside the project, where they are there.
enum SharedCases {
  static let folder = SharedData.folder.deletingLastPathComponent().appendingPathComponent("cases")
  static let isPresent = FileManager.default.fileExists(atPath: folder.appendingPathComponent("video/cam.mjpeg").path)
}
