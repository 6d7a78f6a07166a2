internal import Foundation
internal import ModelFiles
internal import NetworkGraph

/// The functions that learned edges are made of.
extension NetworkBuilder {
  /// The functions' values at x [batch, from, 1], as [batch, from, count].
  mutating func values(of basis: Basis, at x: Int) throws -> Int {
    switch basis {
    case .chebyshev(let degree): return chebyshev(x, degree: degree)
    case .jacobi(let degree, let a, let b): return jacobi(x, degree: degree, a, b)
    case .hermite(let degree): return hermite(x, degree: degree)
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
      return continued(value, graph.multiply(bernsteinSlope(t, degree: degree), number: 1 / width), x, inside)
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

  /// B'_j = n (B_{j−1} − B_j) of degree n − 1, over t along the last axis (Farouki 2012, equation 16); n > 0.
  mutating func bernsteinSlope(_ t: Int, degree: Int) -> Int {
    let lower = bernstein(t, degree: degree - 1)
    let ends = graph.multiply(graph.slice(lower, axis: -1, 0..<1), number: 0)
    let difference = graph.subtract(graph.concat([ends, lower], axis: -1), graph.concat([lower, ends], axis: -1))
    return graph.multiply(difference, number: Double(degree))
  }

  /// B_j = C(n, j) tʲ (1 − t)ⁿ⁻ʲ along the last axis, which has one place in t.
  mutating func bernstein(_ t: Int, degree: Int) -> Int {
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
    return graph.concat(parts, axis: -1)
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

  /// P_n(z)/P_n(1), n from 1, of z = tanh x along axis 2. With q = 2n + a + b: 2n (n + a + b)(q − 2) P_n = (q − 1)(q (q − 2) z + a² − b²) P_{n−1}
  /// − 2 (n + a − 1)(n + b − 1) q P_{n−2} (Abramowitz and Stegun 1964, 22.7.1), P_n(1) = (a + 1)…(a + n)/n!.
  private mutating func jacobi(_ x: Int, degree: Int, _ a: Double, _ b: Double) -> Int {
    let z = graph.one("Tanh", [x])
    var list = [graph.add(graph.multiply(z, number: (a + b + 2) / 2), number: (a - b) / 2)]
    for n in stride(from: 2, through: degree, by: 1) {
      let (order, q) = (Double(n), 2 * Double(n) + a + b)
      let scale = 1 / (2 * order * (order + a + b) * (q - 2))
      let factor = graph.add(graph.multiply(z, number: (q - 1) * q * (q - 2) * scale), number: (q - 1) * (a * a - b * b) * scale)
      let former = 2 * (order + a - 1) * (order + b - 1) * q * scale
      let next = graph.multiply(factor, list[n - 2])
      list.append(
        n == 2 ? graph.add(next, number: -former) : graph.subtract(next, graph.multiply(list[n - 3], number: former)))
    }
    var end = 1.0
    for n in 1...max(1, degree) {
      end *= (a + Double(n)) / Double(n)
      list[n - 1] = graph.multiply(list[n - 1], number: 1 / end)
    }
    return graph.concat(list, axis: 2)
  }

  /// ψ₀ = π^{−1/4} e^{−x²/2}, ψ₁ = √2 x ψ₀, ψ_{n+1} = √(2/(n + 1)) x ψ_n − √(n/(n + 1)) ψ_{n−1} along axis 2 (Abramowitz and Stegun 1964,
  /// 22.7.13, normalized).
  private mutating func hermite(_ x: Int, degree: Int) -> Int {
    let bell = graph.one("Exp", [graph.multiply(graph.multiply(x, x), number: -0.5)])
    var list = [graph.multiply(bell, number: pow(.pi, -0.25))]
    for n in stride(from: 0, to: degree, by: 1) {
      let next = graph.multiply(graph.multiply(x, list[n]), number: (2 / Double(n + 1)).squareRoot())
      let former = (Double(n) / Double(n + 1)).squareRoot()
      list.append(n == 0 ? next : graph.subtract(next, graph.multiply(list[n - 1], number: former)))
    }
    return graph.concat(list, axis: 2)
  }
}
