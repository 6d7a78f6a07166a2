internal import Foundation
internal import ModelFiles

/// Layers whose edges are learned functions of one number: y_o = Σ_i f_oi(x_i), f_oi = Σ_k c_oik b_k (Liu et al. 2024, "KAN").
extension NetworkBuilder {
  /// The functions that an edge is made of.
  public enum Basis: Sendable {
    /// Cubic B-splines over `cells` equal intervals of `range`; outside it the edge goes on along its end's slope.
    case spline(range: ClosedRange<Double>, cells: Int)
    /// Bernstein's polynomials of a degree over `range`, with the same continuation.
    case bernstein(range: ClosedRange<Double>, degree: Int)
    /// Chebyshev's polynomials T₁ … of tanh x; T₀, which is the same for all edges, is the output's bias.
    case chebyshev(degree: Int)
    /// Jacobi's polynomials P₁ … of tanh x with exponents a, b > −1, each divided by P_n(1) so that its scale does not depend on them.
    case jacobi(degree: Int, a: Double, b: Double)
    /// Hermite's functions ψ₀ … ψ_degree, which are bounded: x goes in as it is.
    case hermite(degree: Int)

    /// How many functions an edge has.
    public var count: Int {
      switch self {
      case .spline(_, let cells): cells + 3
      case .bernstein(_, let degree): degree + 1
      case .chebyshev(let degree), .jacobi(let degree, _, _): degree
      case .hermite(let degree): degree + 1
      }
    }
  }

  /// - Parameters:
  ///   - x: [batch, from].
  ///   - start: The coefficients [from · count, to] to begin with; seeded ones otherwise.
  /// - Returns: [batch, to].
  public mutating func edges(
    _ x: Int, _ name: String, from: Int, to: Int, basis: Basis, start: [Double]? = nil
  ) throws -> Int {
    try scoped(name) { builder in
      let rows = from * basis.count
      // As many independent functions of size about one meet in an output as there are inputs.
      let first = start.map { NetworkBuilder.Start.values($0) } ?? .normal(deviation: (1 / Double(from)).squareRoot())
      let weight = try builder.parameter("coefficients", [rows, to], first)
      let bias = try builder.parameter("bias", [to], .constant(0), isDecayed: false)
      let column = builder.graph.reshape(x, [0, from, 1])
      let values = try builder.values(of: basis, at: column)
      return builder.marked(builder.graph.one("Gemm", [builder.graph.reshape(values, [-1, rows]), weight, bias]))
    }
  }
}
