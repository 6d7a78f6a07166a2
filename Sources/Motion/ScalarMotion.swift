/// A Kalman filter for one coordinate and its rate.
@frozen
public struct ScalarMotion: Hashable, Sendable, Codable {
  /// The mean.
  public var value: Double
  /// Per second.
  public var rate: Double
  /// Of the value.
  public var variance: Double
  /// cov(value, rate).
  public var crossVariance: Double
  /// Of the rate.
  public var rateVariance: Double

  /// A value just seen, whose rate is unknown around zero.
  @inlinable
  public init(value: Double, variance: Double, rateVariance: Double) {
    self.value = value
    self.rate = 0
    self.variance = variance
    self.crossVariance = 0
    self.rateVariance = rateVariance
  }

  /// Moves the state one step ahead; `acceleration` is the variance of the acceleration's noise (its density for `MotionStep.white`).
  @inlinable
  public mutating func predict(_ step: MotionStep, acceleration: Double) {
    let a = step.reach
    let b = step.persistence
    value += a * rate
    rate *= b
    variance += 2 * a * crossVariance + a * a * rateVariance + step.positionNoise * acceleration
    crossVariance = b * (crossVariance + a * rateVariance) + step.crossNoise * acceleration
    rateVariance = b * b * rateVariance + step.velocityNoise * acceleration
  }

  /// Takes in a measured value; one whose innovation variance is not positive changes nothing.
  @inlinable
  public mutating func update(_ measured: Double, variance noise: Double) {
    let total = variance + noise
    guard total > 0 else { return }
    let gain = variance / total
    let rateGain = crossVariance / total
    let residual = measured - value
    value += gain * residual
    rate += rateGain * residual
    rateVariance -= rateGain * crossVariance
    crossVariance *= 1 - gain
    variance = gain * noise
  }

  /// Whether every number is finite and the variances are positive.
  public var isSound: Bool {
    value.isFinite && rate.isFinite && crossVariance.isFinite && variance.isFinite && rateVariance.isFinite
      && variance > 0 && rateVariance > 0
  }
}
