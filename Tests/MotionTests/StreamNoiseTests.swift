import Foundation
import Geometry
import Motion
import TestSupport
import Testing

@Suite struct StreamNoiseTests {
  private func innovation(_ square: Double) -> PlanarInnovation {
    PlanarInnovation(residual: Point(0, square.squareRoot()), covariance: .identity)
  }

  @Test func theFirstStepsAreTheFormulas() {
    var noise = StreamNoise()
    #expect(noise.errorFactor == 1 && noise.accelerationFactor == 1)
    noise.learn(next: innovation(6))
    #expect(abs(log(noise.errorFactor) - 3.0 / 101 * 2) < 1e-12 && noise.accelerationFactor == 1)
    noise.learn(later: innovation(0))
    #expect(abs(log(noise.accelerationFactor) + 2.0 / 101) < 1e-12)
  }

  /// Innovations that are all of the errors: their factor is found, whether they are larger or smaller than assumed.
  @Test(arguments: [0.3, 1, 3.0])
  func findsErrorsOfAnotherSize(ratio: Double) {
    var random = TestRandom(seed: 3)
    var noise = StreamNoise()
    for _ in 0..<20_000 {
      let residual = Point(random.normal(), random.normal()) * ratio
      noise.learn(next: PlanarInnovation(residual: residual, covariance: .identity * noise.errorFactor))
    }
    // The step of 3 in 1,100 follows the last few hundred innovations, each of deviation 1.
    #expect(abs(log(noise.errorFactor / (ratio * ratio))) < 0.15)
  }

  @Test func noInnovationLeadsItBeyondItsBounds() {
    var (wild, still) = (StreamNoise(), StreamNoise())
    for _ in 0..<5000 {
      wild.learn(next: PlanarInnovation(residual: Point(1, 1), covariance: SymmetricMatrix2(xx: 0, xy: 0, yy: 0)))
      still.learn(next: innovation(0))
      still.learn(later: innovation(0))
    }
    #expect(abs(wild.errorFactor - exp(3.2)) < 1e-9 && wild.accelerationFactor == 1)
    #expect(abs(still.errorFactor - exp(-3.2)) < 1e-12 && abs(still.accelerationFactor - exp(-3.2)) < 1e-12)
  }

  @Test func goesOnFromItsCode() throws {
    var noise = StreamNoise()
    for square in [6.0, 1, 9] { noise.learn(next: innovation(square)) }
    let copy = try JSONDecoder().decode(StreamNoise.self, from: JSONEncoder().encode(noise))
    #expect(copy == noise)
  }
}

@Suite struct ForecastProbeTests {
  private func motion(_ velocity: Point) -> BoxMotion {
    var center = PlanarMotion(position: Point(100, 50), noise: .identity, velocityCovariance: .identity)
    center.velocity = velocity
    return BoxMotion(
      center: center, size: ScalarMotion(value: 3, variance: 1, rateVariance: 1),
      form: PlanarMotion(position: .zero, noise: .identity, velocityCovariance: .identity))
  }

  /// A second in ten steps leads where the filter's own step of a second leads.
  @Test func isDueAfterASecondWhereTheFilterIsThen() {
    var state = motion(Point(20, -10))
    var probe = ForecastProbe(state)
    for _ in 0..<9 { probe.predict(.white(seconds: 0.1), seconds: 0.1, acceleration: .identity) }
    #expect(!probe.isDue)
    probe.predict(.white(seconds: 0.1), seconds: 0.1, acceleration: .identity)
    #expect(probe.isDue)
    state.center.predict(.white(seconds: 1), acceleration: .identity)
    #expect((probe.center.position - state.center.position).length < 1e-9)
    #expect(abs(probe.center.positionCovariance.xx - state.center.positionCovariance.xx) < 1e-9)
  }

  @Test func movesWithTheCamera() {
    var probe = ForecastProbe(motion(Point(20, -10)))
    let moves = probe.move(with: Homography(2, 0, 5, 0, 2, -1, 0, 0, 1))
    #expect(moves)
    probe.move(by: Point(1, 1))
    #expect(probe.center.position == Point(206, 100) && probe.center.velocity == Point(40, -20))
    #expect(probe.center.positionCovariance.xx == 4)
    let isLost = !probe.move(with: Homography(1, 0, 0, 0, 1, 0, 0, 0, 0))
    #expect(isLost)
  }
}
