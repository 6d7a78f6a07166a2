import Geometry
import Imaging
import TestSupport
import Testing

@testable import Odometry

@Suite struct KnownHeightTests {
  private let drive = SyntheticDrive()

  private func path(_ images: [Image]) throws -> VisualOdometry {
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera), keepsScene: true)
    for image in images { try odometry.add(left: image, right: nil) }
    return odometry
  }

  private func known(_ metres: Double, _ odometry: VisualOdometry) throws -> KnownHeight {
    try KnownHeight(metres: metres, poses: odometry.poses, scene: odometry.scene, partStarts: odometry.partStarts)
  }

  /// The flight: straight down from 50 m, 2 m a frame, rising a little.
  private func flight(_ frame: Int) -> RigidTransform {
    let t = Double(frame)
    return RigidTransform(rotationVector: Vector3(0.004 * t, 0, 0.01 * t), translation: Vector3(2 * t, 0.3 * t, -0.2 * t))
  }

  @Test func aFlightOverFlatGroundIsInMetres() throws {
    let odometry = try path((0..<14).map { drive.floor(flight($0), depth: 50) })
    let known = try known(50, odometry)
    let ground = try #require(known.parts.first?.ground)
    #expect(known.parts.map(\.frames) == [0..<14] && abs(ground.distance - 50) < 1e-9)
    for (frame, pose) in known.poses.enumerated() {
      // Two per cent of the 26 m of the path.
      #expect((pose.worldFromCamera.translation - flight(frame).translation).length < 0.52)
    }
  }

  @Test func aDriveThroughAStreetIsInMetres() throws {
    let drive = SyntheticDrive(size: 2)
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera), keepsScene: true)
    for frame in 0..<16 { try odometry.add(left: drive.image(drive.pose(frame)), right: nil) }
    let known = try known(1.6, odometry)
    let truth = drive.pose(0).relative(to: drive.pose(15)).translation.length
    // The road has few points, and through a street one camera's unit drifts: in these sixteen frames by some per cent.
    #expect(abs(known.poses[15].worldFromCamera.translation.length / truth - 1) < 0.15)
  }

  @Test func aPartAfterALossBeginsAsHighAsTheLastOneEnded() {
    // Two parts of a made-up path, each in a unit of its own, 20 m high at first and 26 m where the first part ends.
    var random = TestRandom(seed: 8)
    let places = (0..<20).map { Vector3(Double($0), 0, $0 < 10 ? -Double($0) * 6 / 9 : -6) }
    let units = [3.0, 0.5]
    var scene: [ScenePoint] = []
    for part in 0..<2 {
      let origin = places[10 * part == 0 ? 0 : 10]
      for _ in 0..<200 {
        let place = Vector3(random.uniform(-5, 15), random.uniform(-8, 8), 20)
        let base = part == 0 ? Vector3.zero : places[9] / units[0]
        scene.append(
          ScenePoint(position: base + (place - origin) / units[part], deviation: 0.01, firstFrame: 10 * part + 3, level: 0))
      }
    }
    let poses = (0..<20).map { frame -> OdometryPose in
      let part = frame / 10
      let base = part == 0 ? Vector3.zero : places[9] / units[0]
      let place = base + (places[frame] - places[10 * part]) / units[part]
      return OdometryPose(
        worldFromCamera: RigidTransform(rotation: .identity, translation: place), status: .tracked, supportCount: 99,
        deviations: [1, 1, 1, 1, 1, 1])
    }
    let known = try? KnownHeight(metres: 20, poses: poses, scene: scene, partStarts: [0, 10])
    let deviations = known?.parts.compactMap { $0.ground?.deviation } ?? []
    // What the second part knows of metres it knows from the first.
    #expect(deviations.count == 2 && deviations[1] >= deviations[0])
    for (frame, pose) in (known?.poses ?? []).enumerated() {
      let truth = frame < 10 ? places[frame] : places[9] + places[frame] - places[10]
      #expect((pose.worldFromCamera.translation - truth).length < 1e-9)
      #expect(pose.deviations?.prefix(3) == [1, 1, 1])
      #expect(abs((pose.deviations?.last ?? 0) - units[frame / 10]) < 1e-9)
    }
  }

  @Test func aPathWithoutGroundIsRefusedAndOneThatStaysNeedsNone() throws {
    func poses(_ step: Double) -> [OdometryPose] {
      (0..<5).map {
        OdometryPose(
          worldFromCamera: RigidTransform(rotation: .identity, translation: Vector3(step * Double($0), 0, 0)), status: .tracked,
          supportCount: 20)
      }
    }
    #expect(throws: OdometryError.noGround(frames: [0..<5])) {
      try KnownHeight(metres: 2, poses: poses(1), scene: [], partStarts: [0])
    }
    #expect(try KnownHeight(metres: 2, poses: poses(0), scene: [], partStarts: [0]).poses == poses(0))
    // The second part shows no ground: it stays where it begins.
    var random = TestRandom(seed: 2)
    let scene = (0..<99).map { _ in
      ScenePoint(position: Vector3(random.uniform(-3, 3), random.uniform(-3, 3), 2), deviation: 0.01, firstFrame: 1, level: 0)
    }
    let known = try KnownHeight(metres: 2, poses: poses(1), scene: scene, partStarts: [0, 3])
    #expect(known.poses.map(\.status) == [.tracked, .tracked, .tracked, .rotation, .rotation])
    #expect(known.poses.map { ($0.worldFromCamera.translation.x * 1e9).rounded() / 1e9 } == [0, 1, 2, 2, 2])
  }

  /// Ground in stretches of ten metres, each up to 4 % of the camera's height higher or lower than told: the interval must hold that, though thousands of
  /// points measure it.
  @Test func theIntervalKnowsThatGroundIsUneven() throws {
    var random = TestRandom(seed: 9)
    var held = 0
    for _ in 0..<40 {
      let steps = (0..<5).map { _ in random.uniform(-0.04, 0.04) }
      let scene = (0..<4_000).map { _ -> ScenePoint in
        let x = random.uniform(0, 49.9)
        let place = Vector3(x, random.uniform(-8, 8), 2 * (1 + steps[Int(x / 10)]))
        return ScenePoint(position: place, deviation: 0.02, firstFrame: Int(x), level: 0)
      }
      let poses = (0..<50).map {
        OdometryPose(
          worldFromCamera: RigidTransform(rotation: .identity, translation: Vector3(Double($0), 0, 0)), status: .tracked,
          supportCount: 9)
      }
      // The camera is as high above the first stretch as told.
      let known = try KnownHeight(metres: 2 * (1 + steps[0]), poses: poses, scene: scene, partStarts: [0])
      let ground = try #require(known.parts.first?.ground)
      let error = known.poses[49].worldFromCamera.translation.x / 49 - 1
      if abs(error) <= 1.96 * ground.deviation { held += 1 }
    }
    // 95 % of 40, less three standard deviations of chance.
    #expect(held >= 34, "\(held)")
  }

  @Test func whatThePosesLeaveOpenIsInTheInterval() throws {
    var random = TestRandom(seed: 3)
    let scene = (0..<200).map { _ in
      ScenePoint(position: Vector3(random.uniform(-3, 3), random.uniform(-3, 3), 2), deviation: 0.01, firstFrame: 1, level: 0)
    }
    let poses = (0..<5).map {
      OdometryPose(
        worldFromCamera: RigidTransform(rotation: .identity, translation: Vector3(Double($0), 0, 0)), status: .tracked,
        supportCount: 20)
    }
    let known = try KnownHeight(metres: 2, poses: poses, scene: scene, partStarts: [0], unitDeviations: [0.03])
    #expect(abs((known.parts.first?.ground?.deviation ?? 0) - 0.03) < 1e-9)
  }
}
