internal import Foundation
internal import NetworkGraph

/// Functions of one number, fixed and learned. Those that ONNX has are used by their names.
extension NetworkBuilder {
  /// max(x, 0).
  public mutating func relu(_ x: Int) -> Int { graph.one("Relu", [x]) }
  /// x Φ(x), Φ the normal distribution (Hendrycks and Gimpel 2016).
  public mutating func gelu(_ x: Int) -> Int { graph.one("Gelu", [x]) }
  /// x sigmoid(x) (Elfwing et al. 2017).
  public mutating func silu(_ x: Int) -> Int {
    let gate = graph.one("Sigmoid", [x])
    return graph.multiply(x, gate)
  }
  /// max(x, 0)².
  public mutating func squaredRelu(_ x: Int) -> Int {
    let positive = relu(x)
    return graph.multiply(positive, positive)
  }
  /// min(max(x, low), high); slope one inside and on the bounds, zero outside.
  public mutating func clamp(_ x: Int, _ low: Double = 0, _ high: Double = 1) -> Int {
    let bounds = [graph.constant(low), graph.constant(high)]
    return graph.one("Clip", [x] + bounds)
  }
  /// 3t² − 2t³ of t = x within [0, 1].
  public mutating func smoothstep(_ x: Int) -> Int {
    let t = clamp(x)
    let square = graph.multiply(t, t)
    let rest = graph.add(graph.multiply(t, number: -2), number: 3)
    return graph.multiply(square, rest)
  }

  /// x Φ((x − μ)/s) with learned μ and s = exp ρ, which begin as 0 and 1.
  public mutating func learnedGelu(_ x: Int, _ name: String) throws -> Int {
    try scoped(name) { builder in
      let mean = try builder.parameter("mean", [1], .constant(0), isDecayed: false)
      let logarithm = try builder.parameter("logarithm of deviation", [1], .constant(0), isDecayed: false)
      let deviation = builder.graph.one("Exp", [logarithm])
      let u = builder.graph.divide(builder.graph.subtract(x, mean), deviation)
      let error = builder.graph.one("Erf", [builder.graph.multiply(u, number: 0.5.squareRoot())])
      let share = builder.graph.multiply(builder.graph.add(error, number: 1), number: 0.5)
      return builder.marked(builder.graph.multiply(x, share))
    }
  }

  /// The safe Padé activation P/(1 + |S|), P = Σ aⱼ xʲ from j = 0, S = Σ bₖ xᵏ from k = 1 (Molina, Schramowski and Kersting 2019,
  /// equation 3).
  ///
  /// - Parameters:
  ///   - numerator: What a begins with.
  ///   - denominator: What b begins with.
  public mutating func pade(_ x: Int, _ name: String, numerator: [Double], denominator: [Double]) throws -> Int {
    try scoped(name) { builder in
      let a = try builder.parameter("numerator", [numerator.count], .values(numerator), isDecayed: false)
      let b = try builder.parameter("denominator", [denominator.count], .values(denominator), isDecayed: false)
      let top = builder.polynomial(x, a, count: numerator.count)
      let bottom = builder.graph.multiply(builder.polynomial(x, b, count: denominator.count), x)
      let magnitude = builder.graph.add(builder.graph.one("Abs", [bottom]), number: 1)
      return builder.marked(builder.graph.divide(top, magnitude))
    }
  }

  /// The Padé activation in Bernstein's form Σ w_j f_j B_j/Σ w_j B_j over `range`, w_j = exp s_j, w₀ = 1: the denominator is at least the least
  /// w_j, so that there is no pole, and the result lies between the least and the greatest f_j. Outside the range it goes on straight
  /// (rational Bézier curves: Farin 2002, section 13.1).
  ///
  /// - Parameter values: What f begins with, f₀ … f_n, n > 0.
  public mutating func rational(_ x: Int, _ name: String, range: ClosedRange<Double>, values: [Double]) throws -> Int {
    guard values.count > 1, range.upperBound > range.lowerBound else {
      throw TrainingError("The activation '\(name)' needs two values or more and a range that is no point.")
    }
    let (degree, width) = (values.count - 1, range.upperBound - range.lowerBound)
    return try scoped(name) { builder in
      let f = try builder.parameter("values", [degree + 1], .values(values), isDecayed: false)
      let free = try builder.parameter("logarithms of weights", [degree], .constant(0), isDecayed: false)
      let first = builder.graph.multiply(builder.graph.slice(free, axis: 0, 0..<1), number: 0)
      let weights = builder.graph.one("Exp", [builder.graph.concat([first, free], axis: 0)])
      let weighted = builder.graph.multiply(weights, f)
      let inside = builder.clamp(x, range.lowerBound, range.upperBound)
      let share = builder.graph.multiply(builder.graph.add(inside, number: -range.lowerBound), number: 1 / width)
      let t = builder.graph.one("Unsqueeze", [share, builder.graph.integers([-1])])
      func sum(_ basis: Int, _ factors: Int) -> Int {
        builder.graph.sum(builder.graph.multiply(basis, factors), axes: [-1], keepsAxes: false)
      }
      let (basis, slopes) = (builder.bernstein(t, degree: degree), builder.bernsteinSlope(t, degree: degree))
      let bottom = sum(basis, weights)
      let value = builder.graph.divide(sum(basis, weighted), bottom)
      // (N/Q)' = (N' − (N/Q) Q')/Q.
      let change = builder.graph.subtract(sum(slopes, weighted), builder.graph.multiply(value, sum(slopes, weights)))
      let slope = builder.graph.multiply(builder.graph.divide(change, bottom), number: 1 / width)
      let beyond = builder.graph.multiply(slope, builder.graph.subtract(x, inside))
      return builder.marked(builder.graph.add(value, beyond))
    }
  }

  /// Σ cⱼ xʲ by Horner's rule.
  private mutating func polynomial(_ x: Int, _ coefficients: Int, count: Int) -> Int {
    var result = graph.slice(coefficients, axis: 0, count - 1..<count)
    for place in (0..<count - 1).reversed() {
      let coefficient = graph.slice(coefficients, axis: 0, place..<place + 1)
      result = graph.add(graph.multiply(result, x), coefficient)
    }
    return result
  }
}
