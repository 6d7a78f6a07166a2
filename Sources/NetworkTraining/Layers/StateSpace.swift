internal import Foundation
internal import ModelFiles
internal import NetworkGraph

/// A diagonal state-space layer (Gu, Goel, Gupta and Ré 2022, "S4D").
extension NetworkBuilder {
  /// y = K ∗ u + D u for each channel, K_l = 2 Re Σ C_n B̄_n Ā_nˡ with Ā = exp(Δ A) and B̄ = (Ā − 1)/A (S4D, equations 3, 6 and 7): the state
  /// x' = Ā x + B̄ u seen through 2 Re C x, as one convolution over all steps.
  ///
  /// Learned are ln(−Re A), Im A and C (`modes` complex numbers a channel, conjugates implied), ln Δ and D. Δ begins log-uniformly in
  /// [0.001, 0.1], C with normal deviates of variance one, D with 1.
  ///
  /// - Parameters:
  ///   - x: [batch, steps, width].
  ///   - start: What A begins with.
  /// - Returns: [batch, steps, width].
  public mutating func stateSpace(
    _ x: Int, _ name: String, steps: Int, width: Int, modes: Int, start: StateSpaceStart = .linear
  ) throws -> Int {
    guard steps > 0, modes > 0 else { throw TrainingError("The layer '\(name)' needs at least one step and one mode.") }
    return try scoped(name) { builder in
      let kernel = try builder.stateSpaceKernel(steps: steps, width: width, modes: modes, start: start)
      let direct = try builder.parameter("direct", [width], .constant(1), isDecayed: false)
      let planes = builder.graph.transpose(x, [0, 2, 1])
      let attributes: [String: Attribute] = [
        "kernel_shape": .integers([Int64(steps)]), "group": .integer(Int64(width)), "pads": .integers([Int64(steps) - 1, 0]),
      ]
      let weight = builder.graph.reshape(kernel, [width, 1, steps])
      let seen = builder.graph.transpose(builder.graph.one("Conv", [planes, weight], attributes), [0, 2, 1])
      return builder.marked(builder.graph.add(seen, builder.graph.multiply(x, direct)))
    }
  }

  /// K [width, steps], the last step first, as a convolution's kernel lies.
  private mutating func stateSpaceKernel(steps: Int, width: Int, modes: Int, start: StateSpaceStart) throws -> Int {
    let shape = [width, modes, 1]
    let frequencies = start.frequencies(modes)
    let decay = try parameter("logarithm of decay", shape, .constant(log(0.5)), isDecayed: false)
    let all = (0..<width).flatMap { _ in frequencies }
    let frequency = try parameter("frequency", shape, .values(all), isDecayed: false)
    let (real, imaginary) = (
      try parameter("output, real", shape, .normal(deviation: 0.5.squareRoot())),
      try parameter("output, imaginary", shape, .normal(deviation: 0.5.squareRoot()))
    )
    let interval = try parameter("logarithm of step", [width, 1, 1], .logUniform(0.001...0.1), isDecayed: false)
    let step = graph.one("Exp", [interval])
    let pole = Complex(real: graph.negative(graph.one("Exp", [decay])), imaginary: frequency)
    let turn = Complex(real: graph.multiply(pole.real, step), imaginary: graph.multiply(pole.imaginary, step))
    let one = exponential(turn)
    let input = quotient(Complex(real: graph.add(one.real, number: -1), imaginary: one.imaginary), pole)
    let factor = product(Complex(real: real, imaginary: imaginary), input)
    let places = graph.constant(try tensor([1, 1, steps], (0..<steps).reversed().map(Double.init)))
    let powers = exponential(Complex(real: graph.multiply(turn.real, places), imaginary: graph.multiply(turn.imaginary, places)))
    return graph.multiply(graph.sum(product(factor, powers).real, axes: [1], keepsAxes: false), number: 2)
  }

