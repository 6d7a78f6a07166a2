import Foundation
import TestSupport
import Testing

@testable import TrackEvaluation

/// Frames are told to people as the truth's own file counts them.
@Suite struct FrameNumberTests {
  /// Twenty frames of two separate objects in MOT's or KITTI's form, whose ids change places in the eleventh frame.
  private func rows(first: Int, isKITTI: Bool = false, switchedAt change: Int = .max, frames: Range<Int> = 0..<20) -> String {
    frames.map { index in
      (1...2).map { object in
        let id = index >= change ? 3 - object : object
        let left = 200 * object + 2 * index
        return isKITTI
          ? "\(first + index) \(id) Car 0 0 0 \(left) 50 \(left + 60) 110 1 1 1 0 0 0 0\n"
          : "\(first + index),\(id),\(left),50,60,60,1,-1,-1,-1\n"
      }.joined()
    }.joined()
  }

  private func evaluate(_ truth: String, _ result: String, frames: ClosedRange<Int>? = nil) throws -> TrackResultEvaluation {
    let scratch = try ScratchFolder()
    var options = TrackEvaluationOptions()
    options.frames = frames
    options.keepsTimelines = true
    return try TrackResultEvaluation.run(
      name: "r", truth: try scratch.write(truth, to: "gt.txt"), result: try scratch.write(result, to: "r.txt"), options)
  }

  /// The frames of the table that `--events` writes.
  private func eventFrames(_ evaluation: TrackResultEvaluation) -> [Int] {
    let lines = evaluation.eventTable.rendered(as: .csv).split(separator: "\n").dropFirst()
    return lines.compactMap { Int($0.split(separator: ",")[4]) }
  }

  @Test(arguments: [(0, 0, false), (0, 1, false), (1, 0, false), (1, 1, false), (0, 0, true)])
  func eventsHaveTheTruthsNumbers(truthFirst: Int, resultFirst: Int, isKITTI: Bool) throws {
    let evaluation = try evaluate(
      rows(first: truthFirst, isKITTI: isKITTI), rows(first: resultFirst, isKITTI: isKITTI, switchedAt: 10))
    #expect(eventFrames(evaluation) == [truthFirst + 10, truthFirst + 10])
    #expect(evaluation.jsonValue.json.contains("\"frame\":\(truthFirst + 10),"))
    let page = TrackReport(evaluations: [evaluation], metrics: [.hota]).html(program: "test")
    #expect(page.contains("frame \(truthFirst + 10): truth 1 goes from result 1 to 2"))
  }

  @Test(arguments: [(0, false), (1, false), (0, true)])
  func aRangeOfFramesIsInTheTruthsNumbers(first: Int, isKITTI: Bool) throws {
    let truth = rows(first: first, isKITTI: isKITTI)
    let result = rows(first: first, isKITTI: isKITTI, switchedAt: 10)
    let evaluation = try evaluate(truth, result, frames: 8...12)
    let sequence = evaluation.sequences[0]
    #expect(sequence.frames == 5 && sequence.firstFrame == 8 && sequence.skippedFrames == 8 - first)
    #expect(sequence.classes[0].scores.truthBoxes == 10)
    #expect(eventFrames(evaluation) == [first + 10, first + 10])
    // The picture asked for is that of the frame in the video, which counts from 0.
    var asked: [Int] = []
    var report = TrackReport(evaluations: [evaluation], metrics: [.hota])
    report.picture = { _, _, frame in
      asked.append(frame)
      return nil
    }
    _ = report.html(program: "test")
    #expect(Set(asked) == [10])
    let before = try evaluate(truth, result, frames: first...first + 9)
    #expect(eventFrames(before).isEmpty && before.sequences[0].classes[0].scores.value(of: "HOTA") == 1)
    #expect(try evaluate(truth, result, frames: 15...400).sequences[0].frames == 5 + first)
  }

  @Test(arguments: [0, 1]) func warningsHaveTheTruthsNumbers(first: Int) throws {
    let truth = rows(first: first)
    let gap = try evaluate(truth, rows(first: first, frames: 0..<5) + rows(first: first, frames: 9..<20))
    #expect(gap.sequences[0].warnings.contains { $0.contains("4 of 20 frames with truth (the first is \(first + 5))") })
    let long = try evaluate(rows(first: first, frames: 0..<15), truth)
    #expect(long.sequences[0].warnings.contains { $0.contains("after the truth's last frame \(first + 14)") })
  }

  @Test(arguments: [0, 1]) func refusalsHaveTheFilesOwnNumbers(first: Int) throws {
    let truth = rows(first: first)
    do {
      _ = try evaluate(truth, truth + "\(first + 4),2,0,0,5,5,1,-1,-1,-1\n")
      Issue.record("a duplicate was taken")
    } catch {
      #expect("\(error)".contains("frame \(first + 4) has the id 2 twice"))
    }
  }

  @Test func refusesARangeThatIsNowhere() throws {
    do {
      _ = try evaluate(rows(first: 1), rows(first: 1), frames: 100...200)
      Issue.record("frames that are not there were taken")
    } catch {
      #expect("\(error)".contains("the range of frames 100-200") && "\(error)".contains("has the frames 1-20"))
    }
  }
}
