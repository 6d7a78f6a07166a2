import NetworkTraining

/// A U-Net of five levels (Ronneberger, Fischer and Brox 2015) with batch normalization, two convolutions a level.
struct UNet {
  let base: Int
  let classes: Int

  func logits(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    var (value, channels, kept) = (x, 3, [(Int, Int)]())
    for level in 0..<5 {
      if level > 0 { value = builder.maximumPool(value) }
      value = try pair(&builder, value, "down\(level)", from: channels, to: base << level)
      channels = base << level
      kept.append((value, channels))
    }
    for (beside, width) in kept.dropLast().reversed() {
      let large = try builder.enlargement(value, "up\(width)", from: channels, to: width)
      value = try pair(&builder, builder.graph.concat([beside, large], axis: 1), "join\(width)", from: 2 * width, to: width)
      channels = width
    }
    return try builder.convolution(value, "classes", from: channels, to: classes, kernel: 1, gain: 1)
  }

  /// Multiplications and additions of the forward convolutions, two for each pair: of all of them, and of the transposed ones.
  func operations(batch: Int, side: Int) -> (all: Double, transposed: Double) {
    var (pairs, enlarging) = (0.0, 0.0)
    for level in 0..<5 {
      let (pixels, width) = (Double(batch * side * side >> (2 * level)), Double(base << level))
      pairs += pixels * 9 * width * ((level == 0 ? 3 : width / 2) + width)
      guard level < 4 else { continue }
      // The enlarged half, and the pair behind the joined halves.
      enlarging += pixels * 2 * width * width
      pairs += pixels * 9 * width * (2 * width + width)
    }
    return (2 * (pairs + enlarging + Double(batch * side * side * base * classes)), 2 * enlarging)
  }

  private func pair(_ builder: inout NetworkBuilder, _ x: Int, _ name: String, from: Int, to: Int) throws -> Int {
    try builder.scoped(name) { builder in
      var value = x
      for (place, source) in [from, to].enumerated() {
        let seen = try builder.convolution(value, "convolution\(place)", from: source, to: to, hasBias: false)
        value = builder.relu(try builder.batchNorm(seen, "norm\(place)", channels: to))
      }
      return value
    }
  }
}

extension UNet {
  /// What is measured of it: each pixel has a class.
  func measured(batch: Int, side: Int) -> MeasuredNetwork {
    let operations = operations(batch: batch, side: side)
    return MeasuredNetwork(
      batch: batch, side: side, targets: [classes, side, side], operations: operations.all,
      boundOperations: operations.all - operations.transposed, isBound: { $0.hasPrefix("convolution") }, logits: logits)
  }
}