  /// A complex value of the graph.
  private struct Complex {
    let real: Int
    let imaginary: Int
  }

  private mutating func exponential(_ a: Complex) -> Complex {
    let size = graph.one("Exp", [a.real])
    let (cosine, sine) = (graph.one("Cos", [a.imaginary]), graph.one("Sin", [a.imaginary]))
    return Complex(real: graph.multiply(size, cosine), imaginary: graph.multiply(size, sine))
  }

  private mutating func product(_ a: Complex, _ b: Complex) -> Complex {
    let real = graph.subtract(graph.multiply(a.real, b.real), graph.multiply(a.imaginary, b.imaginary))
    return Complex(real: real, imaginary: graph.add(graph.multiply(a.real, b.imaginary), graph.multiply(a.imaginary, b.real)))
  }

  private mutating func quotient(_ a: Complex, _ b: Complex) -> Complex {
    let square = graph.add(graph.multiply(b.real, b.real), graph.multiply(b.imaginary, b.imaginary))
    let turned = product(a, Complex(real: b.real, imaginary: graph.negative(b.imaginary)))
    return Complex(real: graph.divide(turned.real, square), imaginary: graph.divide(turned.imaginary, square))
  }
}

/// The frequencies that the modes of a state-space layer begin with; each decays with ½.
public enum StateSpaceStart: Sendable {
  /// π n: a Fourier basis (S4D-Lin, equation 9).
  case linear
  /// N/π (N/(2n + 1) − 1) for a state of N = 2 modes (S4D-Inv, equation 8).
  case inverse
  /// Those of the HiPPO-LegS matrix but for its part of rank one: the eigenvalues of A + P Pᵀ, whose skew part is
  /// ±½ √((2n + 1)(2k + 1)) (Gu et al. 2022, section 4.1).
  case legendre

  /// The positive frequencies, in radians for each unit of time.
  public func frequencies(_ modes: Int) -> [Double] {
    let size = 2 * modes
    switch self {
    case .linear: return (0..<modes).map { .pi * Double($0) }
    case .inverse: return (0..<modes).map { Double(size) / .pi * (Double(size) / Double(2 * $0 + 1) - 1) }
    case .legendre:
      let skew = (0..<size).map { row in
        (0..<size).map { column -> Double in
          let value = 0.5 * (Double(2 * row + 1) * Double(2 * column + 1)).squareRoot()
          return row == column ? 0 : row > column ? -value : value
        }
      }
      // The squares of a skew matrix's frequencies are the eigenvalues of SᵀS, each twice.
      let square = (0..<size).map { row in
        (0..<size).map { column in (0..<size).reduce(0.0) { $0 + skew[$1][row] * skew[$1][column] } }
      }
      let values = StateSpaceStart.eigenvalues(square).sorted()
      return (0..<modes).map { max(0, values[2 * $0]).squareRoot() }
    }
  }

  /// The eigenvalues of a symmetric matrix by Jacobi's rotations (Golub and Van Loan 2013, section 8.5).
  private static func eigenvalues(_ matrix: [[Double]]) -> [Double] {
    var a = matrix
    let size = a.count
    // Sweeps converge quadratically; twenty are more than any size needs.
    for _ in 0..<20 {
      for p in 0..<size {
        for q in p + 1..<max(size, p + 1) where a[p][q] != 0 {
          let ratio = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
          let cosine = 1 / (tangent * tangent + 1).squareRoot()
          let sine = tangent * cosine
          for k in 0..<size { (a[k][p], a[k][q]) = (cosine * a[k][p] - sine * a[k][q], sine * a[k][p] + cosine * a[k][q]) }
          for k in 0..<size { (a[p][k], a[q][k]) = (cosine * a[p][k] - sine * a[q][k], sine * a[p][k] + cosine * a[q][k]) }
        }
      }
    }
    return (0..<size).map { a[$0][$0] }
  }
}
