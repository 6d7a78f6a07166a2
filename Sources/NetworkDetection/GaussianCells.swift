import Foundation
internal import Geometry

/// The cells of this program's own detectors: for each of stride 4 a score a class, then the box as a Gaussian and its uncertainty.
///
/// Behind the scores stand: the offset of the centre from the cell's middle in cells (x, y), the logarithm p, q, r of the covariance in
/// square pixels, the logarithms of the variances of these five, and where there are masks the numbers of which they are mixed.
struct GaussianCells {
  /// Pixels of the input for each cell.
  static let stride = 4
  /// Channels behind the scores, without those of masks.
  static let channels = 10

  private let values: [Float]
  private let classes: Int
  private let masks: Int
  /// A vector a cell of how its object looks, one number of all cells behind the other; empty where nobody asks.
  private let looks: [Float]
  private let rows: Int
  private let columns: Int

  /// - Parameters:
  ///   - values: [1, classes + 10 + masks, rows, columns], one behind the other.
  ///   - looks: [1, any, rows, columns], likewise.
  init(_ values: [Float], _ classes: Int, masks: Int = 0, looks: [Float] = [], width: Int, height: Int) {
    (self.values, self.classes, self.masks, self.looks) = (values, classes, masks, looks)
    (rows, columns) = GaussianCells.size(width: width, height: height)
  }

  /// The cells of an input.
  static func size(width: Int, height: Int) -> (rows: Int, columns: Int) { (height / stride, width / stride) }

  /// A box for each cell whose best class is nowhere surer among the eight cells around it (Zhou, Wang and Krähenbühl 2019, "Objects as
  /// points", section 3).
  func boxes(_ minimum: Double) -> [NetworkBox] {
    let least = Float(minimum)
    var found: [NetworkBox] = []
    for row in 0..<rows {
      for column in 0..<columns {
        guard let kind = best(row, column, least), isPeak(kind, row, column) else { continue }
        if let box = box(kind, row, column) { found.append(box) }
      }
    }
    return found
  }

  private func value(_ channel: Int, _ row: Int, _ column: Int) -> Float { values[(channel * rows + row) * columns + column] }

  /// The best class of a cell, the first of equal ones; nil below the least score.
  private func best(_ row: Int, _ column: Int, _ least: Float) -> Int? {
    var (kind, top): (Int?, Float) = (nil, least)
    for channel in 0..<classes {
      let score = value(channel, row, column)
      if kind == nil ? score >= top : score > top { (kind, top) = (channel, score) }
    }
    return kind
  }

  /// Of equal neighbours the first one counts.
  private func isPeak(_ kind: Int, _ row: Int, _ column: Int) -> Bool {
    let own = value(kind, row, column)
    for y in max(0, row - 1)...min(rows - 1, row + 1) {
      for x in max(0, column - 1)...min(columns - 1, column + 1) where (y, x) != (row, column) {
        let other = value(kind, y, x)
        if other > own || other == own && (y, x) < (row, column) { return false }
      }
    }
    return true
  }

  /// What a cell says of a box: its centre in pixels of the input and p, q, r of its covariance.
  private struct Claim {
    var center: Point
    var shape: LogCovariance
    /// What the mask is mixed from; only of the mean.
    var coefficients: [Float] = []
    /// How the object looks; only of the mean.
    var embedding: [Float]?

    /// Whether sides are within e^10 times each other and within any picture: others come from numbers that say nothing.
    var isBox: Bool { shape.elongation < 10 && abs(shape.p) < 30 && center.x.isFinite && center.y.isFinite }

    /// The sides of the box, the longer one first.
    var sides: (long: Double, short: Double) {
      let side = GaussianBox.momentDivisor.squareRoot()
      return (side * exp((shape.p + shape.elongation) / 2), side * exp((shape.p - shape.elongation) / 2))
    }
  }

  private func number(_ place: Int, _ row: Int, _ column: Int) -> Double { Double(value(classes + place, row, column)) }

