internal import ModelFiles
internal import NetworkGraph

/// Networks of mix(a, b, μ) = a + (b − a) μ alone.
extension GraphBuilder {
  /// p and q: mix(0, q, p) = p q.
  public mutating func and(_ p: Int, _ q: Int) -> Int { mix(constant(0), q, p) }
  /// p or q: mix(q, 1, p) = p + q − p q.
  public mutating func or(_ p: Int, _ q: Int) -> Int { mix(q, constant(1), p) }
  /// not p: mix(1, 0, p) = 1 − p.
  public mutating func not(_ p: Int) -> Int { mix(constant(1), constant(0), p) }
  /// p or q, not both: mix(q, not q, p).
  public mutating func exclusiveOr(_ p: Int, _ q: Int) -> Int { mix(q, not(q), p) }

  /// The multiplexer's tree over a truth table: the probability that a function of independent bits is true.
  ///
  /// - Parameters:
  ///   - table: The function's 2ⁿ values, the first bit the highest of the place.
  ///   - bits: The n probabilities.
  public mutating func mixTree(_ table: [Int], bits: [Int]) -> Int {
    precondition(table.count == 1 << bits.count)
    guard let first = bits.first else { return table[0] }
    let half = table.count / 2
    let rest = Array(bits.dropFirst())
    let (low, high) = (mixTree(Array(table[..<half]), bits: rest), mixTree(Array(table[half...]), bits: rest))
    return mix(low, high, first)
  }

  /// De Casteljau's algorithm: n levels of mix with one t, a polynomial in Bernstein's form.
  ///
  /// - Parameter coefficients: c₀ … cₙ.
  public mutating func casteljau(_ coefficients: [Int], _ t: Int) -> Int {
    var level = coefficients
    while level.count > 1 { level = zip(level, level.dropFirst()).map { mix($0, $1, t) } }
    return level[0]
  }
}

extension NetworkBuilder {
  /// A layer of mix alone: y = mix(a, b, s(μ)), where a, b and μ are nested mixes of the inputs and their negations with learned shares (their
  /// weights sum to one), and s is smoothstep by de Casteljau, `sharpness` times. Inputs in [0, 1] give outputs in [0, 1].
  ///
  /// - Parameter x: [batch, from].
  public mutating func mixLayer(_ x: Int, _ name: String, from: Int, to: Int, sharpness: Int = 3) throws -> Int {
    try scoped(name) { builder in
      let both = builder.graph.concat([x, builder.graph.not(x)], axis: 1)
      var parts: [Int] = []
      for part in ["first", "second", "share"] {
        let logits = try builder.parameter(part, [2 * from, to], .normal(deviation: 1), isDecayed: false)
        // Softmax gives the weights that nested mixes with shares in [0, 1] can have, whatever their order.
        let weights = builder.graph.one("Softmax", [logits], ["axis": .integer(0)])
        parts.append(builder.sharpened(builder.graph.product(both, weights), times: sharpness))
      }
      return builder.marked(builder.graph.mix(parts[0], parts[1], parts[2]))
    }
  }

  private mutating func sharpened(_ t: Int, times: Int) -> Int {
    (0..<times).reduce(t) { value, _ in
      // De Casteljau with (0, 0, 1, 1) in closed form: 3t² − 2t³.
      let square = graph.multiply(value, value)
      return graph.multiply(square, graph.add(graph.multiply(value, number: -2), number: 3))
    }
  }
}
