import Geometry
import Motion
import Testing

@Suite struct MotionStepTests {
  private func moved(_ step: (Double) -> MotionStep, _ parts: [Double]) -> [Double] {
    var motion = PlanarMotion(
      position: Point(3, -2), noise: SymmetricMatrix2(xx: 2, xy: 0.5, yy: 1),
      velocityCovariance: SymmetricMatrix2(xx: 9, xy: -1, yy: 4))
    motion.velocity = Point(5, 7)
    let acceleration = SymmetricMatrix2(xx: 3, xy: 1, yy: 2)
    for part in parts { motion.predict(step(part), acceleration: acceleration) }
    let (p, c, v) = (motion.positionCovariance, motion.crossCovariance, motion.velocityCovariance)
    return motion.state + [p.xx, p.xy, p.yy, c.a, c.b, c.c, c.d, v.xx, v.xy, v.yy]
  }

  @Test func partStepsOfAWhiteAccelerationMakeTheWholeStep() {
    expectClose(moved(MotionStep.white, [0.1, 0.25, 0.05, 0.6]), moved(MotionStep.white, [1]))
  }

  @Test(arguments: [0.05, 0.5, 3, 200])
  func partStepsOfAFadingVelocityMakeTheWholeStep(timeConstant: Double) {
    let step = { MotionStep.fading(seconds: $0, timeConstant: timeConstant) }
    expectClose(moved(step, [0.1, 0.25, 0.05, 0.6]), moved(step, [1]), within: 1e-9)
  }

  @Test func aSlowlyFadingVelocityIsNearlyConstant() {
    let fading = MotionStep.fading(seconds: 0.1, timeConstant: 1e7)
    let white = MotionStep.white(seconds: 0.1)
    expectClose(
      [fading.reach, fading.persistence, fading.positionNoise, fading.crossNoise, fading.velocityNoise],
      [white.reach, white.persistence, white.positionNoise, white.crossNoise, white.velocityNoise], within: 1e-7)
  }

  /// The noise integrated numerically: an impulse at time s before the end moves the position by τ (1 − exp(−s/τ)).
  @Test func fadingNoiseIsTheIntegralOfItsImpulses() {
    let (dt, tau) = (0.8, 0.5)
    let count = 100_000
    var sums = (position: 0.0, cross: 0.0, velocity: 0.0)
    for k in 0..<count {
      let s = dt * (Double(k) + 0.5) / Double(count)
      let velocity = exponential(-s / tau)
      let position = tau * (1 - velocity)
      sums.position += position * position
      sums.cross += position * velocity
      sums.velocity += velocity * velocity
    }
    let step = MotionStep.fading(seconds: dt, timeConstant: tau)
    let h = dt / Double(count)
    expectClose(
      [step.positionNoise, step.crossNoise, step.velocityNoise],
      [sums.position * h, sums.cross * h, sums.velocity * h], within: 1e-9)
  }

  /// exp by its series, so that the oracle shares nothing with the code under test.
  private func exponential(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for n in 1..<40 {
      term *= x / Double(n)
      sum += term
    }
    return sum
  }
}
