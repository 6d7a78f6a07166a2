import Foundation
import Records
import Reports
import TestSupport
import Testing

@testable import TrackEvaluation

/// Files as people have them: what is wrong is named, what is odd is told.
@Suite struct TrackInputTests {
  private func rows(frames: ClosedRange<Int>, ids: ClosedRange<Int> = 1...3, offset: Int = 0, scale: Double = 1) -> String {
    frames.map { frame in
      ids.map { id in
        let left = scale * Double(100 * id + 8 * frame)
        return "\(frame + offset),\(id),\(left),\(scale * 50),\(scale * 40),\(scale * 80),1,-1,-1,-1\n"
      }.joined()
    }.joined()
  }

  private func evaluate(_ truth: String, _ result: String, _ change: (inout TrackEvaluationOptions) -> Void = { _ in }) throws
    -> TrackSequenceEvaluation
  {
    let scratch = try ScratchFolder()
    let files = try scratch.sequence(truth: truth, result: result)
    var options = TrackEvaluationOptions()
    change(&options)
    return try TrackEvaluator.evaluate(files, options)
  }

  @Test func anEmptyResultScoresZero() throws {
    let evaluation = try evaluate(rows(frames: 1...20), "")
    let scores = try #require(evaluation.classes.first).scores
    #expect(scores.value(of: "HOTA") == 0 && scores.value(of: "MOTA") == 0 && scores.value(of: "IDF1") == 0)
    #expect(scores.clear?.falseNegatives == 60 && scores.identity?.falseNegatives == 60)
    #expect(evaluation.warnings.contains { $0.contains("has no boxes") })
  }

  @Test func refusesAFileWithOnlyALineFeed() {
    #expect(throws: RecordsError.self) { try evaluate(rows(frames: 1...3), "\n") }
  }

  @Test func tellsACauseOfBadLinesOnceWithItsCount() throws {
    let bad = rows(frames: 1...4) + String(repeating: "1,2,x\n", count: 14) + "5,1,nan,1,1,1,1,-1,-1,-1\n"
    do {
      _ = try evaluate(rows(frames: 1...4), bad)
      Issue.record("bad lines were taken")
    } catch let error as RecordsError {
      #expect("\(error)".contains("s.txt") && "\(error)".contains("15 bad lines") && "\(error)".contains("in 13 more lines"))
    }
  }

  /// Swapped columns make few frames of very many boxes; one with ten thousand on either side can still be compared.
  @Test func refusesAFrameWithMoreBoxesThanCanBeCompared() throws {
    let swapped = (1...10_001).map { "7,\($0),\(3 * $0),0,2,2,1,-1,-1,-1\n" }.joined()
    let error = #expect(throws: EvaluationError.self) { try evaluate(swapped, swapped) }
    #expect("\(try #require(error))".contains("frame 7 of s has 10001 boxes in the truth and 10001 in the result"))
    #expect(try evaluate(swapped, rows(frames: 7...7)).classes[0].scores.truthBoxes == 10_001)
  }

  @Test func emptyFramesInBetweenChangeNoScore() throws {
    let (near, far) = (rows(frames: 1...4) + rows(frames: 5...6), rows(frames: 1...4) + rows(frames: 5...6, offset: 3_000_000))
    let (apart, together) = (try evaluate(far, far), try evaluate(near, near))
    #expect(apart.frames == 3_000_006)
    #expect(apart.classes[0].scores.hota == together.classes[0].scores.hota)
    #expect(apart.classes[0].scores.identity == together.classes[0].scores.identity)
    #expect(apart.classes[0].scores.clear?.truePositives == 18)
  }

  @Test func refusesAnIDTwiceInAFrame() throws {
    do {
      _ = try evaluate(rows(frames: 1...4), rows(frames: 1...4) + "3,2,0,0,5,5,1,-1,-1,-1\n")
      Issue.record("a duplicate was taken")
    } catch let error as EvaluationError {
      #expect("\(error)".contains("s.txt: frame 3 has the id 2 twice"))
    }
    #expect(throws: EvaluationError.self) { try evaluate(rows(frames: 1...4) + "3,2,0,0,5,5,1,-1,-1,-1\n", rows(frames: 1...4)) }
  }

  @Test func refusesDetectionsInPlaceOfTracks() {
    #expect(throws: EvaluationError.self) { try evaluate(rows(frames: 1...4), "1,-1,0,0,5,5,1,-1,-1,-1\n") }
  }

