public import ModelFiles
public import NetworkGraph
public import NetworkTraining

/// A network that makes a vector of length 1 of a crop, near to those of other crops of the same object: the pyramid without a decoder, the means of
/// its features over the upper and the lower half of the crop, and a projection.
public struct EmbedderModel: Sendable, Equatable {
  /// Numbers of an embedding.
  public static let dimension = 64
  /// Bands of the crop whose means are kept apart (Sun et al. 2018, "Beyond part models", section 3.1): what is above is not what is below.
  private static let bands = 2
  /// 0.26 million parameters with the projection; the coarsest features are of stride 16.
  private static let size = PyramidSize(widths: [32, 64, 112], blocks: [1, 1, 1], decoderWidth: 0)
  /// The name of the trained network's input and output.
  private static let (inputName, outputName) = ("crops", "embeddings")

  /// The one size that there is.
  public init() {}

  /// Unit vectors [batch, dimension] of crops [batch, 3, height, width], whose sides are multiples of 32.
  func embeddings(_ builder: inout NetworkBuilder, _ crops: Int) throws -> Int {
    let levels = try builder.pyramid(crops, Self.size)
    guard let coarse = levels.last, let width = Self.size.widths.last else {
      throw TrainingError("A pyramid without levels has nothing to embed.")
    }
    // Rows lie one behind the other, so that a shape alone parts them into bands.
    let bands = builder.graph.reshape(coarse, [0, 0, Self.bands, -1])
    let means = builder.graph.reshape(builder.graph.mean(bands, axes: [3], keepsAxes: false), [0, -1])
    return builder.graph.normalized(try builder.linear(means, "projection", from: width * Self.bands, to: Self.dimension))
  }

  /// The trained network as a graph: `crops` [N, 3, side, side] to `embeddings` [N, dimension], N open.
  ///
  /// - Parameters:
  ///   - tensors: Parameters and statistics, `TrainingState.tensors`.
  ///   - side: Of the crops in pixels, a multiple of 32.
  /// - Throws: `TrainingError` for tensors of another network.
  public func graph(_ tensors: [String: Tensor], side: Int) throws -> Graph {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let crops = builder.graph.input(Self.inputName, shape: [.symbol("N"), .fixed(3), .fixed(side), .fixed(side)])
    builder.graph.output(try embeddings(&builder, crops), name: Self.outputName)
    return builder.graph.trained(shape: [.symbol("N"), .fixed(Self.dimension)])
  }
}

/// What an embedder's training makes small: InfoNCE over pairs of crops, each of which is to be nearer to its fellow than to all others.
public struct EmbedderLoss: Sendable, Equatable {
  /// What cosines are divided by: the published one for unit vectors of networks without a second projection (Khosla et al. 2020, "Supervised
  /// contrastive learning", section 4).
  public var temperature = 0.1

  /// The names of the inputs.
  ///
  /// - `crops` [2 · pairs, 3, height, width]: one crop of each pair, then the others in the same order.
  /// - `kin` [pairs, pairs]: `kinWeight` where two different pairs are of the same object, else 0.
  public static let inputNames = ["crops", "kin"]
  /// Added to the likeness of two pairs of one object, which then counts for nothing among the others: it is neither near nor far.
  public static let kinWeight: Float = -100

  /// The temperature above.
  public init() {}

  /// The network with this loss, ready to be trained.
  ///
  /// - Parameter pairs: In a step.
  /// - Throws: `NetworkError` or `TrainingError` for a network that cannot be differentiated, which is a fault of the program.
  public func network(_ model: EmbedderModel, pairs: Int, seed: UInt64) throws -> TrainingNetwork {
    try TrainingNetwork(seed: seed) { builder in
      let crops = builder.graph.input("crops", shape: [.any, .fixed(3), .any, .any])
      let kin = builder.graph.input("kin", shape: [.fixed(pairs), .fixed(pairs)])
      let found = try model.embeddings(&builder, crops)
      let first = builder.graph.slice(found, axis: 0, 0..<pairs)
      let second = builder.graph.slice(found, axis: 0, pairs..<2 * pairs)
      let likeness = builder.graph.product(first, builder.graph.transpose(second, [1, 0]))
      let diagonal = (0..<pairs * pairs).map { $0 % (pairs + 1) == 0 ? 1.0 : 0 }
      let identity = try builder.graph.constant([pairs, pairs], diagonal)
      return builder.graph.infoNCE(
        builder.graph.add(likeness, kin), identity: identity, count: pairs, temperature: temperature, isSymmetric: true)
    }
  }
}
