internal import Appearance
internal import Foundation
internal import Imaging
public import ModelFiles
public import Models
internal import NetworkDetection
public import NetworkGraph
public import NetworkTraining

/// Learning to make embeddings of crops, near to each other for crops of one object.
public struct EmbedderTask: TrainingTask {
  public let classes: [String]
  public let examples: any ExampleSource
  public let purpose = "An embedder of crops of objects"
  public let use = "`sextant track --appearance` and `--examples`"
  public let words: TrainingWords
  private let loss: EmbedderLoss
  private let model = EmbedderModel()
  private let side: Int
  private let pairs: Int
  private let measure: EmbedderMeasure
  /// By stripes of colour, which need no training: what a network has to be better than.
  private let stripes: [TrainingScores.Row]

  /// The kinds of recordings, as rows name them.
  private static let kinds = [(name: "films", isFilm: true), (name: "pictures", isFilm: false)]
  private static let metric = "rank 1 and area"
  /// Pixels of a step's crops: as many as 8 GB have room for at a kilobyte each.
  private static let greatestPixels = 1 << 23

  /// - Parameters:
  ///   - training: What is learned from.
  ///   - validation: What is measured on: other recordings.
  /// - Throws: `PictureTrainingError` for objects that cannot be told apart, since there are not two.
  public init(
    training: ObjectAlbum, validation: ObjectAlbum, recipe: TrainingRecipe, loss: EmbedderLoss = EmbedderLoss()
  ) throws {
    try Self.check(training, "to learn from")
    try Self.check(validation, "to measure on")
    (side, pairs, self.loss) = (recipe.side, recipe.batch * EmbedderExamples.pairsPerScene, loss)
    guard 2 * pairs * side * side <= Self.greatestPixels else {
      throw PictureTrainingError.input(
        "cannot train an embedder: \(2 * pairs) crops of \(side) pixels in a step need more memory than training takes; give a batch "
          + "of at most \(max(1, Self.greatestPixels / (2 * EmbedderExamples.pairsPerScene * side * side)))")
    }
    examples = EmbedderExamples(training, augmentation: recipe.augmentation, side: recipe.side)
    measure = EmbedderMeasure(validation, augmentation: recipe.augmentation)
    stripes = try Self.rows(measure, by: AppearanceEmbedder(.stripes), of: "stripes")
    classes = stripes.map { $0.name.replacingOccurrences(of: ", stripes", with: "") }
    words = TrainingWords(
      network: "embedder of \(EmbedderModel.dimension) numbers", input: "RGB less ImageNet's mean, over its deviation",
      squares: "crops (\(EmbedderExamples.pairsPerScene) pairs a picture)", page: "docs/appearance.md")
  }

  private static func check(_ album: ObjectAlbum, _ purpose: String) throws {
    guard album.objectCount >= 2 else {
      let found = album.objectCount == 0 ? "no object" : "one object alone"
      throw PictureTrainingError.input(
        "cannot train an embedder: the recordings \(purpose) show \(found), and there is nothing to be told apart; give recordings "
          + "with two objects or more")
    }
  }

  public var measuredCount: Int { measure.album.sceneCount }

  public func network(seed: UInt64) throws -> TrainingNetwork { try loss.network(model, pairs: pairs, seed: seed) }

  public func measure(_ tensors: [String: Tensor], threads: Int) throws -> TrainingScores {
    let rows = try Self.rows(measure, by: embedder(tensors, threads: threads), of: nil)
    let values = rows.compactMap(\.value)
    return TrainingScores(
      metric: Self.metric, rows: rows + stripes, mean: values.isEmpty ? nil : values.reduce(0, +) / Double(values.count))
  }

  private func embedder(_ tensors: [String: Tensor], threads: Int) throws -> AppearanceEmbedder {
    try AppearanceEmbedder(.network(EmbedderNetwork(graph(tensors))), threads: threads)
  }

  private static func rows(_ measure: EmbedderMeasure, by embedder: AppearanceEmbedder, of name: String?) throws
    -> [TrainingScores.Row]
  {
    try kinds.flatMap { kind -> [TrainingScores.Row] in
      guard measure.groups.contains(where: { $0.isFilm == kind.isFilm }) else { return [] }
      let scores = try measure.scores(isFilm: kind.isFilm, by: embedder)
      let end = kind.name + (name.map { ", \($0)" } ?? "")
      return [
        TrainingScores.Row(name: "rank 1, \(end)", count: scores.sought, value: scores.rank1),
        TrainingScores.Row(name: "area, \(end)", count: scores.sought, value: scores.area),
      ]
    }
  }

  public func graph(_ tensors: [String: Tensor]) throws -> Graph {
    var graph = try model.graph(tensors, side: side)
    graph.metadata = ["layout": OutputLayout.embedding]
    return graph
  }

  // MARK: Pictures

  /// Crops in a row of the report: one, and those that are nearest to it.
  private static let shownCount = 8
  /// Pixels around each.
  private static let frame = 3

  public func pictures(_ tensors: [String: Tensor], threads: Int) throws -> [TrainingPicture] {
    let embedder = try embedder(tensors, threads: threads)
    return try TrainingPicture.some(of: measure.groups.filter { $0.crops.count > 1 }).map { group in
      let query = group.crops.count / 2
      let found = try measure.retrieval(of: group, by: embedder, shown: [query]).nearest[query] ?? []
      let crops = try measure.pictures(of: group, width: side, height: side)
      func object(_ place: Int) -> Int { measure.album.views[group.crops[place].view].object }
      let shown = found.prefix(Self.shownCount - 1)
      let tiles =
        [(crops[query], [255, 255, 255] as [UInt8])]
        + shown.map { place in
          (crops[place], object(place) == object(query) ? [60, 200, 60] : [60, 60, 230])
        }
      return try TrainingPicture(
        Self.row(tiles, side: side),
        caption: "\(TrainingPicture.name(group.name)): an object, and the crops nearest to it: green of the same, red of others")
    }
  }

  /// Crops beside each other, in frames of blue, green and red.
  private static func row(_ tiles: [(crop: Image, color: [UInt8])], side: Int) -> Image {
    let step = side + 2 * frame
    var row = Image(width: step * tiles.count, height: step, channels: 3)
    for (number, tile) in tiles.enumerated() {
      for y in 0..<step {
        for x in 0..<step {
          let (column, line) = (x - frame, y - frame)
          let isInside = (0..<side).contains(column) && (0..<side).contains(line)
          for channel in 0..<3 {
            row[number * step + x, y, channel] = isInside ? tile.crop[column, line, channel] : tile.color[channel]
          }
        }
      }
    }
    return row
  }
}
