internal import Foundation
internal import ModelFiles
internal import NetworkGraph

/// Other layers of attention: Swin V2's over a window, and AFT's.
extension NetworkBuilder {
  /// Multi-head softmax cosine attention over a window with a bias from a small network of the offsets (Liu et al. 2022, "Swin Transformer
  /// V2", section 3): scores cos(q, k)/τ + 16 σ(MLP(offset)), offsets sign(d) log₂(1 + |8 d/(side − 1)|)/3, τ ≥ 0.01 for each head.
  ///
  /// - Parameters:
  ///   - x: [batch, side², width].
  ///   - hidden: Width of the offsets' network.
  public mutating func windowAttention(
    _ x: Int, _ name: String, side: Int, width: Int, heads: Int, hidden: Int = 64
  ) throws -> Int {
    guard heads > 0, width % heads == 0, side > 0 else {
      throw TrainingError("The attention '\(name)' of width \(width) cannot have \(heads) heads; choose a divisor.")
    }
    let (tokens, size) = (side * side, width / heads)
    return try scoped(name) { builder in
      let all = try builder.linear(x, "in", from: width, to: 3 * width, tokens: tokens)
      let parts = (0..<3).map { place -> Int in
        let part = builder.graph.slice(all, axis: 2, place * width..<(place + 1) * width)
        return builder.graph.transpose(builder.graph.reshape(part, [0, tokens, heads, size]), [0, 2, 1, 3])
      }
      let logarithm = try builder.parameter("logarithm of scale", [heads, 1, 1], .constant(log(10)), isDecayed: false)
      let scale = builder.graph.one("Exp", [builder.clamp(logarithm, -log(100), log(100))])
      let temperature = builder.graph.one("Reciprocal", [scale])
      let bias = try builder.offsetBias(side: side, heads: heads, hidden: hidden)
      let mixed = builder.graph.cosineAttention(parts[0], parts[1], parts[2], temperature: temperature, bias: bias)
      let joined = builder.graph.reshape(builder.graph.transpose(mixed, [0, 2, 1, 3]), [0, tokens, width])
      return try builder.linear(joined, "out", from: width, to: width, tokens: tokens)
    }
  }

  /// B [heads, tokens, tokens].
  private mutating func offsetBias(side: Int, heads: Int, hidden: Int) throws -> Int {
    let span = 2 * side - 1
    let offsets = (0..<span * span).flatMap { place in
      [place / span, place % span].map { NetworkBuilder.spacedOffset($0 - side + 1, side: side) }
    }
    let table = graph.constant(try tensor([span * span, 2], offsets))
    let wide = relu(try linear(table, "offsets1", from: 2, to: hidden, gain: 2))
    let values = try linear(wide, "offsets2", from: hidden, to: heads, hasBias: false)
    let bounded = graph.multiply(graph.one("Sigmoid", [values]), number: 16)
    let tokens = side * side
    let places = (0..<tokens * tokens).map { pair -> Int64 in
      let (query, key) = (pair / tokens, pair % tokens)
      let (down, right) = (query / side - key / side + side - 1, query % side - key % side + side - 1)
      return Int64(down * span + right)
    }
    let chosen = graph.one("Gather", [bounded, graph.constant(Tensor(list: places))], ["axis": .integer(0)])
    return graph.transpose(graph.reshape(chosen, [tokens, tokens, heads]), [2, 0, 1])
  }

  /// sign(d) log₂(1 + |8 d/(side − 1)|)/log₂ 8: offsets of a window of any side within about −1 … 1 (equation 4).
  static func spacedOffset(_ offset: Int, side: Int) -> Double {
    let scaled = 8 * Double(offset) / Double(max(1, side - 1))
    return (scaled < 0 ? -1 : 1) * log2(1 + abs(scaled)) / 3
  }

  /// Attention without products of queries and keys, with a learned w for each pair of steps (Zhai et al. 2021, "AFT-full").
  ///
  /// - Parameter x: [batch, tokens, width].
  public mutating func attentionFree(_ x: Int, _ name: String, tokens: Int, width: Int, isCausal: Bool = false) throws -> Int {
    try scoped(name) { builder in
      let all = try builder.linear(x, "in", from: width, to: 3 * width, tokens: tokens)
      let parts = (0..<3).map { builder.graph.slice(all, axis: 2, $0 * width..<($0 + 1) * width) }
      let bias = try builder.parameter("pairs", [tokens, tokens], .normal(deviation: 0.02), isDecayed: false)
      let mixed = try builder.graph.attentionFree(
        parts[0], parts[1], parts[2], bias: bias, count: tokens, size: width, isCausal: isCausal)
      return try builder.linear(mixed, "out", from: width, to: width, tokens: tokens)
    }
  }
}
