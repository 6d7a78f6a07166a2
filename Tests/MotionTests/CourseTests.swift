import Foundation
import Geometry
import TestSupport
import Testing

@testable import Motion

@Suite struct CourseTests {
  private func motion(_ velocity: Point, _ covariance: SymmetricMatrix2) -> PlanarMotion {
    var motion = PlanarMotion(position: .zero, noise: .identity, velocityCovariance: covariance)
    motion.velocity = velocity
    return motion
  }

  /// Velocities drawn from a Gaussian through a Cholesky factor.
  private func draws(_ mean: Point, _ covariance: SymmetricMatrix2, count: Int) -> [Point] {
    var random = TestRandom(seed: 5)
    let a = covariance.xx.squareRoot()
    let b = covariance.xy / a
    let c = (covariance.yy - b * b).squareRoot()
    return (0..<count).map { _ in
      let (u, v) = (random.normal(), random.normal())
      return mean + Point(a * u, b * u + c * v)
    }
  }

  /// With a round covariance σ² the deviation of the direction is σ over the speed.
  @Test func theDeviationOfADirectionIsThatOfTheVelocityOverTheSpeed() throws {
    let course = try #require(motion(Point(3, -4), .identity * 0.25).course)
    #expect(abs(course.angle - atan2(-4, 3)) < 1e-12)
    #expect(abs(course.deviation - 0.5 / 5) < 1e-12)
    // Along x only the uncertainty along y counts.
    let across = try #require(motion(Point(-10, 0), SymmetricMatrix2(xx: 4, xy: 0, yy: 0.09)).course)
    #expect(abs(across.deviation - 0.03) < 1e-12 && across.angle == -.pi)
  }

  @Test(arguments: [Point(9, 3), Point(-4, 8)])
  func theDeviationIsThatOfDrawnDirections(mean: Point) throws {
    let covariance = SymmetricMatrix2(xx: 0.5, xy: 0.2, yy: 0.3)
    let course = try #require(motion(mean, covariance).course)
    let turns = draws(mean, covariance, count: 40_000).map { Angle.headingDifference(from: course.angle, to: $0.angle) }
    let deviation = (turns.reduce(0) { $0 + $1 * $1 } / Double(turns.count)).squareRoot()
    #expect(abs(deviation / course.deviation - 1) < 0.02)
  }

  /// 5.9915 is the 95th percentile of χ² with two degrees of freedom in every table.
  @Test func aSpeedStandsOutBeyondThe95thPercentileOfNone() {
    let covariance = SymmetricMatrix2(xx: 4, xy: 0, yy: 1)
    #expect(motion(Point(2 * 5.9916.squareRoot(), 0), covariance).course != nil)
    #expect(motion(Point(2 * 5.9913.squareRoot(), 0), covariance).course == nil)
    #expect(motion(.zero, covariance).course == nil)
  }

  @Test func oneInTwentyStandingObjectsHasACourse() {
    let covariance = SymmetricMatrix2(xx: 3, xy: -1, yy: 2)
    let count = draws(.zero, covariance, count: 40_000).filter { motion($0, covariance).course != nil }.count
    // Four standard deviations of the share of 40,000 draws.
    #expect(abs(Double(count) / 40_000 - 0.05) < 4 * (0.05 * 0.95 / 40_000).squareRoot())
  }

  /// Surely fast, but no one knows which way.
  @Test func aDirectionThatIsAsGoodAsUnknownIsNone() {
    #expect(motion(Point(1, 0), SymmetricMatrix2(xx: 0.01, xy: 0, yy: 9)).course == nil)
  }
}
