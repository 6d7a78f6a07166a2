import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Odometry

@Suite struct PlaneMotionTests {
  /// Rays to points of a plane n·x = 1 from a camera and from another, whose map is R + t nᵀ.
  private func sights(_ motion: RigidTransform, _ normal: Vector3, _ random: inout TestRandom) -> (
    first: [Vector3], second: [Vector3]
  ) {
    var first: [Vector3] = [], second: [Vector3] = []
    for _ in 0..<80 {
      let ray = Vector3(random.uniform(-0.5, 0.5), random.uniform(-0.4, 0.4), 1)
      let seen = motion * (ray / normal.dot(ray))
      first.append(ray)
      second.append(seen / seen.z)
    }
    return (first, second)
  }

  @Test func oneReadingIsTheMotion() {
    var random = TestRandom(seed: 3)
    for _ in 0..<100 {
      func small(_ size: Double) -> Vector3 {
        Vector3(random.uniform(-size, size), random.uniform(-size, size), random.uniform(-size, size))
      }
      let motion = RigidTransform(rotationVector: small(0.2), translation: small(0.3))
      let tilted = Vector3(random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6), 1)
      let normal = tilted / tilted.length
      let (first, second) = sights(motion, normal, &random)
      // A map is known up to its scale and sign.
      let map = (motion.rotation + Matrix3(outer: motion.translation, normal)) * random.uniform(-3, -1)
      let readings = PlaneMotion.readings(of: map, first, second)
      #expect((1...2).contains(readings.count))
      let errors = readings.map {
        ($0.rotation - motion.rotation).frobeniusNorm + ($0.translation - motion.translation).length + ($0.normal - normal).length
      }
      #expect((errors.min() ?? 1) < 1e-7)
    }
  }

  @Test func aTurnHasNoReading() {
    var random = TestRandom(seed: 4)
    let turn = RigidTransform(rotationVector: Vector3(0.1, 0.2, -0.1), translation: .zero)
    let (first, second) = sights(turn, Vector3(0, 0, 1), &random)
    #expect(PlaneMotion.readings(of: turn.rotation, first, second).isEmpty)
  }

  @Test func theMapIsThatOfMostMatches() throws {
    var random = TestRandom(seed: 5)
    let motion = RigidTransform(rotationVector: Vector3(0.02, -0.03, 0.05), translation: Vector3(0.1, 0.02, -0.05))
    var (first, second) = sights(motion, Vector3(0.1, 0.2, 0.97), &random)
    for index in 0..<8 { second[index] = second[index] + Vector3(random.uniform(-0.05, 0.05), 0.03, 0) }
    let map = try #require(PlaneMotion.map(from: first, to: second, scale: 1e-3))
    for (ray, end) in zip(first, second).dropFirst(8) {
      let seen = map * ray
      #expect((seen / seen.z - end).length < 1e-4)
    }
    #expect(ModelScore.prefersPlane(map, to: motion, first, second, pixel: 1e-3))
    #expect(ModelScore.fits(map, first, second, within: 1e-3) == (0..<80).map { $0 >= 8 })
  }

  /// Ten metres above flat ground, looking down: the picture moves almost as if the camera turned.
  @Test func aCameraAboveFlatGroundKnowsItsPath() throws {
    let drive = SyntheticDrive()
    func pose(_ frame: Int) -> RigidTransform {
      let t = Double(frame)
      return RigidTransform(
        rotationVector: Vector3(0.01 * sin(t / 3), 0.008 * cos(t / 4), 0.004 * t),
        translation: Vector3(0.25 * t, 0.05 * sin(t / 2), -0.03 * t))
    }
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera))
    let truth = (0..<30).map { pose(0).relative(to: pose($0)) }
    for frame in 0..<30 { try odometry.add(left: drive.floor(pose(frame), depth: 10), right: nil) }
    let poses = odometry.poses
    #expect(poses.allSatisfy { $0.status == .tracked })
    let scale = truth[29].translation.length / poses[29].worldFromCamera.translation.length
    for (pose, truth) in zip(poses, truth) {
      // One per cent of the path of 7 m, and two of these small pictures' pixels.
      #expect((pose.worldFromCamera.translation * scale - truth.translation).length < 0.07)
      #expect(truth.relative(to: pose.worldFromCamera).rotationAngle < 2 * drive.pixelAngle)
    }
  }

  /// Slanted and forward over ground with some heights: the plane's two readings both lie before the camera, and the first motion is seen in one step.
  @Test func aStepOverSlantedGroundIsReadByWhatRises() throws {
    let drive = SyntheticDrive(size: 2)
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera))
    func pose(_ frame: Int) -> RigidTransform {
      RigidTransform(rotationVector: Vector3(0.85, 0, 0), translation: Vector3(0, -0.5 * Double(frame), 0))
    }
    for frame in 0..<4 { try odometry.add(left: drive.ground(pose(frame), depth: 10), right: nil) }
    #expect(odometry.poses.allSatisfy { $0.status == .tracked })
    let way = pose(0).relative(to: pose(3)).translation
    let found = odometry.poses[3].worldFromCamera
    #expect(found.rotationAngle < 4 * drive.pixelAngle, "\(found.rotationAngle)")
    // Two degrees of a way of three steps.
    #expect(found.translation.dot(way) / (found.translation.length * way.length) > cos(2 * .pi / 180))
  }

  @Test func twoMotionsAreToldApartByChanceAlone() {
    #expect(ModelScore.likelier([23, 4]) == 0 && ModelScore.likelier([4, 52]) == 1)
    #expect(ModelScore.likelier([0, 0]) == nil && ModelScore.likelier([20, 7]) == nil && ModelScore.likelier([0, 9]) == nil)
    #expect(ModelScore.likelier([0, 10]) == 1)
  }
}
