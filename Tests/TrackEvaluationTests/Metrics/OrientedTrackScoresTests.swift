import Foundation
import Geometry
import Records
import TestSupport
import Testing

@testable import TrackEvaluation

@Suite struct OrientedTrackScoresTests {
  private func corners(_ box: OrientedBox) -> String {
    box.corners.map { "\($0.x),\($0.y)" }.joined(separator: ",")
  }

  private func evaluate(truth: [OrientedBox], result: [OrientedBox]) throws -> TrackClassEvaluation {
    let scratch = try ScratchFolder()
    func text(_ boxes: [OrientedBox]) -> String {
      boxes.enumerated().map { "\($0 + 1),1,\(corners($1)),1,0,0\n" }.joined()
    }
    let files = try scratch.sequence(truth: text(truth), result: text(result))
    return try #require(try TrackEvaluator.evaluate(files, TrackEvaluationOptions()).classes.first)
  }

  private func turned(_ angles: [Double], width: Double = 60, height: Double = 20) -> [OrientedBox] {
    angles.map { OrientedBox(center: Point(200, 200), width: width, height: height, angle: $0) }
  }

  @Test func measuresTheAxisModuloHalfATurn() throws {
    let angles = (0..<30).map { 0.1 * Double($0) }
    // Half a turn more is the same axis; 0.05 is the error.
    let evaluation = try evaluate(truth: turned(angles), result: turned(angles.map { $0 + .pi + 0.05 }))
    #expect(evaluation.oriented.axisErrors.count == 30)
    #expect(evaluation.oriented.axisErrors.allSatisfy { abs($0 - 0.05) < 1e-9 })
    let jitter = try #require(evaluation.oriented.resultJitter)
    #expect(jitter < 1e-9)
  }

  @Test func leavesOutBoxesThatAreNearlySquare() throws {
    let evaluation = try evaluate(
      truth: turned([0, 0.1, 0.2], width: 25, height: 20), result: turned([0.3, 0.4, 0.5], width: 25, height: 20))
    #expect(evaluation.scores.clear?.truePositives == 3)
    #expect(evaluation.oriented.axisErrors.isEmpty)
  }

  /// The second difference of a + (−1)ⁿ e is ±4 e.
  @Test func measuresJitterAsTheSecondDifference() throws {
    let smooth = (0..<41).map { 0.02 * Double($0) }
    let shaken = smooth.enumerated().map { $1 + ($0 % 2 == 0 ? 0.01 : -0.01) }
    let evaluation = try evaluate(truth: turned(smooth), result: turned(shaken))
    #expect(abs(try #require(evaluation.oriented.resultJitter) - 0.04) < 1e-3)
    #expect(try #require(evaluation.oriented.truthJitter) < 1e-9)
  }

  @Test func knowsHonestCovariances() {
    var scores = OrientedTrackScores()
    // The quantiles of χ² with two degrees of freedom themselves.
    scores.squaredDistances = (0..<10_000).map { -2 * log(1 - (Double($0) + 0.5) / 10_000) }
    #expect(abs(scores.coverage(0.5)! - 0.5) < 1e-3)
    #expect(abs(scores.coverage(0.95)! - 0.95) < 1e-3)
    #expect(abs(scores.meanSquaredDistance! - 2) < 0.01)
    #expect(OrientedTrackScores().coverage(0.5) == nil)
  }

  @Test func readsHeadingsAndCovariancesFromAStream() throws {
    let scratch = try ScratchFolder()
    func stream(offset: Double, heading: Double) -> String {
      let header =
        "{\"record\":\"header\",\"schema\":\"sextant/1\",\"program\":\"t\",\"settings\":{},\"classes\":[\"object\"],\"seed\":0}\n"
      let frames = (0..<5).map { frame in
        "{\"record\":\"frame\",\"frame\":\(frame),\"time\":\(frame),\"tracks\":[{\"id\":1,\"class\":\"object\",\"state\":\"confirmed\",\"score\":0.9,\"existence\":0.99,\"box\":{\"cx\":\(100 + offset),\"cy\":50.0,\"w\":60.0,\"h\":20.0,\"angle\":0.1,\"angle_sd\":0.02},\"covariance\":[4.0,0.0,4.0],\"velocity\":[1.0,0.0],\"heading\":\(heading),\"speed\":1.0,\"observed\":true}]}\n"
      }
      return header + frames.joined() + "{\"record\":\"end\",\"frames\":5,\"dropped\":0,\"tracks\":1,\"status\":\"complete\"}\n"
    }
    let files = TrackSequenceFiles(
      name: "s", truth: try scratch.write(stream(offset: 0, heading: 0.1), to: "gt.ndjson"),
      result: try scratch.write(stream(offset: 2, heading: 3.1), to: "s.ndjson"))
    let part = try #require(try TrackEvaluator.evaluate(files, TrackEvaluationOptions()).classes.first)
    #expect(part.oriented.squaredDistances.count == 5)
    #expect(part.oriented.squaredDistances.allSatisfy { abs($0 - 1) < 1e-9 })
    #expect(part.oriented.headingErrors.allSatisfy { abs($0 - 3) < 1e-9 } && part.oriented.headingErrors.count == 5)
  }
}

@Suite struct TrackTimelineTests {
  @Test func joinsFramesWithTheSameResult() throws {
    let truth = TrackIdentities(frames: [[7], [7], [7], [], [7], [7, 9]])
    let result = TrackIdentities(frames: [[1], [1], [2], [2], [], [2]])
    var timelines = TrackTimelines(truth: truth)
    timelines.add(truth: 0, resultID: 0)
    timelines.add(truth: 1, resultID: 0)
    timelines.add(truth: 2, resultID: 1)
    let lines = timelines.finished(result: result)
    #expect(lines.map(\.truthID) == [7, 9])
    #expect(lines[0].runs.map(\.frames) == [0...1, 2...2, 4...5])
    #expect(lines[0].runs.map(\.resultID) == [1, 2, nil])
  }
}
