import Foundation
import Geometry
import Motion
import TestSupport
import Testing

@Suite struct ConsistencyTests {
  /// On data from the filter's own model the normalised innovation squared is χ² with two degrees of freedom: its mean over many
  /// independent runs lies in the 99.9 % interval around 2 and its 95 % point is passed in 5 % of the cases.
  @Test func normalizedInnovationsAreChiSquareOnSimulatedData() {
    var generator = TestRandom(seed: 5)
    let noise = SymmetricMatrix2(xx: 4, xy: 1, yy: 2)
    let strength = 3.0
    var sum = 0.0
    var beyond = 0
    let runs = 4000
    for _ in 0..<runs {
      var truth = (x: 0.0, v: 10 * generator.normal(), y: 0.0, w: 10 * generator.normal())
      var filter = PlanarMotion(position: .zero, noise: noise, velocityCovariance: .identity * 100)
      let first = correlated(noise, &generator)
      filter.position = Point(truth.x + first.x, truth.y + first.y)
      var innovation = 0.0
      for _ in 0..<6 {
        let dt = Double.random(in: 0.02...0.5, using: &generator)
        (truth.x, truth.v) = move(truth.x, truth.v, dt, strength, &generator)
        (truth.y, truth.w) = move(truth.y, truth.w, dt, strength, &generator)
        filter.predict(.white(seconds: dt), acceleration: .identity * (strength * strength))
        let error = correlated(noise, &generator)
        let measured = Point(truth.x + error.x, truth.y + error.y)
        innovation = filter.innovation(of: measured, noise: noise).normalizedSquare
        filter.update(measured, noise: noise)
      }
      sum += innovation
      if innovation > 5.991464547 { beyond += 1 }
    }
    #expect(abs(sum / Double(runs) - 2) < 3.3 * 2 / Double(runs).squareRoot())
    #expect(abs(Double(beyond) / Double(runs) - 0.05) < 0.0114)
  }

  /// A draw of the exact white-acceleration step: correlated position and velocity increments.
  private func move(
    _ x: Double, _ v: Double, _ dt: Double, _ strength: Double, _ generator: inout TestRandom
  ) -> (Double, Double) {
    let a = generator.normal() * strength * dt.squareRoot()
    let b = generator.normal() * strength * (dt * dt * dt / 12).squareRoot()
    return (x + v * dt + a * dt / 2 + b, v + a)
  }

  private func correlated(_ covariance: SymmetricMatrix2, _ generator: inout TestRandom) -> Point {
    let l = covariance.xx.squareRoot()
    let m = covariance.xy / l
    let (a, b) = (generator.normal(), generator.normal())
    return Point(l * a, m * a + (covariance.yy - m * m).squareRoot() * b)
  }

  @Test func covariancesStayPositiveDefiniteUnderRandomUse() {
    var generator = TestRandom(seed: 7)
    for _ in 0..<200 {
      var planar = PlanarMotion(
        position: .zero, noise: .identity * pow(10, Double.random(in: -6...6, using: &generator)),
        velocityCovariance: .identity * pow(10, Double.random(in: -3...8, using: &generator)))
      var scalar = ScalarMotion(value: 0, variance: 1, rateVariance: 1e6)
      for _ in 0..<100 {
        let step = MotionStep.fading(
          seconds: pow(10, Double.random(in: -4...1, using: &generator)), timeConstant: 2)
        planar.predict(step, acceleration: .identity * pow(10, Double.random(in: -6...6, using: &generator)))
        scalar.predict(step, acceleration: 1e-3)
        let size = pow(10, Double.random(in: -8...6, using: &generator))
        planar.update(
          Point(generator.normal(), generator.normal()) * 100,
          noise: SymmetricMatrix2(major: size, minor: size * 1e-4, angle: generator.normal()))
        scalar.update(generator.normal(), variance: size)
        #expect(planar.isSound && scalar.isSound)
      }
    }
  }

  @Test func theScalarFilterIsOneAxisOfThePlanarOne() {
    var planar = PlanarMotion(position: Point(1, 5), noise: .identity * 2, velocityCovariance: .identity * 3)
    var scalar = ScalarMotion(value: 1, variance: 2, rateVariance: 3)
    for k in 0..<20 {
      let step = MotionStep.fading(seconds: 0.1 + 0.01 * Double(k), timeConstant: 4)
      planar.predict(step, acceleration: .identity * 0.7)
      scalar.predict(step, acceleration: 0.7)
      planar.update(Point(Double(k), 0), noise: .identity * 0.4)
      scalar.update(Double(k), variance: 0.4)
    }
    expectClose(
      [scalar.value, scalar.rate, scalar.variance, scalar.crossVariance, scalar.rateVariance],
      [
        planar.position.x, planar.velocity.x, planar.positionCovariance.xx, planar.crossCovariance.a,
        planar.velocityCovariance.xx,
      ])
  }
}
