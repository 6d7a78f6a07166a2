internal import NetworkGraph
public import NetworkTraining

/// What a detector's training makes small: the centres' focal loss, the distance of the boxes, the likelihood of their uncertainty.
public struct DetectorLoss: Sendable, Equatable, Codable {
  /// How much the distance of boxes counts beside the centres.
  public var boxWeight = 5.0
  /// How much the likelihood counts; its gradient reaches the spreads alone.
  public var likelihoodWeight = 0.1

  /// The weights above.
  public init() {}

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
      let found = builder.graph.centreLoss(maps.scores, centres: centres, background: background)
      let box = builder.graph.boxLosses(maps.boxes, maps.spreads, targets: boxes, weights: weights)
      let shape = builder.graph.multiply(box.distance, number: boxWeight)
      let spread = builder.graph.multiply(box.likelihood, number: likelihoodWeight)
      return builder.graph.add(builder.graph.add(found, shape), spread)
    }
  }
}

extension GraphBuilder {
  /// −Σ (c (1 − p)² ln p + b p² ln(1 − p)) ∕ (1 + Σ c): the focal loss of centres (Law and Deng 2018, "CornerNet", equation 1, with α = 2),
  /// where b holds its (1 − y)⁴.
  mutating func centreLoss(_ logits: Int, centres: Int, background: Int) -> Int {
    let p = one("Sigmoid", [logits])
    let rest = subtract(number: 1, p)
    // The least probability that a logarithm is taken of: 32-bit floats of a logit below −16 are 0.
    let least = 1e-7
    let hit = multiply(multiply(rest, rest), one("Log", [add(p, number: least)]))
    let miss = multiply(multiply(p, p), one("Log", [add(rest, number: least)]))
    let total = sum(add(multiply(hit, centres), multiply(miss, background)))
    return negative(divide(total, add(sum(centres), number: 1)))
  }

  /// Means over the objects of the boxes' distance and of the likelihood of their spreads.
  ///
  /// - Parameters:
  ///   - found: [batch, 5, rows, columns].
  ///   - spreads: The logarithms of variances, of the same shape.
  mutating func boxLosses(_ found: Int, _ spreads: Int, targets: Int, weights: Int) -> (distance: Int, likelihood: Int) {
    let distance = mapDistance(found, targets)
    // The logarithm has a slope far away, the root, Hellinger's distance, near the end, where it is what ProbIoU measures. ε bounds its slope.
    let far = one("Log", [add(distance, number: 1)])
    let likeness = one("Exp", [negative(distance)])
    let near = one("Sqrt", [subtract(number: 1 + 1e-3, likeness)])
    let count = add(sum(weights), number: 1)
    let shape = divide(sum(multiply(add(far, near), weights)), count)
    let error = stopGradient(subtract(found, targets))
    let terms = add(multiply(multiply(error, error), one("Exp", [negative(spreads)])), spreads)
    let likelihood = divide(multiply(sum(multiply(terms, weights)), number: 0.5), count)
    return (shape, likelihood)
  }

  /// Bhattacharyya's distance of the boxes of each cell, [batch, 1, rows, columns] (docs/gaussian-boxes.md, "Distances").
  ///
  /// It does not change when both boxes are scaled, so that each pair is measured in units of the target's size, where numbers are near one.
  mutating func mapDistance(_ found: Int, _ targets: Int) -> Int {
    let (a, b) = (channels(found), channels(targets))
    let area = subtract(a[2], b[2])
    let (first, second) = (covariance(q: a[3], r: a[4], scale: one("Exp", [area])), covariance(q: b[3], r: b[4], scale: nil))
    let (xx, xy, yy) = (add(first.xx, second.xx), add(first.xy, second.xy), add(first.yy, second.yy))
    let determinant = subtract(multiply(xx, yy), multiply(xy, xy))
    let unit = one("Exp", [multiply(b[2], number: -0.5)])
    let offsets = (0..<2).map { multiply(multiply(subtract(a[$0], b[$0]), unit), number: Double(PyramidSize.decoderStride)) }
    let (dx, dy) = (offsets[0], offsets[1])
    let squares = add(multiply(yy, multiply(dx, dx)), multiply(xx, multiply(dy, dy)))
    let form = subtract(squares, multiply(multiply(xy, multiply(dx, dy)), number: 2))
    let offset = multiply(divide(form, determinant), number: 0.25)
    // ½ ln(det S ∕ 4) − ½ (p₁ + p₂), with p₂ = 0.
    let shape = multiply(subtract(one("Log", [multiply(determinant, number: 0.25)]), area), number: 0.5)
    return add(offset, shape)
  }

  private mutating func channels(_ map: Int) -> [Int] {
    add("Split", [map], ["axis": .integer(1), "num_outputs": .integer(5)], count: 5)
  }

  /// exp [[p + q, r], [r, p − q]] with eᵖ given (docs/gaussian-boxes.md, "Log-covariance").
  private mutating func covariance(q: Int, r: Int, scale: Int?) -> (xx: Int, xy: Int, yy: Int) {
    // Keeps the root's slope finite at squares, where it changes the sides by less than a thousandth.
    let rho = one("Sqrt", [add(add(multiply(q, q), multiply(r, r)), number: 1e-6)])
    let (up, down) = (one("Exp", [rho]), one("Exp", [negative(rho)]))
    let even = multiply(add(up, down), number: 0.5)
    let odd = divide(multiply(subtract(up, down), number: 0.5), rho)
    let (along, across) = (multiply(odd, q), multiply(odd, r))
    let entries = [add(even, along), across, subtract(even, along)].map { entry in scale.map { multiply(entry, $0) } ?? entry }
    return (entries[0], entries[1], entries[2])
  }
}
