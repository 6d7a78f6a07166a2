import Geometry
import TestSupport
import Testing

@testable import Odometry

/// The adjustment against scenes whose poses and places are known, from starts that are far off: with a wrong derivative its few steps would not
/// come to seven digits.
@Suite struct WindowAdjustmentTests {
  private let right = RigidTransform(rotationVector: Vector3(0.01, 0.02, -0.01), translation: Vector3(-0.5, 0.01, 0.02))

  private func ray(_ camera: RigidTransform, _ point: Vector3) -> Vector3 {
    let seen = camera * point
    return Vector3(seen.x / seen.z, seen.y / seen.z, 1)
  }

  /// Cameras of a path that bends, and points before all of them.
  private func truth() -> (cameras: [RigidTransform], places: [Vector3]) {
    var random = TestRandom(seed: 9)
    let cameras = (0..<5).map { frame -> RigidTransform in
      let t = Double(frame)
      return RigidTransform(
        rotationVector: Vector3(0.02 * t, -0.05 * t, 0.03 * t), translation: Vector3(-0.3 * t, 0.05 * t, 0.1 * t))
    }
    return (cameras, (0..<60).map { _ in Vector3(random.uniform(-3, 3), random.uniform(-2, 2), random.uniform(6, 15)) })
  }

  private func points(_ cameras: [RigidTransform], _ places: [Vector3], isStereo: Bool) -> [TrackedPoint] {
    places.map { place in
      func seen(_ frame: Int) -> TrackedPoint.Observation {
        .init(frame: frame, left: ray(cameras[frame], place), right: isStereo ? ray(right * cameras[frame], place) : nil)
      }
      var point = TrackedPoint(seen(0), pixel: Point(0, 0), level: 0, keepsFirst: false)
      for frame in 1..<cameras.count { point.append(seen(frame), pixel: Point(0, 0), isBeforeMotion: false) }
      point.position = place
      return point
    }
  }

  @Test(arguments: [true, false]) func posesAndPlacesComeBack(isStereo: Bool) {
    let (truth, places) = truth()
    var random = TestRandom(seed: 10)
    func off(_ size: Double) -> Vector3 {
      Vector3(random.uniform(-size, size), random.uniform(-size, size), random.uniform(-size, size))
    }
    var cameras = truth.enumerated().map { index, camera in
      index == 0 ? camera : RigidTransform(rotationVector: off(0.05), translation: off(0.1)) * camera
    }
    var points = points(truth, places, isStereo: isStereo)
    for index in points.indices { points[index].position = places[index] + off(0.2) }
    let adjustment = WindowAdjustment(scale: 1, rightFromLeft: isStereo ? right : nil)
    for _ in 0..<2 { #expect(adjustment.adjust(&cameras, &points, from: 0) == [1, 2, 3, 4]) }
    // One camera does not know its unit of length: the truth is brought to the one that the adjustment kept.
    let origins = [cameras, truth].map { ($0[4].inverse.translation - $0[0].inverse.translation).length }
    let scale = origins[0] / origins[1]
    if isStereo { #expect(abs(scale - 1) < 1e-9) }
    for (camera, truth) in zip(cameras, truth) {
      #expect((camera.rotation - truth.rotation).frobeniusNorm < 1e-7)
      #expect((camera.inverse.translation - truth.inverse.translation * scale).length < 2e-7)
    }
    for (point, place) in zip(points, places) {
      // The solver ends where its gradient is below 1e-10: of places ten metres away some 1e-6 are left, and a hundredth of that of turns.
      #expect(((point.position ?? .zero) - place * scale).length < 1e-5)
    }
  }
}
