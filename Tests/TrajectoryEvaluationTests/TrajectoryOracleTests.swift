import Foundation
import Geometry
import Records
import Reports
import TestSupport
import Testing

@testable import TrajectoryEvaluation

/// The figures of evo on real trajectories: the README of `trajectories` and `oracle-evo.json` of `kitti-tracking`.
@Suite(.enabled(if: SharedData.isPresent, SharedData.message)) struct TrajectoryOracleTests {
  private func load(_ name: String) throws -> Trajectory {
    try TrajectoryFiles.read(SharedData.path("trajectories/\(name).gz"), side: "test").trajectory
  }

  private func rootMeanSquare(
    _ truth: String, _ result: String, _ alignment: TrajectoryAlignment, _ relation: PoseRelation = .translation
  ) throws -> (value: Double, comparison: TrajectoryComparison) {
    var settings = TrajectoryComparison.Settings()
    settings.alignment = alignment
    let comparison = try TrajectoryComparison(truth: load(truth), result: load(result), settings: settings)
    let statistics = try #require(ErrorStatistics(comparison.absoluteErrors(relation)))
    return (statistics.rootMeanSquare, comparison)
  }

  // Rows of the README: unaligned, SE(3), Sim(3), scale (nil where the table has none), number of pairs.
  @Test(
    arguments: [
      ("freiburg1_xyz-groundtruth.txt", "freiburg1_xyz-rgbdslam.txt", [0.020079, 0.013470, 0.013389], 1.008001, 785),
      ("freiburg1_xyz-groundtruth.txt", "freiburg1_xyz-rgbdslam_drift.txt", [0.134185, 0.013470, 0.013389], nil, 785),
      ("freiburg1_xyz-groundtruth.txt", "freiburg1_xyz-ORB_kf_mono.txt", [2.025142, 0.024302, 0.009755], 1.105622, 32),
      ("KITTI_00_gt.txt", "KITTI_00_ORB.txt", [7.790289, 1.303450, 0.937709], 1.004698, 4541),
      ("KITTI_00_gt.txt", "KITTI_00_SPTAM.txt", [9.224542, 3.738488, 3.635294], 1.004527, 4541),
      ("V102_groundtruth.csv", "V102.txt", [2.554174, 0.091727, 0.083841], 0.979698, 798),
    ] as [(String, String, [Double], Double?, Int)])
  func absoluteErrorsAreThoseOfTheReadme(
    truth: String, result: String, figures: [Double], scale: Double?, pairs: Int
  ) throws {
    for (alignment, expected) in zip([TrajectoryAlignment.none, .rigid, .similarity], figures) {
      let found = try rootMeanSquare(truth, result, alignment)
      // The README's figures have six decimals.
      #expect(abs(found.value - expected) < 1.5e-6)
      #expect(found.comparison.truth.count == pairs)
      if alignment == .similarity, let scale { #expect(abs(found.comparison.transform.scale - scale) < 1e-6) }
    }
  }

  @Test func scaleAnglesAndRelativeErrorsAreThoseOfTheReadme() throws {
    #expect(abs(try rootMeanSquare("KITTI_00_gt.txt", "KITTI_00_ORB.txt", .scale).value - 7.380186) < 1e-6)
    #expect(abs(try rootMeanSquare("KITTI_00_gt.txt", "KITTI_00_ORB.txt", .rigid, .angleDegrees).value - 0.756301) < 1e-6)
    let kitti = try TrajectoryComparison(truth: load("KITTI_00_gt.txt"), result: load("KITTI_00_ORB.txt"))
    func relative(_ comparison: TrajectoryComparison, _ relation: PoseRelation, _ delta: PoseDelta) throws -> ErrorStatistics {
      try #require(ErrorStatistics(comparison.relativeErrors(relation, delta: delta)))
    }
    let step = try relative(kitti, .translation, PoseDelta(1, .frames))
    #expect(abs(step.rootMeanSquare - 0.028120) < 1e-6 && abs(step.mean - 0.019301) < 1e-6 && abs(step.maximum - 0.302712) < 1e-6)
    #expect(abs(try relative(kitti, .translation, PoseDelta(100, .metres)).rootMeanSquare - 1.193976) < 1e-6)
    let all = PoseDelta(100, .metres, allPairs: true)
    #expect(abs(try relative(kitti, .translation, all).rootMeanSquare - 1.254830) < 1e-6)
    #expect(abs(try relative(kitti, .angleDegrees, all).rootMeanSquare - 0.896943) < 1e-6)
    let indoor = try TrajectoryComparison(
      truth: load("freiburg1_xyz-groundtruth.txt"), result: load("freiburg1_xyz-rgbdslam.txt"))
    #expect(abs(try relative(indoor, .translation, PoseDelta(1, .frames)).rootMeanSquare - 0.005764) < 1e-6)
    #expect(abs(try relative(indoor, .angleDegrees, PoseDelta(1, .frames)).rootMeanSquare - 0.353613) < 1e-6)
  }

  @Test func aRigidMotionOfTheResultIsNotSeenAfterAlignment() throws {
    for alignment in [TrajectoryAlignment.rigid, .similarity] {
      let plain = try rootMeanSquare("freiburg1_xyz-groundtruth.txt", "freiburg1_xyz-rgbdslam.txt", alignment)
      let moved = try rootMeanSquare("freiburg1_xyz-groundtruth.txt", "freiburg1_xyz-rgbdslam_drift.txt", alignment)
      #expect(abs(plain.value - moved.value) < 1e-6)
    }
  }

  // MARK: oracle-evo.json

  /// The oracle's reference and estimate, made from the poses of sequence 0001 turned, scaled and shaken by fixed formulas.
  private func drive() throws -> (truth: [RigidTransform], result: [RigidTransform]) {
    let read = try TrajectoryFiles.read(SharedData.path("kitti-tracking/poses/0001.txt.gz"), side: "test").trajectory
    let truth = read.poses.map { RigidTransform(rotation: $0.rotation.nearestRotation, translation: $0.translation) }
    let (c, s) = (cos(0.3), sin(0.3))
    let turn = Matrix3(rows: Vector3(c, 0, s), Vector3(0, 1, 0), Vector3(-s, 0, c))
    let result = truth.enumerated().map { index, pose -> RigidTransform in
      let i = Double(index)
      let roll = 0.01 * sin(i / 5)
      let wobble = Matrix3(rows: Vector3(cos(roll), -sin(roll), 0), Vector3(sin(roll), cos(roll), 0), Vector3(0, 0, 1))
      let drift = Vector3(0.05 * sin(i / 10), 0, 0.03 * cos(i / 7))
      return RigidTransform(
        rotation: turn * pose.rotation * wobble, translation: turn * (pose.translation * 1.02 + drift) + Vector3(5, -1, 2))
    }
    return (truth, result)
  }

  @Test func everyFigureOfTheDriveIsEvos() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: SharedData.path("kitti-tracking/oracle-evo.json")))
    let figures = try JSONDecoder().decode([String: [String: Double]].self, from: data)
    let (truth, result) = try drive()
    #expect(truth.count == 447)
    for (name, expected) in figures {
      let words = name.split(separator: " ").map(String.init)
      let relation = try #require(PoseRelation(rawValue: words[1]))
      let errors: [Double]
      if words[0] == "APE" {
        let alignment = try #require(TrajectoryAlignment(rawValue: words[2] == "se3_n100" ? "se3" : words[2]))
        let moved = try alignment.apply(to: result, truth: truth, firstPoses: words[2] == "se3_n100" ? 100 : nil)
        errors = try PoseError.absolute(truth: truth, result: moved.poses, relation: relation)
      } else {
        let parts = words[2].split(separator: "_")
        let number = parts[0].prefix { $0.isNumber }
        let units: [Substring: PoseDelta.Unit] = ["f": .frames, "m": .metres, "deg": .degrees]
        let unit = try #require(units[parts[0].dropFirst(number.count)])
        let delta = PoseDelta(try #require(Double(number)), unit, allPairs: parts.last == "all")
        let pairs = try delta.pairs(of: parts.last == "ref" ? truth : result)
        errors = PoseError.relative(truth: truth, result: result, pairs: pairs, relation: relation)
      }
      let s = try #require(ErrorStatistics(errors))
      #expect(Double(s.count) == expected["n"], "\(name)")
      for (key, value) in [
        ("rmse", s.rootMeanSquare), ("mean", s.mean), ("median", s.median), ("std", s.standardDeviation), ("min", s.minimum),
        ("max", s.maximum), ("sse", s.sumOfSquares),
      ] {
        guard let figure = expected[key] else { continue }
        #expect(abs(value - figure) <= 1e-6 * max(1, abs(figure)), "\(name) \(key)")
      }
    }
    #expect(figures.count == 54)
  }
}
