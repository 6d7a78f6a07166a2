import Foundation

/// A filter of second order, H(z) = (b₀ + b₁ z⁻¹ + b₂ z⁻²)/(1 + a₁ z⁻¹ + a₂ z⁻²), that is stable whatever its parameters.
///
/// The poles are given by two free numbers p, q that map onto the triangle of stability |a₂| < 1, |a₁| < 1 + a₂: a₂ = tanh p,
/// a₁ = (1 + a₂) tanh q. Filters of higher order are cascades of such sections: multiplied out, their poles would move by the rounding of
/// the coefficients (A. Oppenheim and R. Schafer, "Discrete-time signal processing", section 6.8).
public struct SecondOrderSection: Sendable, Hashable {
  /// b₀, b₁, b₂.
  public var numerator: (Double, Double, Double) {
    get { (b0, b1, b2) }
    set { (b0, b1, b2) = newValue }
  }
  private var b0: Double
  private var b1: Double
  private var b2: Double
  /// p and q; 0 and 0 is a filter without poles.
  public var p: Double
  public var q: Double

  /// A section by its free parameters, all of which are stable.
  public init(numerator: (Double, Double, Double), p: Double = 0, q: Double = 0) {
    (b0, b1, b2) = numerator
    self.p = p
    self.q = q
  }

  /// A section with given a₁ and a₂; nil where they are not stable.
  public init?(numerator: (Double, Double, Double), a1: Double, a2: Double) {
    guard abs(a2) < 1, abs(a1) < 1 + a2 else { return nil }
    self.init(numerator: numerator, p: atanh(a2), q: atanh(a1 / (1 + a2)))
  }

  /// tanh p, in (−1, 1).
  public var a2: Double { tanh(p) }
  /// (1 + a₂) tanh q, in (−1 − a₂, 1 + a₂).
  public var a1: Double { (1 + a2) * tanh(q) }

  /// The derivatives of (a₁, a₂) with respect to p and q; that of a₂ with respect to q is nothing.
  public var coefficientDerivatives: (a1p: Double, a1q: Double, a2p: Double) {
    let slope = 1 - a2 * a2
    return (tanh(q) * slope, (1 + a2) * (1 - tanh(q) * tanh(q)), slope)
  }

  /// The two poles: real ones by descending value, or a pair of conjugates.
  public var poles: [ComplexNumber] {
    let (middle, square) = (-a1 / 2, a1 * a1 / 4 - a2)
    let root = abs(square).squareRoot()
    return square < 0
      ? [ComplexNumber(middle, root), ComplexNumber(middle, -root)] : [ComplexNumber(middle + root), ComplexNumber(middle - root)]
  }

  /// The roots of the numerator.
  public var zeros: [ComplexNumber] { Polynomial.roots([b0, b1, b2]) }

  /// H(1), the answer to a constant.
  public var staticGain: Double { (b0 + b1 + b2) / (1 + a1 + a2) }

  /// The section for a frame rate `factor` times as long a step: poles r^m e^{imθ}, the gain at frequency zero kept.
  ///
  /// A real pole at or below zero has no such power for a broken factor: then nil.
  public func resampled(stepFactor factor: Double) -> SecondOrderSection? {
    guard factor.isFinite, factor > 0 else { return nil }
    let poles = self.poles
    let (a1, a2): (Double, Double)
    if poles[0].imaginary != 0 {
      let radius = pow(poles[0].magnitude, factor)
      (a1, a2) = (-2 * radius * cos(factor * poles[0].angle), radius * radius)
    } else {
      let powers = poles.map { pow($0.real, factor) }
      guard powers.allSatisfy(\.isFinite) else { return nil }
      (a1, a2) = (-powers[0] - powers[1], powers[0] * powers[1])
    }
    guard var section = SecondOrderSection(numerator: (b0, b1, b2), a1: a1, a2: a2) else { return nil }
    let gain = section.staticGain
    guard gain != 0 else { return section }
    let scale = staticGain / gain
    section.numerator = (b0 * scale, b1 * scale, b2 * scale)
    return section
  }

  /// The answer to a signal from rest (transposed form II).
  public func response(to input: [Double]) -> [Double] {
    let (a1, a2) = (self.a1, self.a2)
    var (s1, s2) = (0.0, 0.0)
    return input.map { x in
      let y = b0 * x + s1
      s1 = b1 * x - a1 * y + s2
      s2 = b2 * x - a2 * y
      return y
    }
  }

  /// The derivatives of the response with respect to b₀, b₁, b₂, p and q, each a signal as long as the input.
  ///
  /// ∂y/∂a_i is −y delayed by i through 1/A(z), ∂y/∂b_i the input delayed by i through it.
  public func sensitivities(to input: [Double]) -> (b: [[Double]], p: [Double], q: [Double]) {
    let recursive = SecondOrderSection(numerator: (1, 0, 0), p: p, q: q)
    let inward = recursive.response(to: input)
    let outward = recursive.response(to: response(to: input))
    let b = (0...2).map { inward.delayed(by: $0) }
    let (da1, da2) = (outward.delayed(by: 1), outward.delayed(by: 2))
    let slopes = coefficientDerivatives
    return (b, zip(da1, da2).map { -(slopes.a1p * $0 + slopes.a2p * $1) }, da1.map { -slopes.a1q * $0 })
  }

}

/// Sections one behind the other: a stable filter of any even order.
public struct SectionCascade: Sendable, Hashable {
  /// In the order in which a signal passes them.
  public var sections: [SecondOrderSection]

  /// A cascade; without sections it passes signals on as they are.
  public init(_ sections: [SecondOrderSection]) { self.sections = sections }

  /// The answer to a signal from rest.
  public func response(to input: [Double]) -> [Double] {
    sections.reduce(input) { $1.response(to: $0) }
  }

  /// The whole as one pair of polynomials in z⁻¹; to compare, not to filter with.
  public var polynomials: (numerator: [Double], denominator: [Double]) {
    sections.reduce(([1], [1])) { whole, section in
      let b = section.numerator
      return (Self.product(whole.0, [b.0, b.1, b.2]), Self.product(whole.1, [1, section.a1, section.a2]))
    }
  }

  private static func product(_ a: [Double], _ b: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: a.count + b.count - 1)
    for (i, x) in a.enumerated() {
      for (j, y) in b.enumerated() { result[i + j] += x * y }
    }
    return result
  }
}

extension [Double] {
  /// The signal `steps` later, from rest, cut to its length.
  fileprivate func delayed(by steps: Int) -> [Double] {
    Array(([Double](repeating: 0, count: steps) + self).prefix(count))
  }
}
