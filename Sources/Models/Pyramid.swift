internal import NetworkGraph
public import NetworkTraining

/// Widths and depths of a convolutional pyramid and its decoder.
public struct PyramidSize: Sendable, Equatable, Codable {
  /// Channels at strides 4, 8, 16 and 32.
  public var widths: [Int]
  /// Residual blocks at each of these strides.
  public var blocks: [Int]
  /// Channels of the decoder.
  public var decoderWidth: Int
  /// What the blocks at the greatest stride are.
  public var coarse = CoarseBlocks.conv

  /// At most a million parameters with a head.
  public static let nano = PyramidSize(widths: [32, 64, 96, 128], blocks: [1, 1, 2, 2], decoderWidth: 32)
  /// At most three million parameters with a head.
  public static let small = PyramidSize(widths: [48, 96, 160, 256], blocks: [1, 1, 2, 2], decoderWidth: 48)

  init(widths: [Int], blocks: [Int], decoderWidth: Int) {
    (self.widths, self.blocks, self.decoderWidth) = (widths, blocks, decoderWidth)
  }

  /// A size by its name.
  init(_ scale: DetectorModel.Scale, coarse: CoarseBlocks) {
    self = scale == .nano ? .nano : .small
    self.coarse = coarse
  }

  /// The strides of the levels, in their order.
  public static let strides = [4, 8, 16, 32]
  /// The greatest stride: sides of pictures are multiples of it.
  public static let greatestStride = 32
  /// The stride of the decoder's result.
  public static let decoderStride = 4
}

/// The pyramid and its decoder. All activations are rectifiers, which cost nothing behind a convolution and quantise without tables.
extension NetworkBuilder {
  /// Convolution, batch normalization, rectifier.
  mutating func unit(_ x: Int, _ name: String, from: Int, to: Int, kernel: Int = 3, stride: Int = 1) throws -> Int {
    try scoped(name) { builder in
      let seen = try builder.convolution(x, "convolution", from: from, to: to, kernel: kernel, stride: stride, hasBias: false)
      return builder.relu(try builder.batchNorm(seen, "norm", channels: to))
    }
  }

  /// Half the resolution by filters that begin as derivatives of a B-spline; trained like all others from there.
  mutating func analyticStem(_ picture: Int) throws -> Int {
    try scoped("stem") { builder in
      let (count, side) = (AnalyticFilters.stemCount, AnalyticFilters.support)
      let weight = try builder.parameter("weight", [count, 3, side, side], .values(AnalyticFilters.stem()))
      let (kernel, pad) = (Int64(side), Int64(side / 2))
      let attributes: [String: Attribute] = [
        "kernel_shape": .integers([kernel, kernel]), "strides": .integers([2, 2]),
        "pads": .integers([pad, pad, pad, pad]),
      ]
      let seen = builder.graph.one("Conv", [picture, weight], attributes)
      return builder.relu(try builder.batchNorm(seen, "norm", channels: count))
    }
  }

  /// x + two convolutions through half the channels, then a rectifier (He et al. 2016, figure 2).
  mutating func residualBlock(_ x: Int, _ name: String, width: Int) throws -> Int {
    try scoped(name) { builder in
      let inner = try builder.unit(x, "narrow", from: width, to: width / 2)
      let outer = try builder.convolution(inner, "wide", from: width / 2, to: width, hasBias: false)
      return builder.relu(builder.graph.add(try builder.batchNorm(outer, "norm", channels: width), x))
    }
  }

  /// Features of a picture [batch, 3, height, width] (red, green, blue in 0…1) at strides 4, 8, 16 and 32.
  public mutating func pyramid(_ picture: Int, _ size: PyramidSize) throws -> [Int] { try stemAndPyramid(picture, size).levels }

  /// The same with those of the stem, at stride 2, `AnalyticFilters.stemCount` channels.
  mutating func stemAndPyramid(_ picture: Int, _ size: PyramidSize) throws -> (stem: Int, levels: [Int]) {
    try scoped("pyramid") { builder in
      let stem = try builder.analyticStem(picture)
      var (value, channels) = (stem, AnalyticFilters.stemCount)
      var levels: [Int] = []
      for (level, width) in size.widths.enumerated() {
        value = try builder.unit(value, "down\(level)", from: channels, to: width, stride: 2)
        channels = width
        let isCoarse = size.coarse != .conv && level == size.widths.count - 1
        for block in 0..<size.blocks[level] {
          let name = "level\(level)block\(block)"
          value =
            isCoarse
            ? try builder.coarseBlock(value, name, width: width, size.coarse)
            : try builder.residualBlock(value, name, width: width)
        }
        levels.append(value)
      }
      return (stem, levels)
    }
  }

  /// A feature pyramid from the coarse end to stride 4: each level is brought to one width and takes the enlarged coarser one on top (Lin et
  /// al. 2017, "Feature pyramid networks", figure 3).
  ///
  /// - Returns: [batch, decoderWidth, height ∕ 4, width ∕ 4].
  public mutating func pyramidDecoder(_ levels: [Int], _ size: PyramidSize) throws -> Int {
    try scoped("decoder") { builder in
      var below: Int?
      for level in levels.indices.reversed() {
        let beside = try builder.convolution(
          levels[level], "beside\(level)", from: size.widths[level], to: size.decoderWidth, kernel: 1, gain: 1)
        let joined = try below.map { coarse in
          builder.graph.add(
            beside, try builder.enlargement(coarse, "up\(level)", from: size.decoderWidth, to: size.decoderWidth))
        }
        below = try builder.unit(joined ?? beside, "smooth\(level)", from: size.decoderWidth, to: size.decoderWidth)
      }
      guard let finest = below else { throw TrainingError("A pyramid without levels has nothing to decode.") }
      return finest
    }
  }
}

extension GraphBuilder {
  /// The graph of a trained network, whose outputs are 32-bit floats and which has none of the project's own operations.
  ///
  /// - Parameters:
  ///   - shape: Of the first output.
  ///   - further: Of the others.
  func trained(shape: [Size], further: [[Size]] = []) -> Graph {
    var graph = graph
    for (output, shape) in zip(graph.outputs, [shape] + further) {
      graph.values[output].type = .float32
      graph.values[output].shape = shape
    }
    graph.operatorSets = graph.operatorSets.filter { $0.key.isEmpty }
    return graph
  }
}
