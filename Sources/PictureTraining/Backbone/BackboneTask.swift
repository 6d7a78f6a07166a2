internal import Geometry
public import ModelFiles
public import Models
internal import NetworkDetection
public import NetworkGraph
internal import NetworkPrograms
public import NetworkTraining

/// Learning what pictures look like, without labels: what a detector or a segmenter begins with.
public struct BackboneTask: TrainingTask {
  public let classes = ["pictures"]
  public let examples: any ExampleSource
  public let purpose = "Features of pictures, learned without labels"
  public let use = "`sextant train detector --start` and `sextant train segmenter --start`"
  private let data: BackboneData
  private let source: any PictureSource
  private let model: BackboneModel
  private let recipe: TrainingRecipe

  /// A training on these pictures.
  public init(_ data: BackboneData, from source: any PictureSource, recipe: TrainingRecipe, aim: BackboneAim) {
    (self.data, self.source, self.recipe) = (data, source, recipe)
    model = BackboneModel(recipe.scale, aim: aim, blocks: recipe.blocks)
    examples = BackboneExamples(
      pictures: data.training, source: source, augmentation: recipe.augmentation, side: recipe.side, aim: aim)
  }

  public var measuredCount: Int { data.validation.count }
  public var words: TrainingWords { TrainingWords(network: "\(recipe.network), \(model.aim.rawValue)") }

  public func network(seed: UInt64) throws -> TrainingNetwork {
    try BackboneLoss(side: recipe.side, batch: recipe.batch).network(model, seed: seed)
  }

  public func measure(_ tensors: [String: Tensor], threads: Int) throws -> TrainingScores {
    let program = try Program(model.measuredGraph(tensors, side: recipe.side), threads: threads)
    let value = model.aim == .hog ? try explained(program) : try nearest(program)
    return TrainingScores(
      metric: model.aim == .hog ? "explained share" : "other view nearest",
      rows: [TrainingScores.Row(name: classes[0], count: data.validation.count, value: value)], mean: value)
  }

  /// A square of a picture that is measured on, the same one at each measurement.
  private func square(_ place: Int, view: UInt64) throws -> HiddenSquare {
    var random = SplitMix64(seed: SplitMix64.mixed(SplitMix64.mixed(recipe.seed &+ UInt64(place)) ^ (view &+ 1)))
    return HiddenSquare(try source.pixels(of: data.validation[place]), recipe.augmentation, side: recipe.side, &random)
  }

  private func run(_ program: Program, _ pixels: [Float], _ name: String) throws -> [Float] {
    let input = try Tensor(shape: [1, 3, recipe.side, recipe.side], pixels)
    guard let found = try program.run(["images": input])[name]?.values(Float.self) else {
      throw TrainingError("The network tells no \(name); it is another network's.")
    }
    return found
  }

  /// One less the squared errors of the hidden cells over their squared differences from their mean; 0 where the mean is told everywhere.
  private func explained(_ program: Program) throws -> Double? {
    let bins = OrientedGradients.bins
    var (errors, squares, sums, count) = (0.0, 0.0, [Double](repeating: 0, count: bins), 0.0)
    for place in data.validation.indices {
      let square = try square(place, view: 0)
      let (found, truth) = (try run(program, square.seen, "histograms"), try square.histograms())
      for (cell, mask) in square.cellMasks.enumerated() where mask > 0 {
        count += 1
        for bin in 0..<bins {
          let (told, value) = (Double(found[cell * bins + bin]), Double(truth[cell * bins + bin]))
          errors += (told - value) * (told - value)
          squares += value * value
          sums[bin] += value
        }
      }
    }
    let spread = squares - sums.reduce(0) { $0 + $1 * $1 } / max(1, count)
    return spread > 0 ? 1 - errors / spread : nil
  }

  /// The share of pictures whose other view is nearer to their first one than that of all others, by the cosine of features less their mean.
  private func nearest(_ program: Program) throws -> Double? {
    let views = try (0..<2).map { view in
      try data.validation.indices.map { place in
        try run(program, square(place, view: UInt64(view)).pixels, "embedding").map { Double($0) }
      }
    }
    guard let first = views[0].first, views[0].count > 1 else { return nil }
    let all = views[0] + views[1]
    let mean = first.indices.map { place in all.reduce(0) { $0 + $1[place] } / Double(all.count) }
    let unit = views.map { rows in rows.map { Self.unit($0, from: mean) } }
    let right = unit[0].indices.filter { place in
      let likeness = unit[1].map { other in zip(unit[0][place], other).reduce(0) { $0 + $1.0 * $1.1 } }
      let others = likeness.indices.filter { $0 != place }.map { likeness[$0] }
      return others.allSatisfy { $0 < likeness[place] }
    }
    return Double(right.count) / Double(unit[0].count)
  }

  private static func unit(_ row: [Double], from mean: [Double]) -> [Double] {
    let moved = zip(row, mean).map { $0 - $1 }
    let length = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? moved.map { $0 / length } : moved
  }

  /// None: what it says of a picture is not to be seen.
  public func pictures(_ tensors: [String: Tensor], threads: Int) throws -> [TrainingPicture] { [] }

  public func graph(_ tensors: [String: Tensor]) throws -> Graph {
    var graph = try model.graph(tensors)
    graph.metadata = ["layout": OutputLayout.features, "aim": model.aim.rawValue]
    return graph
  }
}
