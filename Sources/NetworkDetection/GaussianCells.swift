import Foundation
internal import Geometry

/// The cells of this program's own detectors: for each of stride 4 a score a class, then the box as a Gaussian and its uncertainty.
///
/// Behind the scores stand: the offset of the centre from the cell's middle in cells (x, y), the logarithm p, q, r of the covariance in
/// square pixels, and the logarithms of the variances of these five.
struct GaussianCells {
  /// Pixels of the input for each cell.
  static let stride = 4
  /// Channels behind the scores.
  static let channels = 10

  private let values: [Float]
  private let classes: Int
  private let rows: Int
  private let columns: Int

  /// - Parameter values: [1, classes + 10, rows, columns], one behind the other.
  init(_ values: [Float], _ classes: Int, width: Int, height: Int) {
    (self.values, self.classes) = (values, classes)
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

  /// nil for numbers that are no box's.
  private func box(_ kind: Int, _ row: Int, _ column: Int) -> NetworkBox? {
    func number(_ place: Int) -> Double { Double(value(classes + place, row, column)) }
    let shape = LogCovariance(p: number(2), q: number(3), r: number(4))
    // Sides beyond e^10 times each other, or beyond any picture, come from numbers that say nothing.
    guard shape.elongation < 10, abs(shape.p) < 30 else { return nil }
    let stride = Double(GaussianCells.stride)
    let center = Point((Double(column) + 0.5 + number(0)) * stride, (Double(row) + 0.5 + number(1)) * stride)
    let side = GaussianBox.momentDivisor.squareRoot()
    let box = OrientedBox(
      center: center, width: side * exp((shape.p + shape.elongation) / 2), height: side * exp((shape.p - shape.elongation) / 2),
      angle: shape.angle)
    let spread = SymmetricMatrix2(xx: exp(number(5)) * stride * stride, xy: 0, yy: exp(number(6)) * stride * stride)
    return NetworkBox(
      box: box, score: Double(value(kind, row, column)), classIndex: kind,
      centerCovariance: spread.isPositiveDefinite && spread.trace.isFinite ? spread : nil)
  }
}
