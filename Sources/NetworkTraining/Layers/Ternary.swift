internal import ModelFiles
internal import NetworkGraph

/// Layers whose weights are −g, 0 or g.
extension NetworkBuilder {
  /// y = x (g Wq) + b with g = mean |W| and Wq = clip(round(W/(g + ε)), −1, 1) (Ma et al. 2024, "BitNet b1.58", equations 1 to 3).
  /// Forwards the ternary weights count, backwards the gradient goes to W as if it had not been rounded.
  ///
  /// - Parameter x: [batch, from].
  public mutating func ternaryLinear(_ x: Int, _ name: String, from: Int, to: Int) throws -> Int {
    try scoped(name) { builder in
      let weight = try builder.parameter(
        "weight", [from, to], .normal(deviation: (1 / Double(from)).squareRoot()), isTernary: true)
      let bias = try builder.parameter("bias", [to], .constant(0), isDecayed: false)
      let ternary = builder.ternary(weight)
      return builder.marked(builder.graph.one("Gemm", [x, ternary, bias]))
    }
  }

  /// W + stop(g Wq − W).
  mutating func ternary(_ weight: Int) -> Int {
    let size = graph.mean(graph.one("Abs", [weight]))
    // Keeps a layer of zeros from dividing by zero.
    let scaled = graph.divide(weight, graph.add(size, number: 1e-8))
    let rounded = graph.one("Round", [clamp(scaled, -1, 1)])
    let change = graph.subtract(graph.multiply(rounded, size), weight)
    return graph.add(weight, graph.stopGradient(change))
  }
}
