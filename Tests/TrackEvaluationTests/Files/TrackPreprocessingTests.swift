import Records
import Reports
import TestSupport
import Testing

@testable import TrackEvaluation

/// What the benchmarks' rules leave out, on scenes whose counts are known by construction.
@Suite struct TrackPreprocessingTests {
  private func box(_ frame: Int, _ id: Int, _ left: Int, _ top: Int, isTruth: Bool = false) -> String {
    "\(frame),\(id),\(left),\(top),40,80,1,\(isTruth ? "1,1" : "-1,-1,-1")\n"
  }

  /// In each of ten frames: a found object outside of the region, a found one within, a false box outside and a false one within.
  @Test(arguments: TrackPreprocessing.allCases) func regionsAreIgnoredUnderEveryRule(rule: TrackPreprocessing) throws {
    let frames = 1...10
    let scratch = try ScratchFolder()
    var files = try scratch.sequence(
      truth: frames.map { box($0, 1, 10, 10, isTruth: true) + box($0, 2, 600, 50, isTruth: true) }.joined(),
      result: frames.map { box($0, 1, 10, 10) + box($0, 2, 600, 50) + box($0, 8, 300, 300) + box($0, 9, 520, 20) }.joined())
    var options = TrackEvaluationOptions()
    options.preprocessing = rule
    options.classes = ["pedestrian"]
    let without = try #require(TrackEvaluator.evaluate(files, options).classes.first?.scores.clear)
    #expect(without.truePositives == 20 && without.falseNegatives == 0 && without.falsePositives == 20)
    files.ignored = try scratch.write(frames.map { "\($0),-1,500,0,200,200,1,-1,-1,-1\n" }.joined(), to: "regions.txt")
    let with = try #require(TrackEvaluator.evaluate(files, options).classes.first?.scores.clear)
    #expect(with.truePositives == 20 && with.falseNegatives == 0 && with.falsePositives == 10)
  }

  /// A row of KITTI's: a car on the ground at x, with a box in the picture of the given height or none.
  private func car(
    _ frame: Int, _ id: Int, type: String = "Car", occluded: Int = 0, left: Int = 0, height: Int?, x: Double
  ) -> String {
    let picture = height.map { "\(left) 100 \(left + 80) \(100 + $0)" } ?? "-1 -1 -1 -1"
    return "\(frame) \(id) \(type) 0 \(occluded) 0 \(picture) 1.5 2 4 \(x) 1.5 20 0\n"
  }

  private func birdsEye(truth: String, result: String) throws -> CLEARScores {
    let scratch = try ScratchFolder()
    var options = TrackEvaluationOptions()
    options.similarity = .birdsEye
    options.preprocessing = .kitti
    options.classes = ["car"]
    let files = try scratch.sequence(truth: truth, result: result)
    return try #require(TrackEvaluator.evaluate(files, options).classes.first?.scores.clear)
  }

  @Test func truthWithoutABoxInThePictureIsNeverTooHidden() throws {
    let frames = 0..<5
    let hidden = frames.map { car($0, 1, occluded: 3, left: 100, height: 60, x: 0) }.joined()
    let flat = frames.map { car($0, 2, occluded: 3, height: nil, x: 30) }.joined()
    let result = frames.map { car($0, 1, left: 100, height: 60, x: 0) + car($0, 2, height: nil, x: 30) }.joined()
    let scores = try birdsEye(truth: hidden + flat, result: result)
    // The hidden car and its result are left out; the other, which nothing is known to hide, counts.
    #expect(scores.truePositives == 5 && scores.falseNegatives == 0 && scores.falsePositives == 0)
  }

  @Test func resultsWithoutABoxInThePictureAreNeverTooLow() throws {
    let frames = 0..<5
    let truth = frames.map { car($0, 1, left: 100, height: 60, x: 0) }.joined()
    let low = frames.map { car($0, 1, left: 100, height: 60, x: 0) + car($0, 7, left: 500, height: 20, x: 60) }.joined()
    #expect(try birdsEye(truth: truth, result: low).falsePositives == 0)
    let flat = frames.map { car($0, 1, left: 100, height: 60, x: 0) + car($0, 7, height: nil, x: 60) }.joined()
    let scores = try birdsEye(truth: truth, result: flat)
    #expect(scores.truePositives == 5 && scores.falsePositives == 5)
  }

  @Test func aResultOnAVanIsLeftOutAlsoWithoutABoxInThePicture() throws {
    let frames = 0..<5
    let truth = frames.map { car($0, 1, left: 100, height: 60, x: 0) + car($0, 2, type: "Van", height: nil, x: 30) }.joined()
    let result = frames.map { car($0, 1, left: 100, height: 60, x: 0) + car($0, 2, height: nil, x: 30) }.joined()
    let scores = try birdsEye(truth: truth, result: result)
    #expect(scores.truePositives == 5 && scores.falseNegatives == 0 && scores.falsePositives == 0)
  }

  // MARK: - Files of a folder

  @Test func aSequenceWithoutAResultCountsAsEmptyAndIsTold() throws {
    let scratch = try ScratchFolder()
    let rows = (1...10).map { box($0, 1, 10 * $0, 10, isTruth: true) }.joined()
    for name in ["A", "B", "C"] { try scratch.write(rows, to: "truth/\(name).txt") }
    for name in ["A", "C"] { try scratch.write(rows, to: "result/\(name).txt") }
    let (truth, result) = (scratch.url.path + "/truth", scratch.url.path + "/result")
    func run(_ choice: SequenceChoice) throws -> TrackResultEvaluation {
      try TrackResultEvaluation.run(name: "r", truth: truth, result: result, choice: choice, TrackEvaluationOptions())
    }
    let all = try run(SequenceChoice())
    #expect(all.warnings == ["\(result) has no file of sequence B; it counts as empty"])
    #expect(all.sequences.allSatisfy { $0.warnings.isEmpty })
    let scores = try #require(all.combined(all.classes[0]).clear)
    #expect(scores.truePositives == 20 && scores.falseNegatives == 10 && scores.falsePositives == 0)
    let chosen = try run(SequenceChoice(names: ["C", "A"], isStrict: true))
    #expect(chosen.sequences.map(\.name) == ["A", "C"] && chosen.warnings.isEmpty)
    #expect(throws: EvaluationError.self) { try run(SequenceChoice(isStrict: true)) }
    #expect(throws: EvaluationError.unknown(what: "sequence", name: "D", known: ["A", "B", "C"])) {
      try run(SequenceChoice(names: ["D"]))
    }
  }

  @Test func aSequenceWithoutRegionsIsTold() throws {
    let scratch = try ScratchFolder()
    let rows = (1...10).map { box($0, 1, 10 * $0, 10, isTruth: true) }.joined()
    for file in ["truth/A", "truth/B", "result/A", "result/B", "regions/A"] { try scratch.write(rows, to: file + ".txt") }
    let (truth, result, regions) = (scratch.url.path + "/truth", scratch.url.path + "/result", scratch.url.path + "/regions")
    let layout = try TrackLayout.sequences(truth: truth, result: result, ignored: regions)
    #expect(layout.warnings == ["\(regions) has no file of sequence B; no region is ignored in it"])
    #expect(throws: EvaluationError.self) {
      try TrackLayout.sequences(truth: truth, result: result, ignored: regions, choice: SequenceChoice(isStrict: true))
    }
  }
}
