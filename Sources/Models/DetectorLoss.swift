public import ModelFiles
internal import NetworkGraph
public import NetworkTraining

/// What a detector's training makes small: the centres' focal loss, the distance of the boxes, the likelihood of their uncertainty.
public struct DetectorLoss: Sendable, Equatable, Codable {
  /// What is made small of the scores of centres.
  public var centre = CentreLoss.focal
  /// What is made small of a found box and the true one.
  public var box = BoxLoss.hellinger
  /// How much it counts beside the centres.
  public var boxWeight = 5.0
  /// How much the likelihood counts; its gradient reaches the spreads alone.
  public var likelihoodWeight = 0.1
  /// How much the angle near squares counts (`AngleLoss`); 0: it is left out.
  public var angleWeight = 0.0
  /// Whether these weights stay, or are those of a recursive mix, for which only matters that they are not 0.
  public var taskWeights = TaskWeights.fixed
  /// How much the masks count, where the network tells some.
  public var maskWeight = 1.0
  /// What features of a teacher are learned beside (`FeatureLoss`); nil: none.
  public var features: FeatureTarget?
  /// How much they count. As much as the centres: chosen, with no data in sight.
  public var featureWeight = 1.0
  /// How much the looks count, where the network tells some; their gradient reaches their head alone.
  public var embeddingWeight = 1.0

  /// The weights above.
  ///
  /// - Parameters:
  ///   - box: What is made small of a found box and the true one.
  ///   - centre: And of the scores of centres.
  public init(box: BoxLoss = .hellinger, centre: CentreLoss = .focal) { (self.box, self.centre) = (box, centre) }

  /// The names of the inputs beside `pictures`, maps of the cells of stride 4.
  ///
  /// - `centres` [batch, classes, rows, columns]: 1 in the cells of centres.
  /// - `background`, of the same shape: what a score there costs, 0 where nobody knows.
  /// - `boxes` [batch, 5, rows, columns]: what each cell should tell, see `DetectorModel.boxChannels`.
  /// - `weights` [batch, 1, rows, columns]: how much each cell's box counts, 1 in all for each object.
  public static let inputNames = ["centres", "background", "boxes", "weights"]

  /// How many objects of a square `BoxLoss.piou` looks at: with more, those at the end of the labels are left out.
  public static let greatestObjectCount = 16
  /// The inputs of `BoxLoss.piou` besides, [batch, 1, `greatestObjectCount`]: the cells of objects' centres, by rows, as 64-bit integers, and how much
  /// each counts, 0 where there is none.
  public static let objectInputNames = ["objects", "object weights"]

  /// The network with this loss, ready to be trained.
  ///
  /// - Throws: `NetworkError` or `TrainingError` for a network that cannot be differentiated, which is a fault of the program.
  public func network(_ model: DetectorModel, seed: UInt64) throws -> TrainingNetwork {
    try TrainingNetwork(seed: seed) { builder in
      func input(_ name: String, _ channels: Int) -> Int {
        builder.graph.input(name, shape: [.any, .fixed(channels), .any, .any])
      }
      let picture = input("pictures", 3)
      let (centres, background) = (input("centres", model.classCount), input("background", model.classCount))
      let (boxes, weights) = (input("boxes", DetectorModel.boxChannels), input("weights", 1))
      let before = model.mixesTime ? input(TimeMix.pictureName, 3) : nil
      let maps = try model.maps(&builder, picture, before: before)
      let found = builder.graph.centreLoss(centre, maps.scores, centres: centres, background: background)
      let box = builder.graph.boxLosses(self.box, maps.boxes, maps.spreads, targets: boxes, weights: weights)
      let distance = try self.box == .piou ? withOverlap(&builder.graph, box.distance, maps.boxes, boxes) : box.distance
      var parts = [
        Part(name: "centres", loss: found, map: maps.scores, weight: nil),
        Part(name: "boxes", loss: distance, map: maps.boxes, weight: boxWeight),
        Part(name: "spreads", loss: box.likelihood, map: maps.spreads, weight: likelihoodWeight),
      ]
      if angleWeight > 0 {
        let angle = builder.graph.objectMean(builder.graph.angleLoss(maps.boxes, boxes), weights)
        parts.insert(Part(name: "angles", loss: angle, map: maps.boxes, weight: angleWeight), at: 2)
      }
      if let masks = maps.masks {
        let mask = builder.graph.maskLoss(masks, count: model.prototypes, MaskLoss.inputs(&builder.graph))
        parts.append(Part(name: "masks", loss: mask, map: masks.coefficients, weight: maskWeight))
      }
      if let features {
        let told = try builder.featureLoss(maps.levels, model.pyramid, features)
        parts.append(Part(name: "features", loss: told.loss, map: told.map, weight: featureWeight))
      }
      if let looks = maps.looks {
        let loss = builder.graph.embeddingLoss(
          looks.unit, dimension: model.embedding, EmbeddingLoss.inputs(&builder.graph))
        parts.append(Part(name: "embeddings", loss: loss, map: looks.raw, weight: embeddingWeight))
      }
      return try total(&builder, parts)
    }
  }

