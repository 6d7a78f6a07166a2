internal import Foundation
internal import ModelFiles
internal import NetworkGraph

/// Attention over tokens, and the vision transformer's parts.
extension NetworkBuilder {
  /// Patches of a picture as tokens, each with a learned code of its place (Dosovitskiy et al. 2021, equation 1, without a class token).
  ///
  /// - Parameter x: [batch, channels, height, width], both sides multiples of `patch`.
  /// - Returns: [batch, tokens, width].
  public mutating func patchEmbedding(
    _ x: Int, _ name: String, channels: Int, side: Int, patch: Int, width: Int
  ) throws -> Int {
    guard patch > 0, side % patch == 0 else {
      throw TrainingError("A picture of \(side) pixels cannot be cut into patches of \(patch); choose a divisor.")
    }
    let count = side / patch * (side / patch)
    return try scoped(name) { builder in
      let deviation = (1 / Double(channels * patch * patch)).squareRoot()
      let weight = try builder.parameter("weight", [width, channels, patch, patch], .normal(deviation: deviation))
      let bias = try builder.parameter("bias", [width], .constant(0), isDecayed: false)
      let code = try builder.parameter("place", [1, count, width], .normal(deviation: 0.02), isDecayed: false)
      let steps = Attribute.integers([Int64(patch), Int64(patch)])
      let planes = builder.graph.one("Conv", [x, weight, bias], ["kernel_shape": steps, "strides": steps])
      let tokens = builder.graph.transpose(builder.graph.reshape(planes, [0, width, count]), [0, 2, 1])
      return builder.marked(builder.graph.add(tokens, code))
    }
  }

  /// Multi-head self-attention: softmax(Q Kᵀ/√d) V for each head, then a linear layer (Vaswani et al. 2017, section 3.2).
  ///
  /// - Parameter x: [batch, tokens, width].
  public mutating func attention(_ x: Int, _ name: String, tokens: Int, width: Int, heads: Int) throws -> Int {
    guard heads > 0, width % heads == 0 else {
      throw TrainingError("The attention '\(name)' of width \(width) cannot have \(heads) heads; choose a divisor.")
    }
    let size = width / heads
    return try scoped(name) { builder in
      let all = try builder.linear(x, "in", from: width, to: 3 * width, tokens: tokens)
      let parts = (0..<3).map { place -> Int in
        let part = builder.graph.slice(all, axis: 2, place * width..<(place + 1) * width)
        return builder.graph.transpose(builder.graph.reshape(part, [0, tokens, heads, size]), [0, 2, 1, 3])
      }
      let keys = builder.graph.transpose(parts[1], [0, 1, 3, 2])
      let scores = builder.graph.multiply(builder.graph.product(parts[0], keys), number: 1 / Double(size).squareRoot())
      let shares = builder.graph.one("Softmax", [scores], ["axis": .integer(-1)])
      let mixed = builder.graph.transpose(builder.graph.product(shares, parts[2]), [0, 2, 1, 3])
      return try builder.linear(builder.graph.reshape(mixed, [0, tokens, width]), "out", from: width, to: width, tokens: tokens)
    }
  }

  /// A transformer's block with norms before its parts: x + attention, then + two linear layers with GELU between.
  public mutating func transformerBlock(_ x: Int, _ name: String, tokens: Int, width: Int, heads: Int) throws -> Int {
    try scoped(name) { builder in
      let first = try builder.layerNorm(x, "norm1", size: width)
      let seen = builder.graph.add(x, try builder.attention(first, "attention", tokens: tokens, width: width, heads: heads))
      let second = try builder.layerNorm(seen, "norm2", size: width)
      let wide = builder.gelu(try builder.linear(second, "wide", from: width, to: 4 * width, tokens: tokens))
      return builder.graph.add(seen, try builder.linear(wide, "narrow", from: 4 * width, to: width, tokens: tokens))
    }
  }

  /// A block of the MLP-Mixer: over tokens, then over channels, each with a norm before and a way around (Tolstikhin et al. 2021,
  /// equation 1).
  public mutating func mixerBlock(_ x: Int, _ name: String, tokens: Int, width: Int, tokenWidth: Int, channelWidth: Int) throws
    -> Int
  {
    try scoped(name) { builder in
      let first = builder.graph.transpose(try builder.layerNorm(x, "norm1", size: width), [0, 2, 1])
      let wide = builder.gelu(try builder.linear(first, "tokens1", from: tokens, to: tokenWidth, tokens: width))
      let narrow = try builder.linear(wide, "tokens2", from: tokenWidth, to: tokens, tokens: width)
      let seen = builder.graph.add(x, builder.graph.transpose(narrow, [0, 2, 1]))
      let second = try builder.layerNorm(seen, "norm2", size: width)
      let deep = builder.gelu(try builder.linear(second, "channels1", from: width, to: channelWidth, tokens: tokens))
      return builder.graph.add(seen, try builder.linear(deep, "channels2", from: channelWidth, to: width, tokens: tokens))
    }
  }
}
