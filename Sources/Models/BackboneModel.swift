public import ModelFiles
public import NetworkGraph
public import NetworkTraining

/// What the pyramid learns from pictures without labels.
public enum BackboneAim: String, Sendable, CaseIterable, Codable {
  /// The histograms of oriented gradients of what is hidden (Wei et al. 2022, "Masked feature prediction for self-supervised visual pre-training",
  /// section 3): pyramid and decoder learn.
  case hog
  /// What a slower copy says of another view of the same picture, and of its own view's hidden patches (Caron et al. 2021, "DINO"; Zhou et al. 2022,
  /// "iBOT"): the pyramid learns.
  case dino
}

/// The pyramid, with what it needs to learn from pictures alone.
public struct BackboneModel: Sendable, Equatable {
  /// Which size.
  public let scale: DetectorModel.Scale
  /// What the blocks at its coarse end are.
  public let blocks: CoarseBlocks
  /// What it learns.
  public let aim: BackboneAim

  /// - Parameters: As the properties of their names.
  public init(_ scale: DetectorModel.Scale, aim: BackboneAim, blocks: CoarseBlocks = .conv) {
    (self.scale, self.aim, self.blocks) = (scale, aim, blocks)
  }

  /// Pixels along the sides of a patch that is hidden as a whole: a cell of the coarsest features.
  public static let patch = PyramidSize.greatestStride
  /// Kinds of looks that a copy tells apart, and the numbers before them. The paper's 65,536 kinds are for a million pictures.
  static let (kinds, hidden, narrow) = (256, 128, 64)

  private var size: PyramidSize { PyramidSize(scale, coarse: blocks) }

  /// Features of pictures: the decoder's at stride 4, or the pyramid's coarsest.
  private func features(_ builder: inout NetworkBuilder, _ picture: Int) throws -> Int {
    let levels = try builder.pyramid(picture, size)
    switch aim {
    case .hog: return try builder.pyramidDecoder(levels, size)
    case .dino:
      guard let coarse = levels.last else { throw TrainingError("A pyramid without levels has no features.") }
      return coarse
    }
  }

  /// The channels of the features.
  private var width: Int { aim == .hog ? size.decoderWidth : size.widths.last ?? 0 }

  /// Histograms of each cell of 8 × 8 pixels, [batch, cells, 9].
  func histograms(_ builder: inout NetworkBuilder, _ picture: Int) throws -> Int {
    let features = try features(&builder, picture)
    let (width, bins) = (width, OrientedGradients.bins)
    return try builder.scoped("hog") { builder in
      let seen = try builder.unit(features, "seen", from: width, to: width, stride: 2)
      // A histogram of norm 1 over nine bins: in the mean a quarter each.
      let cells = try builder.map(seen, "cells", from: width, start: [Double](repeating: 0.25, count: bins))
      return builder.graph.transpose(builder.graph.reshape(cells, [0, bins, -1]), [0, 2, 1])
    }
  }

  /// What a picture and each of its coarsest cells look like, as logits of kinds: [batch, kinds] and [batch, cells, kinds].
  ///
  /// A perceptron, a vector of norm 1 and a linear layer (Caron et al. 2021, appendix C), shared by both (Zhou et al. 2022, section 3.2).
  func looks(_ builder: inout NetworkBuilder, _ picture: Int, cells: Int) throws -> (whole: Int, cells: Int) {
    let features = try features(&builder, picture)
    let width = width
    let tokens = builder.graph.transpose(builder.graph.reshape(features, [0, width, -1]), [0, 2, 1])
    let all = builder.graph.concat([builder.graph.mean(tokens, axes: [1]), tokens], axis: 1)
    return try builder.scoped("dino") { builder in
      let rows = builder.graph.reshape(all, [-1, width])
      // Norms over the batch take off what all pictures have in common: without them, all vectors of length 1 are alike, the copy's centred shares all
      // equal, and nothing is learned.
      let hidden = builder.relu(
        try builder.batchNorm(
          try builder.linear(rows, "hidden", from: width, to: Self.hidden, gain: 2), "norm1", channels: Self.hidden))
      let narrow = try builder.batchNorm(
        try builder.linear(hidden, "narrow", from: Self.hidden, to: Self.narrow), "norm2", channels: Self.narrow)
      let squares = builder.graph.sum(builder.graph.multiply(narrow, narrow), axes: [1])
      let unit = builder.graph.divide(narrow, builder.graph.one("Sqrt", [builder.graph.add(squares, number: 1e-6)]))
      let logits = try builder.linear(unit, "kinds", from: Self.narrow, to: Self.kinds, hasBias: false)
      let shaped = builder.graph.reshape(logits, [-1, 1 + cells, Self.kinds])
      let whole = builder.graph.reshape(builder.graph.slice(shaped, axis: 1, 0..<1), [-1, Self.kinds])
      return (whole, builder.graph.slice(shaped, axis: 1, 1..<1 + cells))
    }
  }

