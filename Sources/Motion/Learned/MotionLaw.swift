import Geometry

/// How objects are taken to move between frames.
public enum MotionLaw: Sendable, Hashable {
  /// A velocity that fades, driven by white noise: Kalman's filter.
  case kalman
  /// A linear part and a KAN that were learned from tracks: the extended filter.
  case learned(LearnedMotion)
}

extension BoxMotion {
  /// Moves the state on by a step of time; the centre by a learned motion, size and form as `predict(_:noise:)` does.
  ///
  /// - Parameters:
  ///   - law: With lengths in sides of the box or in pixels.
  ///   - step: That of size and form.
  ///   - noise: Of size and form.
  ///   - agitation: A factor of the centre's noise.
  /// - Returns: How the centre's velocity led to its place.
  @discardableResult
  public mutating func predict(
    by law: LearnedMotion, seconds: Double, step: MotionStep, noise: BoxProcessNoise, agitation: Double
  ) -> PlanarTransition {
    let unit = law.unit == .side ? meanSide : 1
    let transition = center.predict(
      by: law, memory: &memory, seconds: seconds, growth: size.rate, unit: unit, agitation: agitation)
    size.predict(step, acceleration: noise.size)
    form.predict(step, acceleration: SymmetricMatrix2(xx: noise.form, xy: 0, yy: noise.form))
    return transition
  }
}
