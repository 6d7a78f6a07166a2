import Foundation
import Geometry
import TestSupport
import Testing

@testable import Odometry

@Suite struct GroundPlaneTests {
  /// Points of a plane below a camera that looks down by an angle, in its frame, each off along its ray by a share.
  private func ground(height: Double, down tilt: Double, roll: Double = 0, noise: Double, count: Int, _ random: inout TestRandom)
    -> [Vector3]
  {
    let normal = normal(down: tilt, roll: roll)
    var points: [Vector3] = []
    while points.count < count {
      let ray = Vector3(random.uniform(-0.6, 0.6), random.uniform(-0.4, 0.4), 1)
      let rate = normal.dot(ray)
      guard rate > 0.05 else { continue }
      points.append(ray * (height / rate * (1 + random.uniform(-noise, noise))))
    }
    return points
  }

  private func below(_ points: [Vector3], deviation: Double = 0.01) -> GroundPlane? {
    GroundPlane.below(points.map { GroundPlane.Sight(point: $0, deviation: deviation) })
  }

  private func normal(down tilt: Double, roll: Double) -> Vector3 {
    Vector3(sin(roll) * cos(tilt), cos(roll) * cos(tilt), sin(tilt))
  }

  private func walls(_ count: Int, side: Double, top: Double, bottom: Double, _ random: inout TestRandom) -> [Vector3] {
    (0..<count).map { index in
      Vector3(index % 2 == 0 ? side : -side, random.uniform(top, bottom), random.uniform(5, 30))
    }
  }

  @Test(arguments: [0.0, 0.1, 0.7, 1.2, .pi / 2], [-0.15, 0, 0.1])
  func anExactPlaneIsFoundAtEveryTilt(_ tilt: Double, _ roll: Double) throws {
    var random = TestRandom(seed: 4)
    let points = ground(height: 7.5, down: tilt, roll: roll, noise: 0, count: 100, &random)
    let plane = try #require(below(points))
    #expect(abs(plane.distance - 7.5) < 1e-9 && (plane.normal - normal(down: tilt, roll: roll)).length < 1e-9)
    #expect(plane.supportCount == 100)
  }

  @Test func aRoadIsFoundBetweenWallsThatHaveMorePoints() throws {
    var random = TestRandom(seed: 5)
    // The road's height is 1.65 m in 40 trials; the deviation that is told is that of the answers.
    var errors: [Double] = [], told: [Double] = []
    for _ in 0..<40 {
      let road = ground(height: 1.65, down: 0.02, noise: 0.02, count: 120, &random)
      let points = road + walls(300, side: 6, top: -8, bottom: 1.6, &random)
      let plane = try #require(below(points))
      errors.append(plane.distance / 1.65 - 1)
      told.append(plane.deviation)
    }
    let spread = (errors.reduce(0) { $0 + $1 * $1 } / 40).squareRoot()
    let mean = told.reduce(0, +) / 40
    #expect(spread < 0.005 && (0.5...2).contains(spread / mean), "\(spread) \(mean)")
  }

  @Test func wallsCeilingsAndFewPointsAreNoGround() {
    var random = TestRandom(seed: 6)
    #expect(below(walls(300, side: 4, top: -3, bottom: 1, &random)) == nil)
    let ceiling = ground(height: 3, down: 0.1, noise: 0.01, count: 100, &random).map { Vector3($0.x, -$0.y, $0.z) }
    #expect(below(ceiling) == nil)
    #expect(below(ground(height: 3, down: 0.5, noise: 0, count: 19, &random)) == nil)
    #expect(below([]) == nil)
    #expect(below([Vector3](repeating: Vector3(0, 1, 5), count: 50)) == nil)
    let cloud = (0..<200).map { _ in Vector3(random.uniform(-9, 9), random.uniform(-9, 9), random.uniform(1, 20)) }
    #expect(below(cloud) == nil)
  }
}
