import Foundation
import Geometry
import Reports
import TestSupport
import Testing

@testable import TrajectoryEvaluation

@Suite struct TrajectoryComparisonTests {
  struct Stored: Decodable {
    var truth: [[Double]]
    var result: [[Double]]
    var pairs: Int
    var figures: [String: [String: Double]]

    static func trajectory(_ rows: [[Double]]) -> Trajectory {
      Trajectory(
        poses: rows.map {
          RigidTransform(
            quaternion: Quaternion(x: $0[4], y: $0[5], z: $0[6], w: $0[7]), translation: Vector3($0[1], $0[2], $0[3]))
        }, times: rows.map { $0[0] })
    }
  }

  private func expect(_ errors: [Double], are figures: [String: Double], _ name: String) throws {
    let s = try #require(ErrorStatistics(errors))
    #expect(Double(s.count) == figures["count"], "\(name)")
    for (key, value) in [
      ("rmse", s.rootMeanSquare), ("mean", s.mean), ("median", s.median), ("std", s.standardDeviation),
      ("min", s.minimum), ("max", s.maximum), ("sse", s.sumOfSquares),
    ] {
      let expected = try #require(figures[key])
      #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)), "\(name) \(key)")
    }
  }

  // evo 1.38 on a wandering path with a drifting, scaled, turned estimate at other stamps.
  @Test func agreesWithEvoInEveryAlignmentRelationAndDelta() throws {
    let stored = try StoredFixture.load("trajectory.json", as: Stored.self)
    let truth = Stored.trajectory(stored.truth)
    let result = Stored.trajectory(stored.result)
    var compared = 0
    for (name, figures) in stored.figures {
      let words = name.split(separator: " ").map(String.init)
      let relation = try #require(PoseRelation(rawValue: words[1]))
      var settings = TrajectoryComparison.Settings()
      if words[0] == "APE" {
        settings.alignment = try #require(TrajectoryAlignment(rawValue: words[2].hasPrefix("se3") ? "se3" : words[2]))
        settings.alignedPoses = words[2] == "se3_n30" ? 30 : nil
        let comparison = try TrajectoryComparison(truth: truth, result: result, settings: settings)
        #expect(comparison.truth.count == stored.pairs)
        try expect(comparison.absoluteErrors(relation), are: figures, name)
      } else {
        let delta = PoseDelta(
          try #require(Double(words[2])), try #require(PoseDelta.Unit(rawValue: words[3])), allPairs: words[4] == "all")
        let comparison = try TrajectoryComparison(truth: truth, result: result)
        try expect(
          comparison.relativeErrors(relation, delta: delta, pairsFromTruth: words[5] == "truth"), are: figures, name)
      }
      compared += 1
    }
    #expect(compared == 6 * 6 + 7 * 9 * 2)
  }

  // MARK: Laws

  private func wandering(_ count: Int, seed: UInt64 = 4) -> [RigidTransform] {
    var random = TestRandom(seed: seed)
    var pose = RigidTransform.identity
    return (0..<count).map { _ in
      let turn = Quaternion(x: random.uniform(-0.1, 0.1), y: random.uniform(-0.1, 0.1), z: random.uniform(-0.1, 0.1), w: 1)
      pose = pose * RigidTransform(quaternion: turn, translation: Vector3(random.uniform(-0.1, 0.1), 0.05, random.uniform(0.5, 1)))
      return pose
    }
  }

  @Test func alignmentUndoesASimilarityExactly() throws {
    let truth = wandering(50)
    let motion = RigidTransform(
      quaternion: Quaternion(x: 0.3, y: -0.2, z: 0.7, w: 0.4), translation: Vector3(10, -4, 2))
    let moved = truth.map { pose in
      let turned = motion * pose
      return RigidTransform(rotation: turned.rotation, translation: turned.translation * 2.5)
    }
    let aligned = try TrajectoryAlignment.similarity.apply(to: moved, truth: truth)
    #expect(abs(aligned.transform.scale - 0.4) < 1e-12)
    for relation in [PoseRelation.translation, .rotation, .full, .angleRadians] {
      let errors = try PoseError.absolute(truth: truth, result: aligned.poses, relation: relation)
      #expect(errors.allSatisfy { $0 < 1e-10 })
    }
    let rigid = truth.map { motion * $0 }
    #expect(try TrajectoryAlignment.rigid.apply(to: rigid, truth: truth).transform.scale == 1)
    for mode in [TrajectoryAlignment.rigid, .origin] {
      let poses = try mode.apply(to: rigid, truth: truth).poses
      let errors = try PoseError.absolute(truth: truth, result: poses, relation: .translation)
      #expect(errors.allSatisfy { $0 < 1e-10 })
    }
  }

  @Test func aPlanePathIsNotReflected() throws {
    let truth = (0..<40).map { index in
      RigidTransform(rotation: .identity, translation: Vector3(Double(index), 0, Double(index * index) / 20))
    }
    let mirrored = truth.map {
      RigidTransform(rotation: .identity, translation: Vector3(-$0.translation.x, 0, $0.translation.z))
    }
    let rotation = try TrajectoryAlignment.rigid.apply(to: mirrored, truth: truth).transform.rotation
    #expect(abs(rotation.determinant - 1) < 1e-12)
  }

  @Test func aStraightPathLeavesTheRotationOpen() {
    let line = (0..<10).map { RigidTransform(rotation: .identity, translation: Vector3(Double($0), 0, 0)) }
    #expect(throws: TrajectoryProblem.degenerateAlignment(pairs: 10)) {
      try TrajectoryAlignment.rigid.apply(to: line, truth: line)
    }
  }

