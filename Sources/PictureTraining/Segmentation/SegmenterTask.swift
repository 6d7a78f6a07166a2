internal import Imaging
internal import MaskEvaluation
public import ModelFiles
internal import Models
internal import NetworkDetection
public import NetworkGraph
public import NetworkTraining

/// Learning to tell the class of each pixel.
public struct SegmenterTask: TrainingTask {
  public let classes: [String]
  public let examples: any ExampleSource
  public let purpose = "A segmenter of pictures into classes of pixels"
  public let use = "`sextant segment --model`"
  private let data: SegmenterData
  private let source: any SegmentedSource
  private let model: SegmenterModel
  private let loss: SegmenterLoss

  /// A training on these data.
  public init(_ data: SegmenterData, from source: any SegmentedSource, recipe: TrainingRecipe) {
    (self.data, self.source, classes) = (data, source, data.classes)
    model = SegmenterModel(recipe.scale, classCount: data.classes.count, blocks: recipe.blocks)
    loss = SegmenterLoss(weights: data.weights)
    examples = SegmenterExamples(
      data.training, from: source, augmentation: recipe.augmentation, side: recipe.side, classCount: data.classes.count)
  }

  public var measuredCount: Int { data.validation.count }

  public func network(seed: UInt64) throws -> TrainingNetwork { try loss.network(model, seed: seed) }

  /// The overlap of each class with the truth over all pixels of known class, at the pictures' own size.
  public func measure(_ tensors: [String: Tensor], threads: Int) throws -> TrainingScores {
    let segmenter = try NetworkSegmenter(graph(tensors), threads: threads)
    var confusion = ClassConfusion(classCount: classes.count)
    for picture in data.validation {
      let found = try segmenter.labels(in: source.pixels(of: picture).image)
      confusion.add(truth: try source.labels(of: picture).labels, result: found)
    }
    let rows = classes.enumerated().map { place, name in
      TrainingScores.Row(name: name, count: confusion.pixels(ofTruth: place), value: confusion.iou(place))
    }
    return TrainingScores(metric: "IoU", rows: rows, mean: confusion.meanIoU)
  }

  /// What was found, drawn on the left, beside the truth.
  public func pictures(_ tensors: [String: Tensor], threads: Int) throws -> [TrainingPicture] {
    let segmenter = try NetworkSegmenter(graph(tensors), threads: threads)
    return try TrainingPicture.some(of: data.validation).map { picture in
      let image = try source.pixels(of: picture).image
      let found = try segmenter.labels(in: image), truth = try source.labels(of: picture).labels
      var both = Image(width: 2 * image.width, height: image.height, channels: 3)
      for (side, labels) in [found, truth].enumerated() {
        for y in 0..<image.height {
          for x in 0..<image.width {
            let label = Int(labels[y * image.width + x])
            let color = classes.indices.contains(label) ? ClassColors.color(of: label) : nil
            for (channel, tint) in [color?.blue, color?.green, color?.red].enumerated() {
              let grey = Int(image[x, y, channel])
              // Bounded: the mean of two bytes.
              both[side * image.width + x, y, channel] = tint.map { UInt8((grey + Int($0)) / 2) } ?? UInt8(grey / 3)
            }
          }
        }
      }
      return try TrainingPicture(
        both, caption: "\(TrainingPicture.name(picture.path)): what was found, and the truth (dark: not known)")
    }
  }

  public func graph(_ tensors: [String: Tensor]) throws -> Graph {
    var graph = try model.graph(tensors)
    graph.metadata = ["names": ClassNames.text(classes), "layout": NetworkSegmenter.layout]
    return graph
  }
}
