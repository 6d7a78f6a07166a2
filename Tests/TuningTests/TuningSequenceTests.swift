import Foundation
import Geometry
import Pipeline
import Records
import Testing
import TrackEvaluation
import Tracking

@testable import Tuning

@Suite struct TuningSequenceTests {
  private let scene: TuningScene
  private let files: (truth: String, stream: String, plain: String)
  private let metrics = Set(TrackMetric.allCases)

  init() throws {
    scene = try TuningScene()
    files = try scene.swinging()
  }

  private func scores(detections: String, camera: String? = nil) throws -> TrackScores {
    let files = TuningFiles(name: "s", truth: files.truth, detections: detections, camera: camera)
    return try TuningSequence(files, className: nil, framesPerSecond: 10).scores(TrackerSettings(), metrics: metrics)
  }

  @Test func seesTheCameraMotionsOfAStream() throws {
    let moved = try #require(scores(detections: files.stream).value(of: "HOTA"))
    let still = try #require(scores(detections: files.plain).value(of: "HOTA"))
    #expect(moved > 0.9 && moved > still + 0.05, "\(moved) with and \(still) without the motions")
    let beside = try #require(scores(detections: files.plain, camera: files.stream).value(of: "HOTA"))
    #expect(abs(beside - moved) < 1e-9)
  }

  /// The scores of a search are those of the tracks that the command would write for the same detections.
  @Test(arguments: [true, false]) func scoresWhatTrackWouldWrite(isStream: Bool) throws {
    let detections = isStream ? files.stream : files.plain
    let output = scene.folder.appendingPathComponent("tracks.ndjson").path
    var request = TrackRequest(input: nil, detector: .file(detections), outputs: TrackOutputs(stream: output), program: "test")
    request.framesPerSecond = 10
    _ = try TrackingRun(request: request, cancellation: Cancellation(), timings: StageTimings()).run { _ in }
    let written = try TrackResultEvaluation.run(name: "r", truth: files.truth, result: output, TrackEvaluationOptions()).combined(
      nil)
    let searched = try scores(detections: detections)
    for name in ["HOTA", "DetA", "AssA", "MOTA", "IDF1"] {
      // The stream rounds positions to hundredths of a pixel.
      #expect(abs(try #require(written.value(of: name)) - #require(searched.value(of: name))) < 2e-3, "\(name)")
    }
    #expect(written.clear?.identitySwitches == searched.clear?.identitySwitches)
  }

  @Test func framesThatAStreamLeavesOutStayEmpty() throws {
    let lines = try String(contentsOfFile: files.stream, encoding: .utf8).split(separator: "\n")
    let kept = lines.filter { line in !(10...12).contains { line.contains("\"frame\":\($0),") } }
    let gapped = try scene.write(kept.joined(separator: "\n") + "\n", to: "gapped.ndjson")
    let clear = try #require(scores(detections: gapped).clear)
    // Three frames of four objects, and those that the swings of the camera in the gap cost.
    #expect(clear.falseNegatives >= 12 && clear.truePositives >= 80)
    #expect(clear.truePositives + clear.falseNegatives == 120)
  }

  @Test func refusesAStreamWhoseFramesGoBack() throws {
    let lines = try String(contentsOfFile: files.stream, encoding: .utf8).split(separator: "\n").map(String.init)
    let turned = try scene.write(([lines[0], lines[5]] + lines[1...4]).joined(separator: "\n") + "\n", to: "turned.ndjson")
    #expect(throws: RecordsError.self) { try scores(detections: files.plain, camera: turned) }
    #expect(throws: RecordsError.self) { try scores(detections: files.plain, camera: files.truth) }
  }
}
