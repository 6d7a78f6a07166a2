/// One edge of a KAN: a curve of one input, with an optional share of SiLU, b(z) = z / (1 + e^{−z}).
///
/// φ(z) = w b(z) + curve(z) (Z. Liu et al., "KAN: Kolmogorov–Arnold Networks", 2024, equation 2.10; there the curve has a factor of its own,
/// which its coefficients already hold).
public struct Edge: Sendable, Hashable, Codable {
  /// The learned curve.
  public var curve: Curve
  /// w; nil where the edge has no SiLU to learn.
  public var siluWeight: Double?

  /// - Parameter siluWeight: w; nil where the edge has no SiLU to learn.
  public init(_ curve: Curve, siluWeight: Double? = nil) {
    self.curve = curve
    self.siluWeight = siluWeight
  }

  /// The value, slope and curvature of φ at a position.
  public func evaluate(_ z: Double) -> CurvePoint {
    var point = curve.evaluate(z)
    if let weight = siluWeight {
      let silu = SiLU.evaluate(z)
      point.value += weight * silu.value
      point.slope += weight * silu.slope
      point.curvature += weight * silu.curvature
    }
    return point
  }

  /// The number of `parameters`.
  public var parameterCount: Int { curve.parameterCount + (siluWeight == nil ? 0 : 1) }

  /// The curve's parameters, then the weight of SiLU.
  public var parameters: [Double] { curve.parameters + (siluWeight.map { [$0] } ?? []) }

  /// Replaces the parameters by as many others, in their order.
  public mutating func set(_ values: some Collection<Double>) {
    curve.set(values.prefix(curve.parameterCount))
    if siluWeight != nil { siluWeight = values.dropFirst(curve.parameterCount).first }
  }

  /// The gradient of the value with respect to the parameters.
  public func gradient(at z: Double) -> [Double] {
    curve.gradient(at: z) + (siluWeight == nil ? [] : [SiLU.evaluate(z).value])
  }

  /// A range that holds every value on an interval.
  public func bounds(on range: ClosedRange<Double>) -> ClosedRange<Double> {
    let curve = curve.bounds(on: range)
    guard let weight = siluWeight else { return curve }
    let silu = SiLU.bounds(on: range)
    let parts = (weight * silu.lowerBound, weight * silu.upperBound)
    return curve.lowerBound + min(parts.0, parts.1)...curve.upperBound + max(parts.0, parts.1)
  }
}
