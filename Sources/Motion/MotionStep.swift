import Foundation

/// One step of a constant-velocity model along any axis: the numbers that depend on the time step alone.
///
/// position' = position + reach · velocity, velocity' = persistence · velocity, and the noise that an acceleration of unit strength adds:
/// `positionNoise`, `crossNoise`, `velocityNoise`.
@frozen
public struct MotionStep: Hashable, Sendable, Codable {
  /// The time over which the velocity carries the position, in seconds.
  public var reach: Double
  /// The share of the velocity that is left after the step.
  public var persistence: Double
  /// What a unit of noise adds to the variance of the position over the step.
  public var positionNoise: Double
  /// What it adds to the covariance of position and velocity.
  public var crossNoise: Double
  /// What it adds to the variance of the velocity.
  public var velocityNoise: Double

  /// - Parameters:
  ///   - reach: Seconds by which the velocity moves the position.
  ///   - persistence: The share of the velocity that is left.
  ///   - positionNoise, crossNoise, velocityNoise: What a unit of noise adds to the covariance of position and velocity.
  public init(reach: Double, persistence: Double, positionNoise: Double, crossNoise: Double, velocityNoise: Double) {
    self.reach = reach
    self.persistence = persistence
    self.positionNoise = positionNoise
    self.crossNoise = crossNoise
    self.velocityNoise = velocityNoise
  }

  /// An acceleration that is white in continuous time: two half steps are exactly one whole step, so the frame rate does not matter.
  ///
  /// Unit strength: one (px/s²)² per hertz.
  public static func white(seconds dt: Double) -> MotionStep {
    MotionStep(
      reach: dt, persistence: 1, positionNoise: dt * dt * dt / 3, crossNoise: dt * dt / 2, velocityNoise: dt)
  }

  /// A white acceleration with a velocity that fades by exp(−dt/τ): the Ornstein–Uhlenbeck process and its integral.
  ///
  /// For tracks that coast for seconds: their velocity's variance stays bounded. Splits into part steps exactly, as `white` does.
  public static func fading(seconds dt: Double, timeConstant tau: Double) -> MotionStep {
    guard tau.isFinite, tau > 0 else { return white(seconds: dt) }
    let h = dt / tau
    let decay = exp(-h)
    let lost = -expm1(-h)
    // The closed form of the position's noise cancels to h³ for short steps; there its series takes over.
    let position =
      h < 0.05
      ? dt * dt * dt * (1.0 / 3 - h * (1.0 / 4 - h * (7.0 / 60 - h * (1.0 / 24 - h * (31.0 / 2520 - h / 320)))))
      : tau * tau * tau / 2 * (2 * h - 3 + 4 * decay - decay * decay)
    return MotionStep(
      reach: tau * lost, persistence: decay, positionNoise: position, crossNoise: tau * tau / 2 * lost * lost,
      velocityNoise: -tau / 2 * expm1(-2 * h))
  }

  /// An acceleration that is constant within a step and independent between steps (docs/motion-models.md, "Prediction": G = (dt²/2, dt)).
  ///
  /// Unit strength: one (px/s²)². The textbook form; its noise depends on how time is cut into steps.
  public static func piecewise(seconds dt: Double) -> MotionStep {
    MotionStep(
      reach: dt, persistence: 1, positionNoise: dt * dt * dt * dt / 4, crossNoise: dt * dt * dt / 2,
      velocityNoise: dt * dt)
  }
}