  private func withOverlap(_ graph: inout GraphBuilder, _ distance: Int, _ found: Int, _ targets: Int) throws -> Int {
    let shape: [Size] = [.any, .fixed(1), .fixed(Self.greatestObjectCount)]
    let objects = graph.input(Self.objectInputNames[0], shape: shape, type: .int64)
    let weights = graph.input(Self.objectInputNames[1], shape: shape)
    return graph.add(distance, try graph.objectOverlapLoss(found, targets, objects: objects, weights: weights))
  }

  /// A part of the loss.
  private struct Part {
    let name: String
    let loss: Int
    /// What of the network it is about.
    let map: Int
    /// nil: one.
    let weight: Double?
  }

  private func total(_ builder: inout NetworkBuilder, _ parts: [Part]) throws -> Int {
    switch taskWeights {
    case .fixed:
      let terms = parts.map { part in part.weight.map { builder.graph.multiply(part.loss, number: $0) } ?? part.loss }
      return terms.dropFirst().reduce(terms[0]) { builder.graph.add($0, $1) }
    case .recursive: return try builder.recursiveMix(parts.map { LossTask($0.name, loss: $0.loss, over: $0.map) })
    }
  }

  /// How much each part of the loss counts next, by name, where that changes.
  ///
  /// - Parameters:
  ///   - statistics: The training's, `TrainingState.statistics`.
  ///   - hasMasks: Whether the network tells masks.
  ///   - hasLooks: Whether it tells embeddings.
  public func weights(_ statistics: [String: Tensor], hasMasks: Bool = false, hasLooks: Bool = false) -> [String: Double]? {
    guard taskWeights == .recursive else { return nil }
    return NetworkBuilder.recursiveWeights(
      ["centres", "boxes"] + (angleWeight > 0 ? ["angles"] : []) + ["spreads"] + (hasMasks ? ["masks"] : [])
        + (features != nil ? ["features"] : []) + (hasLooks ? ["embeddings"] : []), statistics)
  }

  /// How many numbers the trained network has: those of a training's network but for what is there in training alone.
  public func trainedParameterCount(of network: TrainingNetwork) -> Int {
    network.parameters.reduce(0) { $0 + (FeatureLoss.isTeachers($1.name) ? 0 : $1.start.count) }
  }
}

extension GraphBuilder {
  /// Means over the objects of the boxes' distance and of the likelihood of their spreads.
  ///
  /// - Parameters:
  ///   - kind: The distance.
  ///   - found: [batch, 5, rows, columns].
  ///   - spreads: The logarithms of variances, of the same shape.
  mutating func boxLosses(
    _ kind: BoxLoss, _ found: Int, _ spreads: Int, targets: Int, weights: Int
  ) -> (distance: Int, likelihood: Int) {
    let apart = boxLoss(kind, found, targets)
    let count = add(sum(weights), number: 1)
    let shape = divide(sum(multiply(apart, weights)), count)
    let error = stopGradient(subtract(found, targets))
    let terms = add(multiply(multiply(error, error), one("Exp", [negative(spreads)])), spreads)
    let likelihood = divide(multiply(sum(multiply(terms, weights)), number: 0.5), count)
    return (shape, likelihood)
  }

  /// Σ w x ∕ (1 + Σ w) of maps [batch, 1, rows, columns]: the mean over the objects.
  mutating func objectMean(_ values: Int, _ weights: Int) -> Int {
    divide(sum(multiply(values, weights)), add(sum(weights), number: 1))
  }
}
