import Geometry
import TestSupport
import Testing

@testable import Odometry

@Suite struct UnitUncertaintyTests {
  /// A pixel in the plane z = 1.
  private let pixel = 1.0 / 640

  /// Eight pictures from 60 m above flat ground, straight down or aslant, 4 m apart.
  private func cameras(tilt: Double) -> [RigidTransform] {
    (0..<8).map { frame -> RigidTransform in
      let t = Double(frame)
      let place = Vector3(4 * t, 0.4 * Double(frame % 2), 0)
      let turn = RigidTransform(rotationVector: Vector3(tilt, 0.002 * Double(frame % 3), 0.003 * t), translation: .zero)
      return RigidTransform(rotation: turn.rotation, translation: -(turn.rotation * place))
    }
  }

  /// Points of the ground z = 60 as the cameras see them, with a noise of their own each time and one that stays with the point.
  private func points(_ cameras: [RigidTransform], noise: Double, drift: Double, _ random: inout TestRandom) -> [TrackedPoint] {
    var points: [TrackedPoint] = []
    while points.count < 250 {
      let ray = cameras[3].inverse.rotation * Vector3(random.uniform(-0.5, 0.5), random.uniform(-0.28, 0.28), 1)
      let place = cameras[3].inverse.translation + ray * (60 / ray.z)
      var error = Vector3.zero
      let observations = cameras.enumerated().map { frame, camera -> TrackedPoint.Observation in
        let seen = camera * place
        error += Vector3(random.normal(), random.normal(), 0) * (drift * pixel)
        let own = Vector3(random.normal(), random.normal(), 0) * (noise * pixel)
        return .init(frame: frame, left: seen / seen.z + error + own)
      }
      var point = TrackedPoint(observations[0], pixel: Point(0, 0), level: 0, keepsFirst: true)
      for seen in observations.dropFirst() { point.append(seen, pixel: Point(0, 0), isBeforeMotion: false) }
      point.position = place
      points.append(point)
    }
    return points
  }

  /// What is told is the spread of the answers of an adjustment, for errors that are new in each picture and for such as add up from picture to picture.
  @Test(arguments: [(0.0, 0.1, 0.0), (0.0, 0.02, 0.05), (-0.7, 0.1, 0.0), (-0.7, 0.02, 0.05)])
  func theDeviationIsTheSpread(_ tilt: Double, _ noise: Double, _ drift: Double) throws {
    var random = TestRandom(seed: 7)
    let adjustment = WindowAdjustment(scale: 0.7 * pixel, rightFromLeft: nil)
    let truth = cameras(tilt: tilt)
    var (squares, told) = (0.0, 0.0)
    let trials = 60
    for _ in 0..<trials {
      var (cameras, points) = (truth, points(truth, noise: noise, drift: drift, &random))
      _ = adjustment.adjust(&cameras, &points, from: 0)
      let way = (cameras[7].inverse.translation - cameras[0].inverse.translation).length
      let trueWay = (truth[7].inverse.translation - truth[0].inverse.translation).length
      let sights = points.compactMap { point in
        point.position.map { GroundPlane.Sight(point: cameras[0] * $0, deviation: 0.005) }
      }
      let ground = try #require(GroundPlane.below(sights))
      let error = ground.distance / way / (60 / trueWay) - 1
      squares += error * error
      told += try #require(
        UnitUncertainty.ofGround(points, cameras, Array(0..<8), scale: 0.7 * pixel, pixel: 0.5 * pixel))
    }
    let spread = (squares / Double(trials)).squareRoot()
    let ratio = told / Double(trials) / spread
    // The spread of 60 answers is known to a tenth.
    #expect((0.7...1.5).contains(ratio), "told \(told / Double(trials)), spread \(spread)")
  }

  @Test func withoutGroundNothingIsTold() {
    #expect(UnitUncertainty.ofGround([], cameras(tilt: 0), Array(0..<8), scale: pixel, pixel: pixel) == nil)
  }
}
