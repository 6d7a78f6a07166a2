internal import NetworkGraph
internal import NetworkTraining

/// The overlap of found boxes with true ones counted by soft pixels (Chen et al. 2020, "PIoU loss", equations 4 to 8), of one cell an object.
///
/// All cells of a square would need 32 × 32 numbers each, for each of a dozen values; of the cells of the objects' centres there are few.
enum ObjectOverlap {
  /// Pixels along a side of the grid, which lies around the true box and is twice as long as its longer side.
  static let side = 32
  /// k of K(d, s) = 1 ∕ (1 + e^(k (d − s))), in 1 ∕ pixels of the grid: soft within two of them, for a narrower edge falls between pixels.
  static let sharpness = 2.0
  /// Added to ρ², so that its root has a slope at squares, and the axes of boxes whose sides differ by less than three hundredths are none.
  static let softness = 1e-3
}

extension GraphBuilder {
  /// Σ w (1 − PIoU) ∕ (1 + Σ w) over objects.
  ///
  /// - Parameters:
  ///   - found: [batch, 5, rows, columns], see `DetectorModel.boxChannels`; `targets` likewise.
  ///   - objects: The cells of the objects' centres, [batch, 1, N], by rows; 64-bit integers.
  ///   - weights: w, [batch, 1, N]; 0 where there is no object.
  mutating func objectOverlapLoss(_ found: Int, _ targets: Int, objects: Int, weights: Int) throws -> Int {
    let cells = concat([Int](repeating: objects, count: DetectorModel.boxChannels), axis: 1)
    let pairs = [found, targets].map { map in
      one("GatherElements", [reshape(map, [0, DetectorModel.boxChannels, -1]), cells], ["axis": .integer(2)])
    }
    return objectMean(subtract(number: 1, reshapeLike(weights, try gatheredOverlap(pairs[0], pairs[1]))), weights)
  }

  private mutating func reshapeLike(_ other: Int, _ values: Int) -> Int {
    one("Reshape", [values, one("Shape", [other])])
  }

  /// PIoU of boxes [batch, 5, N], [batch · N, 1].
  ///
  /// - Parameter side: Pixels along a side of the grid: the more, the nearer to the exact overlap.
  mutating func gatheredOverlap(_ found: Int, _ targets: Int, side: Int = ObjectOverlap.side) throws -> Int {
    let (a, b) = (columns(found), columns(targets))
    let (first, second) = (softRho(a), softRho(b))
    // Pixels of the grid for a cell: the grid's pixel is √12 e^((p + ρ) ∕ 2) ∕ 16 pixels of the picture, 12 the variance's divisor.
    let longest = one("Exp", [multiply(add(b[2], second), number: -0.5)])
    // Half of the true box's longer side in pixels of the grid.
    let half = Double(side) / 4
    let unit = Double(PyramidSize.decoderStride) * 2 * half / 12.0.squareRoot()
    // Farther away nothing is shared, and 32-bit floats lose the pixels.
    let offsets = (0..<2).map { axis in
      clipped(multiply(multiply(subtract(a[axis], b[axis]), longest), number: unit), to: 2 * Double(side))
    }
    let reach = Double(side) / 2
    let pixels = try pixelCentres(x: -reach...reach, y: -reach...reach)
    let places = (0..<2).map { axis in reshape(slice(pixels, axis: 1, axis..<axis + 1), [1, -1]) }
    let moved = (0..<2).map { subtract(places[$0], offsets[$0]) }
    let size = subtract(a[2], b[2])
    let seen = inside(
      moved, a, rho: first, half: half, long: subtract(add(size, first), second), short: subtract(subtract(size, first), second))
    let truth = inside(
      places, b, rho: second, half: half, long: constant(0), short: multiply(second, number: -2))
    let both = multiply(seen, truth)
    return divide(sum(both, axes: [1]), sum(subtract(add(seen, truth), both), axes: [1]))
  }

  /// The five numbers of gathered boxes, [batch · N, 1] each.
  private mutating func columns(_ boxes: Int) -> [Int] { boxChannels(boxes).map { reshape($0, [-1, 1]) } }

  private mutating func softRho(_ box: [Int]) -> Int {
    one("Sqrt", [add(add(multiply(box[3], box[3]), multiply(box[4], box[4])), number: ObjectOverlap.softness)])
  }

  private mutating func clipped(_ value: Int, to bound: Double) -> Int { one("Clip", [value, constant(-bound), constant(bound)]) }

  /// F = K(|u|, w ∕ 2) K(|v|, h ∕ 2) of pixels at d from the centre, [boxes, pixels]: with (c, s) = (q, r) ∕ ρ = (cos 2θ, sin 2θ),
  /// u² = ½ (|d|² + (dx² − dy²) c + 2 dx dy s) along the longer side and v² = |d|² − u², so that no half of an angle is needed.
  ///
  /// - Parameters:
  ///   - half: Half of the true box's longer side in pixels of the grid.
  ///   - long: Twice the logarithm of the longer side over the true one's; `short`, of the shorter side over the true longer one's.
  private mutating func inside(_ d: [Int], _ box: [Int], rho: Int, half: Double, long: Int, short: Int) -> Int {
    let (c, s) = (divide(box[3], rho), divide(box[4], rho))
    let (xx, yy) = (multiply(d[0], d[0]), multiply(d[1], d[1]))
    let even = add(xx, yy)
    let turned = add(multiply(subtract(xx, yy), c), multiply(multiply(multiply(d[0], d[1]), s), number: 2))
    let along = edge(multiply(add(even, turned), number: 0.5), half, long)
    let across = edge(multiply(subtract(even, turned), number: 0.5), half, short)
    return multiply(along, across)
  }

  /// K of a squared distance and twice a side's logarithm; both are kept where 32-bit floats tell them.
  private mutating func edge(_ square: Int, _ half: Double, _ logarithm: Int) -> Int {
    let distance = one("Sqrt", [one("Max", [square, constant(1e-4)])])
    let end = multiply(one("Exp", [clipped(multiply(logarithm, number: 0.5), to: 4)]), number: half)
    let exponent = multiply(subtract(end, distance), number: ObjectOverlap.sharpness)
    return one("Sigmoid", [clipped(exponent, to: 50)])
  }
}
