import Splines

/// A model's behaviour for small changes about a point, from one sample to the next.
public struct LinearPart: Sendable {
  /// n × n, n × m, p × n and p × m.
  public var a: Matrix
  /// Input to state, n × m.
  public var b: Matrix
  /// State to output, p × n.
  public var c: Matrix
  /// Input to output within a sample, p × m.
  public var d: Matrix

  /// The eigenvalues of A, n of them with their multiplicity.
  public var poles: [ComplexNumber] { Polynomial.roots(Polynomial.characteristic(a)) }

  /// The largest magnitude of a pole; below 1 for a stable model.
  public var radius: Double { poles.map(\.magnitude).max() ?? 0 }

  /// The zeros from an input to an output: roots of det(zI − A + b c) − det(zI − A) + d det(zI − A).
  public func zeros(input: Int = 0, output: Int = 0) -> [ComplexNumber] {
    var product = Matrix(rows: a.rows, columns: a.columns)
    for row in 0..<a.rows {
      for column in 0..<a.columns { product[row, column] = b[row, input] * c[output, column] }
    }
    let characteristic = Polynomial.characteristic(a)
    let closed = Polynomial.characteristic(a - product)
    return Polynomial.roots(zip(closed, characteristic).map { $0 - $1 + d[output, input] * $1 })
  }

  /// The gain at frequency zero: C (I − A)⁻¹ B + D; nil with a pole at 1.
  public var staticGain: Matrix? {
    (Matrix.identity(a.rows) - a).solved(b).map { c * $0 + d }
  }

  /// The observer gain L with all eigenvalues of A − L C at zero, for one output (J. Ackermann, 1972); nil where the state cannot be
  /// observed.
  public var deadbeatGain: [Double]? {
    let n = a.rows
    var observability = Matrix(rows: n, columns: n)
    var row = Matrix([Array(c.values.prefix(n))])
    for index in 0..<n {
      for column in 0..<n { observability[index, column] = row[0, column] }
      row = row * a
    }
    var unit = Matrix(rows: n, columns: 1)
    unit[n - 1, 0] = 1
    guard var gain = observability.solved(unit), gain.isFinite else { return nil }
    for _ in 0..<n { gain = a * gain }
    return gain.isFinite ? gain.values : nil
  }
}

extension StateSpaceModel {
  /// The behaviour about the mean of the data, where all scaled signals are zero.
  public var linearized: LinearPart { linearized(state: [Double](repeating: 0, count: stateCount)) }

  /// The behaviour for small changes about a scaled state, the inputs at their means and constant between samples.
  public func linearized(state: [Double]) -> LinearPart {
    let (n, m, p) = (stateCount, inputCount, outputCount)
    let kernel = SensitivityKernel(self, withSensitivities: true)
    var part = LinearPart(
      a: Matrix(rows: n, columns: n), b: Matrix(rows: n, columns: m), c: Matrix(rows: p, columns: n),
      d: Matrix(rows: p, columns: m))
    let zero = [Double](repeating: 0, count: m)
    kernel.begin(at: state)
    kernel.computeOutput(zero)
    for row in 0..<p {
      for column in 0..<n { part.c[row, column] = kernel.outputSensitivity[row * kernel.stride + kernel.parameterCount + column] }
    }
    kernel.advance(zero, next: zero)
    for row in 0..<n {
      for column in 0..<n { part.a[row, column] = kernel.stateSensitivity[row * kernel.stride + kernel.parameterCount + column] }
    }
    // By central differences, exact for the linear part; small beside a standard deviation, large beside rounding.
    let step = 1e-4
    let plain = SensitivityKernel(self, withSensitivities: false)
    for input in 0..<m {
      for sign in [-1.0, 1] {
        var u = zero
        u[input] = sign * step
        plain.begin(at: state)
        plain.computeOutput(u)
        for row in 0..<p { part.d[row, input] += sign * plain.output[row] / (2 * step) }
        plain.advance(u, next: u)
        for row in 0..<n { part.b[row, input] += sign * plain.state[row] / (2 * step) }
      }
    }
    return part
  }
}
