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
      let maps = try model.maps(&builder, picture)
      let found = builder.graph.centreLoss(centre, maps.scores, centres: centres, background: background)
      let box = builder.graph.boxLosses(self.box, maps.boxes, maps.spreads, targets: boxes, weights: weights)
      let shape = builder.graph.multiply(box.distance, number: boxWeight)
      let spread = builder.graph.multiply(box.likelihood, number: likelihoodWeight)
      return builder.graph.add(builder.graph.add(found, shape), spread)
    }
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
}
