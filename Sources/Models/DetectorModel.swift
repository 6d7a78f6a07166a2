internal import Foundation
public import ModelFiles
public import NetworkGraph
internal import NetworkTraining

/// A detector of oriented boxes: the pyramid, its decoder, and for each cell of stride 4 a score a class, a Gaussian box and how sure each of
/// its numbers is; on request also what its object's mask is mixed from, and how the object looks.
public struct DetectorModel: Sendable, Equatable, Codable {
  /// The names of sizes that users choose from.
  public enum Scale: String, Sendable, CaseIterable, Codable { case nano, small }

  /// Which size.
  public let scale: Scale
  /// How many classes it tells apart.
  public let classCount: Int
  /// What the blocks at its coarse end are.
  public let blocks: CoarseBlocks
  /// The maps that masks are mixed from, with a coefficient a cell for each; 0: it tells no masks.
  public let prototypes: Int
  /// Whether it mixes the features of the frame before with its own (`TimeMix`).
  public let mixesTime: Bool
  /// Numbers of the unit vector that tells how a cell's object looks; 0: it tells none.
  public let embedding: Int

  /// What the cells hold behind the scores: offset of the centre in cells (x, y), log-covariance p, q, r (docs/gaussian-boxes.md).
  public static let boxChannels = 5
  /// And then the logarithm of the variance of each of these.
  public static let channelsBesideClasses = 2 * boxChannels

  /// The prototypes of networks that tell masks: half of YOLACT's 32 (Bolya et al. 2019), as the decoder has half of its features. Chosen, with no
  /// data in sight.
  public static let usualPrototypes = 16
  /// Numbers of the embeddings of networks that tell some: those of the embedder of crops.
  public static let usualEmbedding = EmbedderModel.dimension

  /// - Parameters:
  ///   - classCount: At least 1.
  ///   - prototypes: At least 0.
  ///   - mixesTime: Whether it mixes the features of the frame before with its own.
  ///   - embedding: At least 0.
  public init(
    _ scale: Scale, classCount: Int, blocks: CoarseBlocks = .conv, prototypes: Int = 0, mixesTime: Bool = false, embedding: Int = 0
  ) {
    (self.scale, self.classCount, self.blocks, self.prototypes) = (scale, max(1, classCount), blocks, max(0, prototypes))
    (self.mixesTime, self.embedding) = (mixesTime, max(0, embedding))
  }

  var pyramid: PyramidSize { PyramidSize(scale, coarse: blocks) }

  /// The maps of a picture, as logits and numbers without bounds.
  struct Maps {
    let scores: Int
    let boxes: Int
    let spreads: Int
    /// nil without prototypes.
    let masks: MaskMaps?
    /// The pyramid's features, at `PyramidSize.strides`.
    let levels: [Int]
    /// nil without embeddings.
    let looks: EmbeddingMap?
  }

  /// What the score of a cell begins with: objects are rare (Lin et al. 2017, "Focal loss", section 4.1).
  private static let priorScore = 0.01
  /// What p begins with: the logarithm of 20 × 12 ∕ 12 square pixels, a small object.
  private static let startArea = log(20.0)

  /// The maps of pictures.
  ///
  /// - Parameter before: The pictures of the frames before; nil: none is looked at.
  func maps(_ builder: inout NetworkBuilder, _ picture: Int, before: Int? = nil) throws -> Maps {
    guard let before else {
      let levels = try builder.pyramid(picture, pyramid)
      return try maps(&builder, decoding: levels, levels: levels)
    }
    let levels = try builder.pyramids(picture, before: before, pyramid)
    return try maps(&builder, decoding: try builder.timeMix(levels.now, levels.before, pyramid), levels: levels.now)
  }

