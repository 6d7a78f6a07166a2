/// A curve of one variable in one of the forms that models are made of.
public enum Curve: Sendable, Hashable, Codable {
  case spline(CubicSpline)
  case bernstein(BernsteinCurve)
  case formula(Formula)

  /// The value, slope and curvature at a position.
  public func evaluate(_ z: Double) -> CurvePoint {
    switch self {
    case .spline(let curve): curve.evaluate(z)
    case .bernstein(let curve): curve.evaluate(z)
    case .formula(let formula): formula.evaluate(z)
    }
  }

  /// The numbers that are learned; the curve's value is linear in them.
  public var parameters: [Double] {
    switch self {
    case .spline(let curve): curve.coefficients
    case .bernstein(let curve): curve.coefficients
    case .formula(let formula): formula.factors
    }
  }

  /// The number of `parameters`.
  public var parameterCount: Int {
    switch self {
    case .spline(let curve): curve.coefficients.count
    case .bernstein(let curve): curve.coefficients.count
    case .formula(let formula): formula.factors.count
    }
  }

  /// Replaces the parameters by as many others.
  public mutating func set(_ values: some Collection<Double>) {
    switch self {
    case .spline(var curve):
      curve.set(values)
      self = .spline(curve)
    case .bernstein(var curve):
      curve.set(values)
      self = .bernstein(curve)
    case .formula(var formula):
      formula.set(values)
      self = .formula(formula)
    }
  }

  /// The gradient of the value with respect to the parameters.
  public func gradient(at z: Double) -> [Double] {
    switch self {
    case .spline(let curve):
      var gradient = [Double](repeating: 0, count: curve.coefficients.count)
      let weights = curve.grid.weights(at: z)
      for index in 0..<4 { gradient[weights.first + index] = weights.value[index] }
      return gradient
    case .bernstein(let curve): return curve.weights(at: z)
    case .formula(let formula): return formula.terms.map { $0.evaluate(z).value }
    }
  }

  /// A range that holds every value on an interval; for a formula the natural interval of each term.
  public func bounds(on range: ClosedRange<Double>) -> ClosedRange<Double> {
    switch self {
    case .spline(let curve): return curve.bounds(on: range, halvings: 2)
    case .bernstein(let curve):
      let ends = union(pointRange(range.lowerBound), pointRange(range.upperBound))
      return union(curve.bounds(halvings: 2), ends)
    case .formula(let formula):
      var lower = 0.0
      var upper = 0.0
      for (term, factor) in zip(formula.terms, formula.factors) {
        let part = term.bounds(on: range)
        lower += min(factor * part.lowerBound, factor * part.upperBound)
        upper += max(factor * part.lowerBound, factor * part.upperBound)
      }
      return lower...upper
    }
  }

  private func pointRange(_ z: Double) -> ClosedRange<Double> {
    let value = evaluate(z).value
    return value...value
  }
}

extension FormulaTerm {
  /// The term's values on an interval: monotone terms by their ends, even ones with their least value, a sine by −1 and 1.
  func bounds(on range: ClosedRange<Double>) -> ClosedRange<Double> {
    let ends = (evaluate(range.lowerBound).value, evaluate(range.upperBound).value)
    var result = min(ends.0, ends.1)...max(ends.0, ends.1)
    switch self {
    case .power(2), .magnitude: if range.contains(0) { result = union(result, 0...0) }
    case .sine: result = -1...1
    default: break
    }
    return result
  }
}
