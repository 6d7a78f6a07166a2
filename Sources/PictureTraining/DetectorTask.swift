internal import BoxEvaluation
internal import Foundation
internal import Imaging
public import ModelFiles
internal import Models
public import NetworkDetection
public import NetworkGraph
public import NetworkTraining

/// Learning to find oriented boxes.
public struct DetectorTask: TrainingTask {
  public let classes: [String]
  public let examples: any ExampleSource
  public var purpose: String {
    let what = sight == .motion ? "A detector of what moves, by oriented boxes" : "A detector of oriented boxes"
    return "\(what)\(hasMasks ? " and masks" : "")\(hasLooks ? ", with an embedding of each object" : "")"
  }
  public var use: String {
    sight == .motion ? "`sextant track --detector`" : "`sextant track --detector` and `sextant detect --model`"
  }
  public var words: TrainingWords {
    sight == .motion ? TrainingWords(input: "grey, motion and difference from the background in 0…1") : TrainingWords()
  }
  private let data: DetectorData
  private let store: any PictureSource
  private let model: DetectorModel
  private let loss: DetectorLoss
  private let sight: NetworkSight
  private let rules: RuleFindings?
  public let features: FeatureFacts?
  /// The network's input when it is used: as large as the data's largest pictures.
  private let size: (width: Int, height: Int)
  private var hasMasks: Bool { model.prototypes > 0 }
  private var hasLooks: Bool { model.embedding > 0 }
  /// How embeddings are measured; nil where there are none.
  private let looks: EmbeddingMeasure?

  /// - Parameters:
  ///   - sight: What the data's pictures are, and the network will look at.
  ///   - rules: What the motion detector found in them; nil where nobody looked.
  ///   - features: Who tells the features that are learned beside; of the recipe's side. nil: nobody.
  /// - Throws: What reading a picture throws.
  public init(
    _ data: DetectorData, from store: any PictureSource, recipe: TrainingRecipe, sight: NetworkSight = .picture,
    rules: RuleFindings? = nil, features: FeatureTeacher? = nil
  ) throws {
    (self.data, self.store, self.sight, self.rules, classes) = (data, store, sight, rules, data.classes)
    var loss = recipe.detectorLoss
    loss.features = features?.target
    (self.loss, self.features) = (loss, features?.facts)
    model = DetectorModel(
      recipe.scale, classCount: data.classes.count, blocks: recipe.blocks, prototypes: recipe.prototypes,
      mixesTime: recipe.mixesTime, embedding: recipe.embedding)
    let squares = DetectorExamples(
      data.training, from: store, augmentation: recipe.augmentation, side: recipe.side, classCount: data.classes.count,
      tellsObjects: recipe.boxLoss == .piou, hasMasks: recipe.prototypes > 0, looksBack: recipe.mixesTime,
      hasLooks: recipe.embedding > 0)
    examples = features.map { TaughtExamples(squares: squares, teacher: $0) } ?? squares
    looks =
      recipe.embedding > 0
      ? EmbeddingMeasure(data.validation, from: store, augmentation: recipe.augmentation, side: recipe.side) : nil
    size = try InputSize.greatest(data.validation + data.training, in: store)
  }

  public var measuredCount: Int { data.validation.count }
  public var teacher: TeacherFacts? { data.teacher }
  public var reference: MeasuredAgainst { data.reference }

  public func parameterCount(of network: TrainingNetwork) -> Int { loss.trainedParameterCount(of: network) }

  public func network(seed: UInt64) throws -> TrainingNetwork { try loss.network(model, seed: seed) }

  public func weights(_ statistics: [String: Tensor]) -> [String: Double]? {
    loss.weights(statistics, hasMasks: hasMasks, hasLooks: hasLooks)
  }

  public func measure(_ tensors: [String: Tensor], threads: Int) throws -> TrainingScores {
    let detector = try NetworkDetector(DetectorNetwork(graph(tensors)), threads: threads)
    let (result, masks) = try DetectorMeasure.evaluation(detector, on: data.validation, from: store)
    var scores = TrainingScores(
      metric: "AP50", rows: result.classes.map { TrainingScores.Row(name: $0.name, count: $0.truth, value: $0.averagePrecision) },
      mean: result.meanAveragePrecision)
    scores.masks = masks
    scores.looks = try looks?.score(graph(tensors), threads: threads)
    // The tracker's usual settings are for the scores of networks of pictures as they are.
    if sight == .motion {
      scores.calibration = result.calibration.flatMap { calibration in
        ScoreCalibration(fitting: calibration.bins.map { ($0.meanConfidence, $0.accuracy, $0.count) })
      }
      scores.combination = try rules.flatMap {
        try CombinationMeasure.combination(detector, scores.calibration, $0, on: data.validation, from: store)
      }
    }
    return scores
  }

  public func pictures(_ tensors: [String: Tensor], threads: Int) throws -> [TrainingPicture] {
    let detector = try NetworkDetector(DetectorNetwork(graph(tensors)), threads: threads)
    let labelled = data.validation.filter { !$0.boxes.isEmpty }
    return try TrainingPicture.some(of: labelled).map { picture in
      var image = try store.pixels(of: picture).image
      let found = try detector.found(in: picture, from: store, minimumScore: DetectorTask.shownScore, findsMasks: true)
      for found in found {
        guard let mask = found.mask else { continue }
        image.fillMask(mask, color: ClassColors.color(of: found.classIndex).withOpacity(DetectorTask.maskOpacity))
      }
      for label in picture.boxes { try image.drawBox(label.box, thickness: 1, color: DetectorTask.truthColor) }
      let marks = found.map { found in
        BoxPainter.Mark(
          box: found.box, text: classes[found.classIndex] + String(format: " %.2f", found.score),
          color: ClassColors.color(of: found.classIndex))
      }
      try BoxPainter.draw(marks, on: &image)
      return try TrainingPicture(
        image, caption: "\(TrainingPicture.name(picture.path)): \(found.count) found, \(picture.boxes.count) in the truth (white)")
    }
  }

  /// The score from which boxes are shown: that of `sextant detect`.
  private static let shownScore = 0.25
  private static let maskOpacity = 0.45
  private static let truthColor = Color(red: 255, green: 255, blue: 255)

  public func graph(_ tensors: [String: Tensor]) throws -> Graph {
    var graph = try model.graph(tensors, width: size.width, height: size.height)
    graph.metadata = [
      "names": ClassNames.text(classes), "layout": OutputLayout.gaussian(classes: classes.count, masks: model.prototypes).name,
    ]
    if sight != .picture { graph.metadata[NetworkSight.key] = sight.rawValue }
    return graph
  }
}

/// The sizes of networks' inputs.
enum InputSize {
  /// The least multiple of 32 that a side fits into, at most the largest that a network takes.
  static func side(_ side: Int) -> Int {
    let step = PyramidSize.greatestStride
    return min((side + step - 1) / step * step, DetectorNetwork.greatestSide)
  }

  /// An input that every one of some pictures fits into.
  static func greatest(_ pictures: [AnnotatedPicture], in store: any PictureSource) throws -> (width: Int, height: Int) {
    var size = (width: 0, height: 0)
    for picture in pictures {
      let pixels = try store.pixels(of: picture)
      size = (max(size.width, side(pixels.width)), max(size.height, side(pixels.height)))
    }
    guard size.width > 0, size.height > 0 else {
      throw PictureTrainingError.input("There are no pictures to learn from; give some.")
    }
    return size
  }
}
