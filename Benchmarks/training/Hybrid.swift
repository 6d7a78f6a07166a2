import NetworkTraining

/// Four convolutions of stride two, then transformer blocks on what is left as tokens: 2.1 million parameters at width 192 and four blocks.
struct Hybrid {
  let classes: Int
  private let widths = [32, 64, 128, 192]
  private let blocks = 4
  private let heads = 4

  private func logits(_ builder: inout NetworkBuilder, _ x: Int, side: Int) throws -> Int {
    var (value, channels) = (x, 3)
    for (place, width) in widths.enumerated() {
      let seen = try builder.convolution(value, "convolution\(place)", from: channels, to: width, stride: 2, hasBias: false)
      value = builder.relu(try builder.batchNorm(seen, "norm\(place)", channels: width))
      channels = width
    }
    let tokens = side / 16 * (side / 16)
    var rows = builder.graph.transpose(builder.graph.reshape(value, [0, channels, tokens]), [0, 2, 1])
    for place in 0..<blocks {
      rows = try builder.transformerBlock(rows, "block\(place)", tokens: tokens, width: channels, heads: heads)
    }
    let normal = try builder.layerNorm(rows, "norm", size: channels)
    return try builder.linear(builder.graph.mean(normal, axes: [1], keepsAxes: false), "classes", from: channels, to: classes)
  }

  /// Multiplications and additions of the forward convolutions and products, two for each pair.
  private func operations(batch: Int, side: Int) -> Double {
    var (pairs, channels, pixels) = (0.0, 3, side * side)
    for width in widths {
      pixels /= 4
      pairs += Double(pixels * width * 9 * channels)
      channels = width
    }
    // Twelve squares of the width in layers, and two products of all pairs of tokens.
    pairs += Double(blocks * pixels * (12 * channels * channels + 2 * pixels * channels))
    return 2 * Double(batch) * (pairs + Double(channels * classes))
  }

  /// What is measured of it: each picture has a class.
  func measured(batch: Int, side: Int) -> MeasuredNetwork {
    let operations = operations(batch: batch, side: side)
    return MeasuredNetwork(
      batch: batch, side: side, targets: [classes], operations: operations, boundOperations: operations,
      isBound: { $0.hasPrefix("convolution") || $0.hasPrefix("product") },
      logits: { builder, x in try logits(&builder, x, side: side) })
  }
}
