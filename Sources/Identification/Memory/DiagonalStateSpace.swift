import Foundation
import Splines

/// A linear model of one input and one output whose state matrix is diagonal: S4D.
///
/// x' = λ x + u for each of N/2 complex states, whose conjugates are implied; y = 2 Re Σ C_n x_n + D u. A. Gu, A. Gupta, K. Goel and C. Ré,
/// "On the parameterization and initialization of diagonal state space models", NeurIPS 2022.
public struct DiagonalStateSpace: Sendable, Hashable {
  /// Where the poles start.
  public enum Start: String, Sendable, CaseIterable {
    /// λ_n = −½ + iπn (S4D-Lin).
    case linear
    /// λ_n = −½ + i (N/π)(N/(2n + 1) − 1) (S4D-Inv).
    case inverse
    /// The eigenvalues of the normal part of HiPPO-LegS: A + P Pᵀ with P_n = √(n + ½).
    case legendre
  }

  /// λ_n, per unit of time; real parts below zero for a stable model.
  public var poles: [ComplexNumber]
  /// C_n.
  public var output: [ComplexNumber]
  /// D.
  public var feedthrough: Double

  /// - Parameters:
  ///   - poles: One of each pair of conjugates.
  ///   - output: As many factors.
  public init(poles: [ComplexNumber], output: [ComplexNumber], feedthrough: Double = 0) {
    precondition(poles.count == output.count, "every pole has its factor")
    self.poles = poles
    self.output = output
    self.feedthrough = feedthrough
  }

  /// The poles that training starts from: one of each pair of conjugates, by rising imaginary part.
  ///
  /// - Parameter order: N, even, the number of real states.
  public static func poles(_ start: Start, order: Int) -> [ComplexNumber] {
    precondition(order > 0 && order.isMultiple(of: 2) && order <= LegendreMemory.largestOrder, "the number of states is even")
    let half = order / 2
    switch start {
    case .linear: return (0..<half).map { ComplexNumber(-0.5, .pi * Double($0)) }
    case .inverse:
      let n = Double(order)
      return (0..<half).reversed().map { ComplexNumber(-0.5, n / .pi * (n / Double(2 * $0 + 1) - 1)) }
    case .legendre: return legendreFrequencies(order).map { ComplexNumber(-0.5, $0) }
    }
  }

  /// The frequencies ω of A + P Pᵀ = −½ I + S, P being B/√2: S is skew-symmetric, so S Sᵀ has each ω² twice.
  private static func legendreFrequencies(_ order: Int) -> [Double] {
    let memory = LegendreMemory(.wholePast, order: order)
    var skew = memory.a
    for n in 0..<order {
      for k in 0..<order { skew[n, k] = n == k ? 0 : skew[n, k] + memory.b[n] * memory.b[k] / 2 }
    }
    let squares = (skew * skew.transposed).symmetricEigenvalues
    return stride(from: 0, to: order, by: 2).map { max(0, (squares[$0] + squares[$0 + 1]) / 2).squareRoot() }
  }

  /// Ā_n and B̄_n for a step, the input held: e^{Dλ} and (e^{Dλ} − 1)/λ.
  public func discretized(step: Double) -> [(a: ComplexNumber, b: ComplexNumber)] {
    poles.map { pole in
      let size = exp(step * pole.real)
      let a = ComplexNumber(size * cos(step * pole.imaginary), size * sin(step * pole.imaginary))
      // Near zero the quotient would lose its digits; its limit is the step.
      let isSmall = step * pole.magnitude < 1e-8
      return (a, isSmall ? ComplexNumber(step) : (a - ComplexNumber(1)) / pole)
    }
  }

  /// The first `length` numbers of the answer to a unit impulse: K_l = 2 Re Σ C_n B̄_n Ā_n^l, and D in the first.
  public func kernel(length: Int, step: Double) -> [Double] {
    var kernel = [Double](repeating: 0, count: max(0, length))
    for ((a, b), c) in zip(discretized(step: step), output) {
      var term = c * b
      for index in kernel.indices {
        kernel[index] += 2 * term.real
        term = term * a
      }
    }
    if !kernel.isEmpty { kernel[0] += feedthrough }
    return kernel
  }

  /// The answer to a signal from rest, step by step.
  public func response(to input: [Double], step: Double) -> [Double] {
    let maps = discretized(step: step)
    var state = [ComplexNumber](repeating: ComplexNumber(0), count: poles.count)
    return input.map { u in
      var sum = feedthrough * u
      for n in state.indices {
        state[n] = maps[n].a * state[n] + maps[n].b * ComplexNumber(u)
        sum += 2 * (output[n] * state[n]).real
      }
      return sum
    }
  }
}

extension Matrix {
  /// The eigenvalues of a symmetric matrix in ascending order, by Jacobi's cyclic rotations (G. Golub and C. Van Loan, "Matrix
  /// computations", section 8.5).
  var symmetricEigenvalues: [Double] {
    precondition(rows == columns, "only square matrices have eigenvalues")
    var matrix = self
    let scale = values.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<Matrix.mostSweeps {
      var rest = 0.0
      for p in 0..<rows {
        for q in (p + 1)..<max(rows, p + 1) { rest += matrix[p, q] * matrix[p, q] }
      }
      guard rest > scale * 1e-32 else { break }
      for p in 0..<rows {
        for q in (p + 1)..<max(rows, p + 1) where matrix[p, q] != 0 { matrix.rotate(p, q) }
      }
    }
    return (0..<rows).map { matrix[$0, $0] }.sorted()
  }

  /// Rotates the plane of two axes so that their common element vanishes.
  private mutating func rotate(_ p: Int, _ q: Int) {
    let ratio = (self[q, q] - self[p, p]) / (2 * self[p, q])
    let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    for k in 0..<rows {
      let (a, b) = (self[k, p], self[k, q])
      self[k, p] = cosine * a - sine * b
      self[k, q] = sine * a + cosine * b
    }
    for k in 0..<rows {
      let (a, b) = (self[p, k], self[q, k])
      self[p, k] = cosine * a - sine * b
      self[q, k] = sine * a + cosine * b
    }
  }

  /// Jacobi's method converges quadratically: ten sweeps are many.
  private static let mostSweeps = 30
}
