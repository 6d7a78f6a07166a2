internal import NetworkGraph
internal import NetworkTraining

/// What masks are mixed from: the mask of an object is σ(Σ c · prototype), c the coefficients of the cells that tell of it (Bolya et al. 2019,
/// "YOLACT", equation 1).
struct MaskMaps {
  /// [batch, count, rows, columns]
  let coefficients: Int
  /// [batch, count, rows, columns]
  let prototypes: Int
}

extension NetworkBuilder {
  /// - Parameters:
  ///   - features: Of the decoder.
  ///   - how: The features that tell of boxes.
  mutating func masks(_ features: Int, of how: Int, width: Int, count: Int) throws -> MaskMaps {
    let seen = try unit(features, "pattern", from: width, to: width)
    // Not near zero as the coefficients: a product of two small factors has no slope over either.
    let prototypes = try convolution(seen, "prototypes", from: width, to: count, kernel: 1, gain: 1)
    let start = [Double](repeating: 0, count: count)
    return MaskMaps(coefficients: try map(how, "coefficients", from: width, start: start), prototypes: prototypes)
  }
}

/// The loss of masks; `DetectorLoss` adds it to the others.
public enum MaskLoss {
  /// The most objects in a square whose masks are learned. Squares with fewer have regions of weight 0.
  public static let objects = 16
  /// The names of its inputs; cells are one list, row by row, of stride 4.
  ///
  /// - `claims` [batch, cells, objects]: how much each cell tells of an object, 1 in all for each.
  /// - `masks` [batch, objects, cells]: the share of each cell that is the object's.
  /// - `regions` [batch, objects, cells]: how much each cell counts, in all as much as the object does.
  public static let inputNames = ["claims", "masks", "regions"]

  static func inputs(_ graph: inout GraphBuilder) -> [Int] {
    let shapes: [[Size]] = [
      [.any, .any, .fixed(objects)], [.any, .fixed(objects), .any], [.any, .fixed(objects), .any],
    ]
    return zip(inputNames, shapes).map { graph.input($0, shape: $1) }
  }

  /// What is added above and below in an overlap, as a share of an object's region: a mask of nothing is neither endless nor nothing.
  static let floor = 0.01
}

extension GraphBuilder {
  /// The mean over the objects of Σ w (softplus(z) − t z) + v (1 − (2 Σ w p t + ε v) ∕ (Σ w p² + Σ w t² + ε v)): cross entropy, and what is missing to a
  /// whole overlap (Milletari, Navab and Ahmadi 2016, "V-Net", section 3), whose squares make p = t the best for soft masks too. z are the logits,
  /// p = σ(z), t the truth, w the region, v = Σ w the object's own weight.
  ///
  /// - Parameters:
  ///   - count: Of the prototypes.
  ///   - inputs: Those of `MaskLoss.inputNames`.
  mutating func maskLoss(_ maps: MaskMaps, count: Int, _ inputs: [Int]) -> Int {
    let (claims, masks, regions) = (inputs[0], inputs[1], inputs[2])
    let own = transpose(product(reshape(maps.coefficients, [0, count, -1]), claims), [0, 2, 1])
    let logits = product(own, reshape(maps.prototypes, [0, count, -1]))
    let terms = subtract(one("Softplus", [logits]), multiply(masks, logits))
    let entropy = sum(multiply(terms, regions))

    let p = one("Sigmoid", [logits])
    let weights = sum(regions, axes: [2])
    // The last keeps squares' padding, whose weight is 0, from 0 ∕ 0.
    let floor = add(multiply(weights, number: MaskLoss.floor), number: 1e-12)
    let both = sum(multiply(multiply(p, masks), regions), axes: [2])
    let squares = add(multiply(p, p), multiply(masks, masks))
    let all = sum(multiply(squares, regions), axes: [2])
    let overlap = divide(add(multiply(both, number: 2), floor), add(all, floor))
    let missing = sum(multiply(weights, subtract(number: 1, overlap)))
    return divide(add(entropy, missing), add(sum(weights), number: 1))
  }
}
