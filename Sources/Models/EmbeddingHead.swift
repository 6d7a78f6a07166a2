internal import NetworkGraph
internal import NetworkTraining

/// The looks of cells.
struct EmbeddingMap {
  /// [batch, dimension, rows, columns], as they come out of the head.
  let raw: Int
  /// The same with vectors of length 1.
  let unit: Int
}

extension NetworkBuilder {
  /// A unit vector a cell, near to those of other pictures of the same object.
  ///
  /// The head reads the features and does not change them: pulled by both, a detector finds much less (Benchmarks/README.md, "Looks").
  ///
  /// - Parameter features: Of the decoder.
  mutating func looks(_ features: Int, width: Int, dimension: Int) throws -> EmbeddingMap {
    // Not in the trained network, where it would be an operation of nobody else's.
    let read = isTraining ? graph.stopGradient(features) : features
    let seen = try unit(read, "looks", from: width, to: width)
    let raw = try convolution(seen, "embeddings", from: width, to: dimension, kernel: 1, gain: 1)
    return EmbeddingMap(raw: raw, unit: graph.normalized(raw))
  }
}

/// The loss of embeddings: InfoNCE over objects that are seen in two squares of a step. `DetectorLoss` adds it to the others.
public enum EmbeddingLoss {
  /// The most objects of a square whose looks are learned.
  public static let objects = 16
  /// What cosines are divided by, as `EmbedderLoss` has it.
  static let temperature = EmbedderLoss().temperature
  /// The names of its inputs. The objects of a step are those of its squares one behind the other, `objects` of each.
  ///
  /// - `look claims` [batch, cells, objects]: how much each cell tells of an object, 1 in all for each that is there.
  /// - `fellows` [batch · objects, batch · objects]: how much it counts that the object of a column is found by that of a row; 1 in all, or 0
  ///   where no object is seen twice.
  /// - `look kin`, of the same shape: `EmbedderLoss.kinWeight` where the two are the same object and no fellows, or one of them is none, else 0.
  public static let inputNames = ["look claims", "fellows", "look kin"]

  static func inputs(_ graph: inout GraphBuilder) -> [Int] {
    let shapes: [[Size]] = [[.any, .any, .fixed(objects)], [.any, .any], [.any, .any]]
    return zip(inputNames, shapes).map { graph.input($0, shape: $1) }
  }
}

extension GraphBuilder {
  /// Vectors along axis 1 over their lengths.
  mutating func normalized(_ vectors: Int) -> Int {
    // Keeps the root's slope finite where everything is nought.
    let squares = add(sum(multiply(vectors, vectors), axes: [1]), number: 1e-12)
    return divide(vectors, one("Sqrt", [squares]))
  }

  /// −Σ fellowᵢⱼ ln softmaxⱼ((uᵢ·uⱼ + kinᵢⱼ) ∕ τ), u the means of the cells' vectors by their claims, of length 1 (van den Oord et al. 2018, equation 4). Each
  /// pair stands in it twice, once from either of its two: both directions in one sum.
  ///
  /// - Parameters:
  ///   - map: [batch, dimension, rows, columns], of length 1.
  ///   - inputs: Those of `EmbeddingLoss.inputNames`.
  mutating func embeddingLoss(_ map: Int, dimension: Int, _ inputs: [Int]) -> Int {
    let (claims, fellows, kin) = (inputs[0], inputs[1], inputs[2])
    let means = normalized(product(reshape(map, [0, dimension, -1]), claims))
    let objects = reshape(transpose(means, [0, 2, 1]), [-1, dimension])
    let likeness = add(product(objects, transpose(objects, [1, 0])), kin)
    let logarithms = one(
      "LogSoftmax", [multiply(likeness, number: 1 / EmbeddingLoss.temperature)], ["axis": .integer(1)])
    return negative(sum(multiply(fellows, logarithms)))
  }
}