  /// - Parameters:
  ///   - mixed: What is decoded.
  ///   - levels: What the pyramid tells of the picture alone.
  private func maps(_ builder: inout NetworkBuilder, decoding mixed: [Int], levels: [Int]) throws -> Maps {
    let size = pyramid
    let features = try builder.pyramidDecoder(mixed, size)
    return try builder.scoped("head") { builder in
      let width = size.decoderWidth
      let what = try builder.unit(features, "what", from: width, to: width)
      let how = try builder.unit(features, "how", from: width, to: width)
      let logit = log(Self.priorScore / (1 - Self.priorScore))
      return Maps(
        scores: try builder.map(what, "scores", from: width, start: [Double](repeating: logit, count: classCount)),
        boxes: try builder.map(how, "boxes", from: width, start: [0, 0, Self.startArea, 0, 0]),
        spreads: try builder.map(how, "spreads", from: width, start: [Double](repeating: 0, count: Self.boxChannels)),
        masks: prototypes > 0 ? try builder.masks(features, of: how, width: width, count: prototypes) : nil,
        levels: levels,
        looks: embedding > 0 ? try builder.looks(features, width: width, dimension: embedding) : nil)
    }
  }

  /// The trained network as a graph: `images` [1, 3, height, width] to `boxes` [1, classes + 10 + prototypes, height ∕ 4, width ∕ 4], scores as
  /// probabilities, where it tells masks `prototypes` [1, prototypes, height ∕ 4, width ∕ 4], and where it tells looks `embeddings`
  /// [1, embedding, height ∕ 4, width ∕ 4]. Where it mixes time, `before16` and `before32` are further inputs and `features16` and `features32` the
  /// last outputs: what the next frame is given.
  ///
  /// - Parameters:
  ///   - tensors: Parameters and statistics, `TrainingState.tensors`.
  ///   - width: Of the input in pixels, a multiple of 32.
  ///   - height: Of the input in pixels, a multiple of 32.
  /// - Throws: `TrainingError` for tensors of another network.
  public func graph(_ tensors: [String: Tensor], width: Int, height: Int) throws -> Graph {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let picture = builder.graph.input("images", shape: [.fixed(1), .fixed(3), .fixed(height), .fixed(width)])
    func shape(_ channels: Int, _ stride: Int) -> [Size] {
      [.fixed(1), .fixed(channels), .fixed(height / stride), .fixed(width / stride)]
    }
    let levels = try builder.pyramid(picture, pyramid)
    var mixed = levels
    let states = mixesTime ? TimeMix.strides.map { (stride: $0, features: levels[TimeMix.level($0)]) } : []
    if mixesTime {
      let before = TimeMix.strides.map { stride in
        builder.graph.input(TimeMix.inputName(stride), shape: shape(pyramid.widths[TimeMix.level(stride)], stride))
      }
      mixed = try builder.timeMix(levels, before, pyramid)
    }
    let maps = try maps(&builder, decoding: mixed, levels: levels)
    let scores = builder.graph.one("Sigmoid", [maps.scores])
    let parts = [scores, maps.boxes, maps.spreads] + (maps.masks.map { [$0.coefficients] } ?? [])
    builder.graph.output(builder.graph.concat(parts, axis: 1), name: "boxes")
    if let masks = maps.masks { builder.graph.output(masks.prototypes, name: "prototypes") }
    if let looks = maps.looks { builder.graph.output(looks.unit, name: "embeddings") }
    for state in states { builder.graph.output(state.features, name: TimeMix.outputName(state.stride)) }
    let stride = PyramidSize.decoderStride
    return builder.graph.trained(
      shape: shape(classCount + Self.channelsBesideClasses + prototypes, stride),
      further: [prototypes, embedding].filter { $0 > 0 }.map { shape($0, stride) }
        + states.map { shape(pyramid.widths[TimeMix.level($0.stride)], $0.stride) })
  }
}

extension NetworkBuilder {
  /// A 1×1 convolution to maps whose values begin near `start`.
  mutating func map(_ x: Int, _ name: String, from: Int, start: [Double]) throws -> Int {
    try scoped(name) { builder in
      // Small weights: the first results are the start, whatever the features.
      let weight = try builder.parameter("weight", [start.count, from, 1, 1], .normal(deviation: 0.01))
      let bias = try builder.parameter("bias", [start.count], .values(start), isDecayed: false)
      return builder.graph.one("Conv", [x, weight, bias], ["kernel_shape": .integers([1, 1])])
    }
  }
}