  /// The trained network as a graph: `images` [1, 3, height, width], multiples of 32, to `features`: the decoder's at stride 4, or with `dino` the
  /// pyramid's at stride 32.
  ///
  /// - Parameter tensors: Parameters and statistics, `TrainingState.tensors`.
  /// - Throws: `TrainingError` for tensors of another network.
  public func graph(_ tensors: [String: Tensor]) throws -> Graph {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let picture = builder.graph.input("images", shape: [.fixed(1), .fixed(3), .symbol("height"), .symbol("width")])
    builder.graph.output(try features(&builder, picture), name: "features")
    return builder.graph.trained(shape: [.fixed(1), .fixed(width), .symbol("rows"), .symbol("columns")])
  }

  /// What a training is measured by: `images` [1, 3, side, side] to `histograms` [1, cells, 9], or with `dino` to `embedding` [1, channels], the
  /// mean of the coarsest features.
  ///
  /// - Throws: `TrainingError` for tensors of another network.
  public func measuredGraph(_ tensors: [String: Tensor], side: Int) throws -> Graph {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let picture = builder.graph.input("images", shape: [.fixed(1), .fixed(3), .fixed(side), .fixed(side)])
    switch aim {
    case .hog:
      builder.graph.output(try histograms(&builder, picture), name: "histograms")
      let cells = side / OrientedGradients.cell
      return builder.graph.trained(shape: [.fixed(1), .fixed(cells * cells), .fixed(OrientedGradients.bins)])
    case .dino:
      let features = try features(&builder, picture)
      builder.graph.output(builder.graph.mean(features, axes: [2, 3], keepsAxes: false), name: "embedding")
      return builder.graph.trained(shape: [.fixed(1), .fixed(width)])
    }
  }
}

/// What a backbone's training makes small.
public struct BackboneLoss: Sendable, Equatable {
  /// Sides of the squares in pixels, a multiple of 32.
  public let side: Int
  /// Pictures in a pass.
  public let batch: Int

  /// - Parameters: As the properties of their names.
  public init(side: Int, batch: Int) { (self.side, self.batch) = (side, batch) }

  /// The names of the inputs.
  ///
  /// - `pictures` [batch, 3, side, side], in which patches are hidden; with `dino` [2 · batch, …]: one view of each, then the other.
  /// - `masks`: 1 where something is hidden, of cells of 8 × 8 pixels [batch, cells], or with `dino` of patches [2 · batch, patches].
  /// - `targets` [batch, cells, 9]: histograms of the whole pictures; with `hog` alone.
  /// - `views` [2 · batch, 3, side, side]: the whole pictures; with `dino` alone.
  public static let inputNames = ["pictures", "masks", "targets", "views"]

  /// How much of the running means of what the slower copy says stays in each step (Caron et al. 2021, section 5.3).
  private static let centreMomentum = 0.9

  /// The network with this loss, ready to be trained.
  ///
  /// - Throws: `NetworkError` or `TrainingError` for a network that cannot be differentiated, which is a fault of the program.
  public func network(_ model: BackboneModel, seed: UInt64) throws -> TrainingNetwork {
    try TrainingNetwork(seed: seed) { builder in
      let shape: [Size] = [.any, .fixed(3), .fixed(side), .fixed(side)]
      let pictures = builder.graph.input("pictures", shape: shape)
      switch model.aim {
      case .hog: return try histograms(&builder, model, pictures)
      case .dino: return try views(&builder, model, pictures, whole: builder.graph.input("views", shape: shape))
      }
    }
  }

  private func histograms(_ builder: inout NetworkBuilder, _ model: BackboneModel, _ pictures: Int) throws -> Int {
    let row = side / OrientedGradients.cell
    let masks = builder.graph.input("masks", shape: [.any, .fixed(row * row)])
    let targets = builder.graph.input("targets", shape: [.any, .fixed(row * row), .fixed(OrientedGradients.bins)])
    let found = try model.histograms(&builder, pictures)
    return builder.graph.maskedFeatures(found, targets, masks: masks, patches: row * row)
  }

  private func views(_ builder: inout NetworkBuilder, _ model: BackboneModel, _ pictures: Int, whole: Int) throws -> Int {
    let row = side / BackboneModel.patch
    let (cells, kinds, batch) = (row * row, BackboneModel.kinds, batch)
    let masks = builder.graph.input("masks", shape: [.any, .fixed(cells)])
    let student = try model.looks(&builder, pictures, cells: cells)
    let teacher = try builder.averaged { try model.looks(&$0, whole, cells: cells) }
    func halves(_ value: Int) -> [Int] {
      [0..<batch, batch..<2 * batch].map { builder.graph.slice(value, axis: 0, $0) }
    }
    // A mean for each place of a patch: where it lies is told by the zeros around the picture, and would be learned in the place of what it shows.
    let means = [
      builder.graph.mean(teacher.whole, axes: [0], keepsAxes: false),
      builder.graph.mean(teacher.cells, axes: [0], keepsAxes: false),
    ]
    let centres = try builder.scoped("centre") { builder in
      try zip([("whole", [kinds]), ("cells", [cells, kinds])], means).map { place, mean in
        try builder.runningMean(place.0, place.1, of: mean, start: 0, momentum: Self.centreMomentum)
      }
    }
    let (teachers, students) = (halves(teacher.whole), halves(student.whole))
    let pictured = try builder.graph.selfDistillation(teachers: teachers, students: students, center: centres[0])
    let patched = builder.graph.patchDistillation(
      teacher: teacher.cells, student: student.cells, masks: masks, center: centres[1], patches: cells)
    return builder.graph.add(pictured, patched)
  }
}
