import Geometry

/// How a box's state came from one frame to the next: with the camera, then by its own motion.
@frozen
public struct BoxTransition: Hashable, Sendable, Codable {
  /// The derivative of the camera's map at the centre; the identity for a camera that stands still.
  public var map: Matrix2
  /// What that map does to (q, r).
  public var turn: Matrix2
  /// The step in time of size and form.
  public var step: MotionStep
  /// That of the centre.
  public var center: PlanarTransition

  /// - Parameters:
  ///   - map: d(centre')/d(centre).
  ///   - turn: d(q', r')/d(q, r).
  ///   - step: The step in time that followed.
  ///   - center: That of the centre; nil for the same.
  public init(map: Matrix2 = .identity, turn: Matrix2 = .identity, step: MotionStep, center: PlanarTransition? = nil) {
    self.map = map
    self.turn = turn
    self.step = step
    self.center = center ?? PlanarTransition(step)
  }
}

extension BoxMotion {
  /// The state of a frame in the light of all later ones: one step backwards of Rauch, Tung and Striebel's smoother ("Maximum likelihood
  /// estimates of linear dynamic systems", 1965; docs/motion-models.md, "Smoothing").
  ///
  /// - Parameters:
  ///   - predicted: What this state predicted for the next frame, before that frame's measurement.
  ///   - next: The smoothed state of the next frame.
  ///   - transition: How the prediction was made.
  /// - Returns: This state itself where the result would not be a state (a singular prediction, rounding).
  public func smoothed(by next: BoxMotion, predicted: BoxMotion, transition: BoxTransition) -> BoxMotion {
    var motion = BoxMotion(
      center: center.smoothed(by: next.center, predicted: predicted.center, map: transition.map, step: transition.center),
      size: size.smoothed(by: next.size, predicted: predicted.size, step: transition.step),
      form: form.smoothed(by: next.form, predicted: predicted.form, map: transition.turn, step: PlanarTransition(transition.step)))
    motion.memory = memory
    return motion.isSound ? motion : self
  }
}

extension PlanarMotion {
  /// One step backwards of the smoother.
  ///
  /// With F = [[M, A M], [0, B M]] (M the camera's map, A the reach, B the persistence of the step) the gain is C = P Fᵀ P⁻¹ of the
  /// prediction; x + C (x' − Fx), P + C (P' − P of the prediction) Cᵀ.
  ///
  /// - Parameters:
  ///   - predicted: What this state predicted for the next frame.
  ///   - next: The smoothed state of the next frame.
  ///   - map: The linear map that came before the step; its shift does not matter.
  /// - Returns: This state itself where the prediction's covariance is singular.
  public func smoothed(by next: PlanarMotion, predicted: PlanarMotion, map: Matrix2, step: PlanarTransition) -> PlanarMotion {
    guard let inverse = StateMatrix.inverse(ofCovarianceOf: predicted) else { return self }
    let turned = map.transposed
    let reach = turned * step.reach.transposed
    let persistence = turned * step.persistence.transposed
    let velocities = Matrix2(velocityCovariance)
    let joint = StateMatrix(
      a: Matrix2(positionCovariance) * turned + crossCovariance * reach, b: crossCovariance * persistence,
      c: crossCovariance.transposed * turned + velocities * reach, d: velocities * persistence)
    let gain = joint * inverse
    let shift = next.position - predicted.position
    let change = next.velocity - predicted.velocity
    let (later, expected) = (StateMatrix(covarianceOf: next), StateMatrix(covarianceOf: predicted))
    let difference = StateMatrix(a: later.a - expected.a, b: later.b - expected.b, c: later.c - expected.c, d: later.d - expected.d)
    let reduction = gain * difference * gain.transposed
    return PlanarMotion(
      position: position + gain.a * shift + gain.b * change, velocity: velocity + gain.c * shift + gain.d * change,
      positionCovariance: positionCovariance + SymmetricMatrix2(symmetric: reduction.a),
      crossCovariance: crossCovariance + reduction.b,
      velocityCovariance: velocityCovariance + SymmetricMatrix2(symmetric: reduction.d))
  }
}

extension ScalarMotion {
  /// One step backwards of the smoother, as for the plane.
  ///
  /// - Parameters:
  ///   - predicted: What this state predicted for the next frame.
  ///   - next: The smoothed state of the next frame.
  /// - Returns: This state itself where the prediction's covariance is singular.
  public func smoothed(by next: ScalarMotion, predicted: ScalarMotion, step: MotionStep) -> ScalarMotion {
    let expected = SymmetricMatrix2(xx: predicted.variance, xy: predicted.crossVariance, yy: predicted.rateVariance)
    guard let inverse = expected.inverse else { return self }
    let joint = Matrix2(
      variance + step.reach * crossVariance, step.persistence * crossVariance,
      crossVariance + step.reach * rateVariance, step.persistence * rateVariance)
    let gain = joint * Matrix2(inverse)
    let shift = gain * Point(next.value - predicted.value, next.rate - predicted.rate)
    let later = SymmetricMatrix2(xx: next.variance, xy: next.crossVariance, yy: next.rateVariance)
    let reduction = gain.transform(later + expected * -1)
    var result = self
    result.value += shift.x
    result.rate += shift.y
    result.variance += reduction.xx
    result.crossVariance += reduction.xy
    result.rateVariance += reduction.yy
    return result
  }
}
