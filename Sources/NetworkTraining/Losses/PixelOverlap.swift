internal import NetworkGraph

/// The overlap of oriented boxes counted by soft pixels (Chen et al. 2020, "PIoU").
extension GraphBuilder {
  /// Centres of square pixels as a constant [pixels, 2], x and y.
  ///
  /// - Parameters:
  ///   - x: The span of the grid in pixels of the boxes; y likewise.
  ///   - pitch: The side of a pixel of the grid: half pixels halve the noise of the gradient over the centre.
  public mutating func pixelCentres(x: ClosedRange<Double>, y: ClosedRange<Double>, pitch: Double = 1) throws -> Int {
    let spans = [x.upperBound - x.lowerBound, y.upperBound - y.lowerBound]
    let counts = spans.map { (span: Double) -> Double in (span / pitch).rounded(.up) }
    guard pitch > 0, counts.allSatisfy({ $0 >= 1 && $0 <= 4096 }) else {
      throw TrainingError("A grid of pixels of \(pitch) cannot have \(counts) pixels; choose 1 to 4096 along each side.")
    }
    // Bounded: at most 4096.
    let (columns, rows) = (Int(counts[0]), Int(counts[1]))
    var numbers: [Double] = []
    numbers.reserveCapacity(2 * rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        numbers.append(x.lowerBound + (Double(column) + 0.5) * pitch)
        numbers.append(y.lowerBound + (Double(row) + 0.5) * pitch)
      }
    }
    return try constant([rows * columns, 2], numbers)
  }

  /// Σ F₁ F₂/Σ (F₁ + F₂ − F₁ F₂) of each pair, [boxes, 1], F = K(|u|, w/2) K(|v|, h/2) of a pixel at u, v along the box's sides,
  /// K(d, s) = 1/(1 + e^{k (d − s)}) (equations 4 to 7).
  ///
  /// K is one half on the edge, and soft within 4/k: at k = 10 this band is narrower than a pixel, so that gradients over the centre are noise of
  /// the sampling. Boxes that do not touch have no gradient; begin with a distance of Gaussians.
  ///
  /// - Parameters:
  ///   - first: [boxes, 5]: cx, cy, w, h in pixels, the angle in radians from x towards y; `second` likewise.
  ///   - pixels: As `pixelCentres` gives; they must cover the boxes.
  ///   - sharpness: k, in 1/pixels.
  public mutating func pixelOverlap(_ first: Int, _ second: Int, pixels: Int, sharpness: Double = 5) -> Int {
    let (a, b) = (inside(first, pixels, sharpness), inside(second, pixels, sharpness))
    let both = multiply(a, b)
    let joint = sum(both, axes: [1])
    let either = sum(subtract(add(a, b), both), axes: [1])
    return divide(joint, either)
  }

  /// −ln(PIoU + 10⁻⁹), the mean over the pairs (equation 8).
  public mutating func pixelOverlapLoss(_ first: Int, _ second: Int, pixels: Int, sharpness: Double = 5) -> Int {
    let overlap = add(pixelOverlap(first, second, pixels: pixels, sharpness: sharpness), number: 1e-9)
    return negative(mean(one("Log", [overlap])))
  }

  /// F, [boxes, pixels].
  private mutating func inside(_ boxes: Int, _ pixels: Int, _ sharpness: Double) -> Int {
    let parts = (0..<5).map { slice(boxes, axis: 1, $0..<$0 + 1) }
    let places = (0..<2).map { reshape(slice(pixels, axis: 1, $0..<$0 + 1), [1, -1]) }
    let (dx, dy) = (subtract(places[0], parts[0]), subtract(places[1], parts[1]))
    let (c, s) = (one("Cos", [parts[4]]), one("Sin", [parts[4]]))
    let along = one("Abs", [add(multiply(dx, c), multiply(dy, s))])
    let across = one("Abs", [subtract(multiply(dy, c), multiply(dx, s))])
    return multiply(edge(along, parts[2], sharpness), edge(across, parts[3], sharpness))
  }

  /// K(d, side/2); the exponent is kept within ±50, where nothing changes any more.
  private mutating func edge(_ distance: Int, _ side: Int, _ sharpness: Double) -> Int {
    let exponent = multiply(subtract(multiply(side, number: 0.5), distance), number: sharpness)
    return one("Sigmoid", [one("Clip", [exponent, constant(-50), constant(50)])])
  }
}
