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

    /// How many functions an edge has.
    public var count: Int {
      switch self {
      case .spline(_, let cells): cells + 3
      case .bernstein(_, let degree): degree + 1
      case .chebyshev(let degree): degree
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

  /// The functions' values at x [batch, from, 1], as [batch, from, count].
  private mutating func values(of basis: Basis, at x: Int) throws -> Int {
    switch basis {
    case .chebyshev(let degree): return chebyshev(x, degree: degree)
    case .spline(let range, let cells):
      let step = (range.upperBound - range.lowerBound) / Double(cells)
      let centres = (0..<cells + 3).map { range.lowerBound + (Double($0) - 1) * step }
      let inside = clamp(x, range.lowerBound, range.upperBound)
      let places = graph.multiply(graph.subtract(inside, graph.constant(try tensor([cells + 3], centres))), number: 1 / step)
      let (value, slope) = bump(places)
      return continued(value, graph.multiply(slope, number: 1 / step), x, inside)
    case .bernstein(let range, let degree):
      let inside = clamp(x, range.lowerBound, range.upperBound)
      let width = range.upperBound - range.lowerBound
      let t = graph.multiply(graph.add(inside, number: -range.lowerBound), number: 1 / width)
      let value = bernstein(t, degree: degree)
      guard degree > 0 else { return value }
      // B'_j = n (B_{j−1} − B_j) of degree n − 1 (Farouki 2012, equation 16).
      let lower = bernstein(t, degree: degree - 1)
      let ends = graph.multiply(graph.slice(lower, axis: 2, 0..<1), number: 0)
      let slope = graph.subtract(graph.concat([ends, lower], axis: 2), graph.concat([lower, ends], axis: 2))
      return continued(value, graph.multiply(slope, number: Double(degree) / width), x, inside)
    }
  }

  /// b + b'·(x − inside): the end's value and slope outside the range, b itself inside.
  private mutating func continued(_ value: Int, _ slope: Int, _ x: Int, _ inside: Int) -> Int {
    let beyond = graph.subtract(x, inside)
    return graph.add(value, graph.multiply(slope, beyond))
  }

  /// The cubic B-spline ((2 − |u|)₊³ − 4 (1 − |u|)₊³)/6 and its slope (de Boor 1978, chapter IX, in truncated powers).
  private mutating func bump(_ u: Int) -> (value: Int, slope: Int) {
    let distance = graph.one("Abs", [u])
    let outer = relu(graph.subtract(number: 2, distance))
    let inner = relu(graph.subtract(number: 1, distance))
    let (outerSquare, innerSquare) = (graph.multiply(outer, outer), graph.multiply(inner, inner))
    let cubes = graph.subtract(graph.multiply(outerSquare, outer), graph.multiply(graph.multiply(innerSquare, inner), number: 4))
    let squares = graph.subtract(graph.multiply(innerSquare, number: 4), outerSquare)
    let slope = graph.multiply(graph.multiply(squares, graph.one("Sign", [u])), number: 0.5)
    return (graph.multiply(cubes, number: 1 / 6.0), slope)
  }

  /// B_j = C(n, j) tʲ (1 − t)ⁿ⁻ʲ along axis 2.
  private mutating func bernstein(_ t: Int, degree: Int) -> Int {
    let rest = graph.subtract(number: 1, t)
    func powers(_ base: Int) -> [Int] {
      var list = [graph.add(graph.multiply(base, number: 0), number: 1)]
      for _ in 0..<degree { list.append(graph.multiply(list[list.count - 1], base)) }
      return list
    }
    let (rising, falling) = (powers(t), powers(rest))
    var binomial = 1.0
    let parts = (0...degree).map { place -> Int in
      let part = graph.multiply(graph.multiply(rising[place], falling[degree - place]), number: binomial)
      binomial = binomial * Double(degree - place) / Double(place + 1)
      return part
    }
    return graph.concat(parts, axis: 2)
  }

  /// T₁ … T_degree of z = tanh x along axis 2: T_{k+1} = 2 z T_k − T_{k−1}.
  private mutating func chebyshev(_ x: Int, degree: Int) -> Int {
    let z = graph.one("Tanh", [x])
    let twice = graph.multiply(z, number: 2)
    var list = [z]
    while list.count < degree {
      let last = graph.multiply(twice, list[list.count - 1])
      list.append(list.count == 1 ? graph.add(last, number: -1) : graph.subtract(last, list[list.count - 2]))
    }
    return graph.concat(list, axis: 2)
  }
}