  @Test func tellsFramesThatCountFromAnotherNumber() throws {
    let evaluation = try evaluate(rows(frames: 1...40), rows(frames: 1...40, offset: 1))
    #expect(evaluation.warnings.contains { $0.contains("from 0 and the other from 1") })
    #expect(try evaluate(rows(frames: 1...40), rows(frames: 1...40)).warnings.isEmpty)
  }

  @Test func takesAMOTFileThatCountsFromZeroAndSaysSo() throws {
    let evaluation = try evaluate(rows(frames: 1...40), rows(frames: 1...40, offset: -1))
    #expect(evaluation.classes[0].scores.value(of: "HOTA") == 1)
    #expect(evaluation.warnings.contains { $0.contains("begin at 0") })
  }

  @Test func tellsPicturesOfAnotherSize() throws {
    let evaluation = try evaluate(rows(frames: 1...40), rows(frames: 1...40, scale: 2))
    #expect(evaluation.warnings.contains { $0.contains("pictures of the same size") })
  }

  @Test func tellsFramesThatTheResultLacks() throws {
    let evaluation = try evaluate(rows(frames: 1...40), rows(frames: 1...30))
    #expect(evaluation.warnings.contains { $0.contains("no boxes in 10 of 40 frames with truth (the first is 31)") })
    let longer = try evaluate(rows(frames: 1...30), rows(frames: 1...40))
    #expect(longer.warnings.contains { $0.contains("30 boxes after the truth's last frame 30") })
    let limited = try evaluate(rows(frames: 1...30), rows(frames: 1...40)) { $0.frames = 1...30 }
    #expect(limited.classes[0].scores.value(of: "HOTA") == 1)
  }

  @Test func theOrderOfLinesIsFree() throws {
    let sorted = rows(frames: 1...40)
    let shuffled = sorted.split(separator: "\n").reversed().map { $0 + "\n" }.joined()
    #expect(try evaluate(sorted, shuffled).classes[0].scores == evaluate(sorted, sorted).classes[0].scores)
  }

  @Test func namesWhatIsMissing() throws {
    let scratch = try ScratchFolder()
    try scratch.write(rows(frames: 1...3), to: "truth/A/gt/gt.txt")
    try scratch.write(rows(frames: 1...3), to: "truth/B/gt/gt.txt")
    try scratch.write(rows(frames: 1...3), to: "result/A.txt")
    try scratch.write(rows(frames: 1...3), to: "result/C.txt")
    let root = scratch.url.path
    do {
      _ = try TrackLayout.sequences(truth: root + "/truth", result: root + "/result", choice: SequenceChoice(isStrict: true))
      Issue.record("a missing result was passed over")
    } catch {
      #expect("\(error)".contains("the result of sequence B in") && "\(error)".contains("B.txt"))
    }
    let lacking = try TrackLayout.sequences(truth: root + "/truth", result: root + "/result")
    #expect(lacking.sequences.map(\.hasResult) == [true, false])
    #expect(lacking.warnings.first == "\(root)/result has no file of sequence B; it counts as empty")
    try scratch.write("", to: "result/B.txt")
    let layout = try TrackLayout.sequences(truth: root + "/truth", result: root + "/result")
    #expect(layout.sequences.map(\.name) == ["A", "B"])
    #expect(layout.warnings.count == 1 && layout.warnings[0].contains("C.txt belongs to no sequence"))
    #expect(throws: EvaluationError.self) { try TrackLayout.sequences(truth: root + "/nowhere", result: root) }
    #expect(throws: EvaluationError.self) { try TrackLayout.sequences(truth: root + "/truth", result: root + "/result/A.txt") }
  }

  @Test func refusesAClassThatNobodyHas() throws {
    let scratch = try ScratchFolder()
    let row = "0 1 Car 0 0 0 10 10 60 60 1 1 1 0 0 0 0\n"
    let truth = try scratch.write(row, to: "truth/a.txt")
    try scratch.write(row, to: "result/a.txt")
    var options = TrackEvaluationOptions()
    options.classes = ["pedestrian"]
    #expect(throws: EvaluationError.self) {
      try TrackResultEvaluation.run(name: "r", truth: truth, result: scratch.url.path + "/result", options)
    }
    options.classes = ["car"]
    let evaluation = try TrackResultEvaluation.run(name: "r", truth: truth, result: scratch.url.path + "/result", options)
    #expect(evaluation.combined("car").value(of: "HOTA") == 1)
  }
}