  @Test func relativeErrorsDoNotSeeAMotionOfTheWholeResult() throws {
    let truth = wandering(60)
    let result = wandering(60, seed: 5)
    let motion = RigidTransform(quaternion: Quaternion(x: 0.1, y: 0.5, z: -0.2, w: 1), translation: Vector3(3, 1, -7))
    let pairs = try PoseDelta(5, .frames).pairs(of: result)
    let first = PoseError.relative(truth: truth, result: result, pairs: pairs, relation: .full)
    let second = PoseError.relative(truth: truth, result: result.map { motion * $0 }, pairs: pairs, relation: .full)
    #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func pairsByPathAreThoseOfANaiveTwin() throws {
    var random = TestRandom(seed: 6)
    for _ in 0..<30 {
      // Steps of 0 make plateaus, where the first of equals counts.
      let positions = (0..<60).reduce(into: [Vector3.zero]) { list, _ in
        list.append(list[list.count - 1] + Vector3(Double(random.index(below: 3)), 0, 0))
      }
      let poses = positions.map { RigidTransform(rotation: .identity, translation: $0) }
      let delta = PoseDelta(5, .metres, allPairs: true)
      var naive: [(Int, Int)] = []
      for i in 0..<(poses.count - 1) {
        let best = ((i + 1)..<poses.count).min {
          abs(positions[$0].x - positions[i].x - 5) < abs(positions[$1].x - positions[i].x - 5)
        }
        if let best, abs(positions[best].x - positions[i].x - 5) <= 0.5 { naive.append((i, best)) }
      }
      #expect(try delta.pairs(of: poses).map { [$0.0, $0.1] } == naive.map { [$0.0, $0.1] })
    }
  }

  // MARK: Refusals

  @Test func impossibleDeltasAreRefusedWithASentence() {
    let poses = wandering(10)
    for (value, unit) in [
      (0.0, PoseDelta.Unit.frames), (1.5, .frames), (-1, .metres), (.nan, .metres), (.infinity, .metres), (200, .degrees),
      (4, .radians),
    ] {
      #expect(throws: TrajectoryProblem.self) { try PoseDelta(value, unit).pairs(of: poses) }
    }
    #expect(throws: TrajectoryProblem.noPairs(delta: 10, unit: .frames, poses: 10)) {
      try PoseDelta(10, .frames).pairs(of: poses)
    }
  }

  @Test func unequalSidesAreRefusedWithASentence() {
    let timed = Trajectory(poses: wandering(3), times: [0, 1, 2])
    let untimed = Trajectory(poses: wandering(4))
    #expect(throws: TrajectoryProblem.onlyOneSideTimed(timedSide: "truth")) {
      try TrajectoryComparison(truth: timed, result: untimed)
    }
    #expect(throws: TrajectoryProblem.differentCounts(truth: 4, result: 3)) {
      try TrajectoryComparison(truth: untimed, result: Trajectory(poses: wandering(3)))
    }
    #expect(throws: TrajectoryProblem.empty(side: "result")) {
      try TrajectoryComparison(truth: untimed, result: Trajectory(poses: []))
    }
    let later = Trajectory(poses: wandering(3), times: [100, 101, 102])
    #expect(throws: TrajectoryProblem.noMatchingStamps(maximumDifference: 0.01, truth: 0...2, result: 100...102)) {
      try TrajectoryComparison(truth: timed, result: later)
    }
    var settings = TrajectoryComparison.Settings()
    settings.timeOffset = -100
    #expect(throws: Never.self) { try TrajectoryComparison(truth: timed, result: later, settings: settings) }
    #expect(throws: TrajectoryProblem.relationNeedsPairs(.pointDistanceRatio)) {
      try TrajectoryComparison(truth: timed, result: timed).absoluteErrors(.pointDistanceRatio)
    }
  }
}
