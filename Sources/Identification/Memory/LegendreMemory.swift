import Foundation
import Splines

/// How a continuous state-space model is brought to steps of time.
public enum Discretization: String, Sendable, CaseIterable {
  /// The trapezoidal rule (Tustin): Ā = (I − DA/2)⁻¹(I + DA/2), B̄ = (I − DA/2)⁻¹ D B.
  case bilinear
  /// The input held over each step: Ā = e^{DA}, B̄ = ∫₀ᴰ e^{tA} dt B.
  case zeroOrderHold
}

/// A continuous linear model dx/dt = A x + B u of one input whose state holds the input's past as coefficients of Legendre polynomials.
///
/// HiPPO: A. Gu, T. Dao, S. Ermon, A. Rudra and C. Ré, "HiPPO: Recurrent memory with optimal polynomial projections", NeurIPS 2020, section 2
/// and appendix D. With R_n = √(2n + 1), the polynomials R_n P_n(2s − 1) are orthonormal on [0, 1].
public struct LegendreMemory: Sendable, Hashable {
  /// Which part of the past is held.
  public enum Measure: String, Sendable, CaseIterable {
    /// The whole past, scaled onto [0, 1] (LegS): dx/dt = (A x + B u)/t.
    case wholePast
    /// A window of fixed length θ (LegT): dx/dt = (A x + B u)/θ.
    case window
  }

  /// Which part of the past its coefficients hold.
  public let measure: Measure
  /// N × N, without the factor of time.
  public let a: Matrix
  /// N numbers, without the factor of time.
  public let b: [Double]

  /// The number of coefficients.
  public var order: Int { b.count }

  /// The matrices of a measure with `order` coefficients.
  ///
  /// LegS: A_nk = −R_n R_k for n > k, −(n + 1) for n = k, 0 otherwise. LegT: A_nk = −R_n R_k for k ≤ n, −R_n R_k (−1)^{n−k} otherwise.
  /// B_n = R_n in both.
  public init(_ measure: Measure, order: Int) {
    precondition(order > 0 && order <= LegendreMemory.largestOrder, "a memory has 1 to \(LegendreMemory.largestOrder) coefficients")
    self.measure = measure
    let r = (0..<order).map { Double(2 * $0 + 1).squareRoot() }
    var a = Matrix(rows: order, columns: order)
    for n in 0..<order {
      for k in 0..<order {
        switch measure {
        case .wholePast: a[n, k] = n > k ? -r[n] * r[k] : n == k ? -Double(n + 1) : 0
        case .window: a[n, k] = k <= n || (n - k).isMultiple(of: 2) ? -r[n] * r[k] : r[n] * r[k]
        }
      }
    }
    self.a = a
    b = r
  }

  /// A bound on the size of the matrices; polynomials of higher degree are not told apart from noise in doubles.
  public static let largestOrder = 256

  /// Ā and B̄ for a step D, in units of θ for a window.
  ///
  /// - Returns: nil for a step that is not finite and positive.
  public func discretized(step: Double, _ rule: Discretization) -> (a: Matrix, b: [Double])? {
    guard step.isFinite, step > 0 else { return nil }
    let input = Matrix(b.map { [$0] })
    switch rule {
    case .bilinear:
      let half = (step / 2) * a
      let left = Matrix.identity(order) - half
      guard let state = left.solved(Matrix.identity(order) + half), let drive = left.solved(step * input) else { return nil }
      return (state, drive.values)
    case .zeroOrderHold:
      // The exponential of [[A, B], [0, 0]] D holds both, also where A has no inverse.
      var joined = Matrix(rows: order + 1, columns: order + 1)
      for n in 0..<order {
        for k in 0..<order { joined[n, k] = step * a[n, k] }
        joined[n, order] = step * b[n]
      }
      let exponential = joined.exponential
      guard exponential.isFinite else { return nil }
      var state = Matrix(rows: order, columns: order)
      for n in 0..<order {
        for k in 0..<order { state[n, k] = exponential[n, k] }
      }
      return (state, (0..<order).map { exponential[$0, order] })
    }
  }

  /// The values R_n P_n(x) for n = 0 ... order − 1, by the recursion (n + 1) P_{n+1} = (2n + 1) x P_n − n P_{n−1}.
  static func polynomials(at x: Double, order: Int) -> [Double] {
    var values: [Double] = []
    var (last, next) = (0.0, 1.0)
    for n in 0..<order {
      values.append(Double(2 * n + 1).squareRoot() * next)
      (last, next) = (next, (Double(2 * n + 1) * x * next - Double(n) * last) / Double(n + 1))
    }
    return values
  }

  /// Σ x_n R_n P_n(x) for coefficients of orthonormal polynomials.
  static func value(of state: [Double], at x: Double) -> Double {
    zip(state, polynomials(at: x, order: state.count)).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

extension Matrix {
  /// e^self, by scaling, a Taylor series and squaring (C. Moler and C. Van Loan, SIAM Review 45, 2003, method 3).
  ///
  /// Not finite where the result is beyond doubles.
  public var exponential: Matrix {
    precondition(rows == columns, "only square matrices have an exponential")
    let norm = (0..<rows).map { row in (0..<columns).reduce(0) { $0 + abs(self[row, $1]) } }.max() ?? 0
    guard norm.isFinite else { return Double.nan * self }
    // Scaled to a norm below a half the series of 18 terms has an error below 2⁻¹⁸/18!, that is below one part in 10²¹.
    // Bounded: the norm is finite, and log₂ of the greatest double is 1,024.
    let squarings = norm > 0.5 ? min(Int(log2(norm / 0.5).rounded(.up)), Matrix.mostSquarings) : 0
    let scaled = pow(2, -Double(squarings)) * self
    var result = Matrix.identity(rows)
    var term = result
    for k in 1...Matrix.seriesTerms {
      term = (1 / Double(k)) * (scaled * term)
      result = result + term
    }
    for _ in 0..<squarings { result = result * result }
    return result
  }

  private static let seriesTerms = 18
  /// Beyond 2¹⁰²⁴ no double is scaled any more.
  private static let mostSquarings = 1024
}
