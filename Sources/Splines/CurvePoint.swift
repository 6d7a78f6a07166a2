/// A curve's value with its first two derivatives at one position.
public struct CurvePoint: Sendable, Hashable {
  /// f(x).
  public var value: Double
  /// f'(x).
  public var slope: Double
  /// f''(x).
  public var curvature: Double

  /// A value with its derivatives, in the units of f, f ∕ x and f ∕ x².
  public init(value: Double, slope: Double, curvature: Double) {
    self.value = value
    self.slope = slope
    self.curvature = curvature
  }
}
