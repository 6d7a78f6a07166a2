public import ModelFiles
public import NetworkGraph
public import NetworkTraining

/// A network that tells the class of each pixel: the pyramid and its decoder, taken on to stride 2 with the stem's features, and a score a
/// class.
public struct SegmenterModel: Sendable, Equatable {
  /// Which size.
  public let scale: DetectorModel.Scale
  /// How many classes it tells apart.
  public let classCount: Int
  /// What the blocks at its coarse end are.
  public let blocks: CoarseBlocks

  /// The stride of the scores that are learned; they are enlarged linearly to the picture when the network is used.
  public static let stride = 2

  /// - Parameter classCount: At least 2.
  public init(_ scale: DetectorModel.Scale, classCount: Int, blocks: CoarseBlocks = .conv) {
    (self.scale, self.classCount, self.blocks) = (scale, max(2, classCount), blocks)
  }

  /// Scores without bounds, [batch, classes, height ∕ 2, width ∕ 2].
  func scores(_ builder: inout NetworkBuilder, _ picture: Int) throws -> Int {
    let size = PyramidSize(scale, coarse: blocks)
    let (stem, levels) = try builder.stemAndPyramid(picture, size)
    let features = try builder.pyramidDecoder(levels, size)
    return try builder.scoped("segmenter") { builder in
      let width = size.decoderWidth
      let beside = try builder.convolution(stem, "beside", from: AnalyticFilters.stemCount, to: width, kernel: 1, gain: 1)
      let joined = builder.graph.add(beside, try builder.enlargement(features, "up", from: width, to: width))
      let smooth = try builder.unit(joined, "smooth", from: width, to: width)
      return try builder.map(smooth, "scores", from: width, start: [Double](repeating: 0, count: classCount))
    }
  }

  /// The trained network as a graph: `images` [1, 3, height, width], multiples of 32, to `scores` [1, classes, height, width], of which the
  /// greatest of a pixel is its class.
  ///
  /// - Parameter tensors: Parameters and statistics, `TrainingState.tensors`.
  /// - Throws: `TrainingError` for tensors of another network.
  public func graph(_ tensors: [String: Tensor]) throws -> Graph {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let picture = builder.graph.input("images", shape: [.fixed(1), .fixed(3), .symbol("height"), .symbol("width")])
    let coarse = try scores(&builder, picture)
    let stride = Float(Self.stride)
    let scales = builder.graph.constant(Tensor(list: [1, 1, stride, stride] as [Float]))
    builder.graph.output(builder.graph.one("Resize", [coarse, nil, scales], ["mode": .string("linear")]), name: "scores")
    return builder.graph.trained(shape: [.fixed(1), .fixed(classCount), .symbol("height"), .symbol("width")])
  }
}

/// What a segmenter's training makes small: the cross entropy of the pixels' classes, rare ones weighing more, and what is missing to a whole
/// overlap of each class (Milletari, Navab and Ahmadi 2016, "V-Net", section 3: Dice).
public struct SegmenterLoss: Sendable, Equatable {
  /// How much each class's pixels count.
  public var weights: [Double]
  /// How much the overlap counts beside the cross entropy.
  public var overlapWeight = 1.0

  /// - Parameter weights: One for each class.
  public init(weights: [Double]) { self.weights = weights }

  /// The network with this loss. Its inputs are `pictures` and `classes` [batch, classes, height ∕ 2, width ∕ 2]: 1 for the class of a place, zeros
  /// where nobody knows.
  ///
  /// - Throws: `NetworkError` or `TrainingError` for a network that cannot be differentiated, which is a fault of the program.
  public func network(_ model: SegmenterModel, seed: UInt64) throws -> TrainingNetwork {
    try TrainingNetwork(seed: seed) { builder in
      let picture = builder.graph.input("pictures", shape: [.any, .fixed(3), .any, .any])
      let truth = builder.graph.input("classes", shape: [.any, .fixed(model.classCount), .any, .any])
      let scores = try model.scores(&builder, picture)
      let factors = try builder.graph.constant([1, model.classCount, 1, 1], weights)
      let entropy = builder.graph.crossEntropy(scores, builder.graph.multiply(truth, factors), classes: model.classCount)
      let overlap = builder.graph.overlap(scores, truth)
      return builder.graph.add(entropy, builder.graph.multiply(builder.graph.subtract(number: 1, overlap), number: overlapWeight))
    }
  }
}

extension GraphBuilder {
  /// The mean over the classes of 2 Σ p t ∕ (Σ p + Σ t) over the batch, of pixels whose class is known; 1 for a class that is neither there nor
  /// told.
  mutating func overlap(_ scores: Int, _ truth: Int) -> Int {
    let known = sum(truth, axes: [1])
    let found = multiply(one("Softmax", [scores], ["axis": .integer(1)]), known)
    let places = [0, 2, 3]
    let both = multiply(sum(multiply(found, truth), axes: places), number: 2)
    let all = add(sum(found, axes: places), sum(truth, axes: places))
    // Of a pixel's size: a class of a few pixels is neither endless nor nothing.
    return mean(divide(add(both, number: 1), add(all, number: 1)))
  }
}
