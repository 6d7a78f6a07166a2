import Foundation
import Splines

/// A filter by its transfer function H(z) = h₀ + (b₁ z⁻¹ + … + b_n z⁻ⁿ)/(1 + a₁ z⁻¹ + … + a_n z⁻ⁿ).
///
/// R. N. Parnichkun and others, "State-free inference of state-space models: the transfer function approach", ICML 2024 (RTF).
public struct RationalTransferFunction: Sendable, Hashable {
  /// a₁ … a_n.
  public var denominator: [Double]
  /// b₁ … b_n.
  public var numerator: [Double]
  /// h₀.
  public var feedthrough: Double

  /// n.
  public var order: Int { denominator.count }

  /// - Parameters: As many numbers of `numerator` as of `denominator`.
  public init(denominator: [Double], numerator: [Double], feedthrough: Double = 0) {
    precondition(denominator.count == numerator.count, "a transfer function has as many numbers above as below")
    self.denominator = denominator
    self.numerator = numerator
    self.feedthrough = feedthrough
  }

  /// Whether all poles lie within the unit circle, by the step-down recursion of Schur and Cohn: every reflection coefficient is below 1.
  ///
  /// For n = 2 these are Jury's conditions |a₂| < 1, |a₁| < 1 + a₂.
  public var isStable: Bool {
    var a = denominator
    while let last = a.last {
      guard abs(last) < 1 else { return false }  // false for NaN as well
      let count = a.count - 1
      let scale = 1 - last * last
      a = (0..<count).map { (a[$0] - last * a[count - 1 - $0]) / scale }
    }
    return true
  }

  /// H at a point of the plane.
  public func value(at z: ComplexNumber) -> ComplexNumber {
    // Both sides times zⁿ, which leaves polynomials in z.
    let above = Polynomial.value(numerator, at: z)
    let below = Polynomial.value([1] + denominator, at: z)
    return ComplexNumber(feedthrough) + above / below
  }

  /// The answer to a signal from rest, in the companion form: n operations a step.
  public func response(to input: [Double]) -> [Double] {
    // x_j is the auxiliary signal w delayed by j + 1: w = u − Σ a_i w_{−i}, y = h₀ u + Σ b_i w_{−i}.
    var delayed = [Double](repeating: 0, count: order)
    return input.map { u in
      var (w, y) = (u, feedthrough * u)
      for i in 0..<order {
        w -= denominator[i] * delayed[i]
        y += numerator[i] * delayed[i]
      }
      if order > 0 {
        delayed.removeLast()
        delayed.insert(w, at: 0)
      }
      return y
    }
  }

  /// The first `length` numbers of the answer to a unit impulse.
  public func kernel(length: Int) -> [Double] {
    guard length > 0 else { return [] }
    return response(to: [1] + [Double](repeating: 0, count: length - 1))
  }

  /// What a discrete Fourier transform of a length L gives in place of the kernel: the kernel wrapped round, K_j = Σ_m k_{j + mL}.
  ///
  /// Evaluated at the L-th roots of unity, as a transform would: the oracle and the small case, L² operations.
  public func wrappedKernel(length: Int) -> [Double] {
    guard length > 0 else { return [] }
    let values = (0..<length).map { value(at: RationalTransferFunction.root($0, of: length)) }
    return (0..<length).map { j in
      (0..<length).reduce(0) { sum, m in
        sum + (values[m] * RationalTransferFunction.root(m * j % length, of: length)).real
      } / Double(length)
    }
  }

  private static func root(_ index: Int, of length: Int) -> ComplexNumber {
    let angle = 2 * Double.pi * Double(index) / Double(length)
    return ComplexNumber(cos(angle), sin(angle))
  }

  /// The numerator c₀ … c_n over the same denominator whose wrapped kernel of this length is the truncated kernel: on the roots of unity
  /// Σ_{j<L} k_j z⁻ʲ = h₀ + (b − r)/a with r_j = Σ_{i≤j} a_i k_{L+j−i}, a₀ = 1, for j = 0 … n − 1.
  public func truncatingNumerator(length: Int) -> [Double] {
    let kernel = self.kernel(length: length + order)
    let a = [1] + denominator
    var corrected = [0] + numerator
    for j in 0..<order {
      for i in 0...j { corrected[j] -= a[i] * kernel[length + j - i] }
    }
    return corrected
  }
}