  private func coefficient(_ place: Int, _ row: Int, _ column: Int) -> Float { value(classes + Self.channels + place, row, column) }

  private func claim(_ row: Int, _ column: Int) -> Claim {
    let stride = Double(GaussianCells.stride)
    return Claim(
      center: Point(Double(column) + 0.5 + number(0, row, column), Double(row) + 0.5 + number(1, row, column)) * stride,
      shape: LogCovariance(p: number(2, row, column), q: number(3, row, column), r: number(4, row, column)))
  }

  /// Cells to each side that are asked: 16 pixels, within which lie the cells that were taught to tell of most objects.
  private static let reach = 4

  /// The mean of what the cells around a peak say, by their scores: every cell of an object was taught to tell its box, and their errors are
  /// partly their own. Cells whose centre lies farther off than half of the box's short side speak of another object.
  private func mean(_ kind: Int, _ row: Int, _ column: Int, around peak: Claim) -> Claim {
    let limit = peak.sides.short / 2
    var (weight, sum) = (0.0, (x: 0.0, y: 0.0, p: 0.0, q: 0.0, r: 0.0))
    var coefficients = [Float](repeating: 0, count: masks)
    var look = [Float](repeating: 0, count: dimension)
    for y in max(0, row - Self.reach)...min(rows - 1, row + Self.reach) {
      for x in max(0, column - Self.reach)...min(columns - 1, column + Self.reach) {
        let (score, other) = (Double(value(kind, y, x)), claim(y, x))
        guard score > 0, other.isBox, (other.center - peak.center).length <= limit else { continue }
        weight += score
        sum.x += score * other.center.x
        sum.y += score * other.center.y
        sum.p += score * other.shape.p
        sum.q += score * other.shape.q
        sum.r += score * other.shape.r
        for place in 0..<masks { coefficients[place] += Float(score) * coefficient(place, y, x) }
        for place in look.indices { look[place] += Float(score) * self.look(place, y, x) }
      }
    }
    // The peak itself is among them, unless its score is zero.
    guard weight > 0, weight.isFinite else {
      return Claim(
        center: peak.center, shape: peak.shape, coefficients: (0..<masks).map { coefficient($0, row, column) },
        embedding: Self.unit((0..<dimension).map { self.look($0, row, column) }))
    }
    return Claim(
      center: Point(sum.x / weight, sum.y / weight), shape: LogCovariance(p: sum.p / weight, q: sum.q / weight, r: sum.r / weight),
      coefficients: coefficients.map { $0 / Float(weight) }, embedding: Self.unit(look))
  }

  /// Numbers of a look.
  private var dimension: Int { looks.count / (rows * columns) }

  private func look(_ place: Int, _ row: Int, _ column: Int) -> Float { looks[(place * rows + row) * columns + column] }

  /// nil for a vector without a direction.
  private static func unit(_ vector: [Float]) -> [Float]? {
    let length = vector.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    return length > 0 && length.isFinite ? vector.map { $0 / length } : nil
  }

  /// nil for numbers that are no box's.
  private func box(_ kind: Int, _ row: Int, _ column: Int) -> NetworkBox? {
    let peak = claim(row, column)
    guard peak.isBox else { return nil }
    let found = mean(kind, row, column, around: peak)
    let (long, short) = found.sides
    let box = OrientedBox(center: found.center, width: long, height: short, angle: found.shape.angle)
    let stride = Double(GaussianCells.stride)
    let spread = SymmetricMatrix2(
      xx: exp(number(5, row, column)) * stride * stride, xy: 0, yy: exp(number(6, row, column)) * stride * stride)
    var told = NetworkBox(
      box: box, score: Double(value(kind, row, column)), classIndex: kind,
      centerCovariance: spread.isPositiveDefinite && spread.trace.isFinite ? spread : nil)
    (told.coefficients, told.embedding) = (found.coefficients, found.embedding)
    return told
  }
}
