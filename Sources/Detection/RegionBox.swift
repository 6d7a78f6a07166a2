import Foundation
import Geometry
import Imaging

/// The Gaussian box of a region.
enum RegionBox {
  /// What a pixel of the region counts beside its evidence of 0 to 255: a quarter of full evidence. Chosen.
  private static let leastWeight = 64.0
  /// The variance of a uniform distribution over a pixel's side, in pixels²: pixels are unit squares, not points.
  private static let pixelVariance = 1.0 / 12
  /// The two factors converge linearly, to the share below within some five rounds; the limit only guards against none.
  private static let scalingRounds = 8
  private static let scalingPrecision = 1e-6

  /// The box of a component by its weighted moments (docs/gaussian-boxes.md, "From pixels"), scaled to its extent.
  ///
  /// The moments give the direction and the correlation of x and y. For a filled rectangle they also give the sides; regions with limbs or
  /// notches have less spread than their outline, so x and y are then scaled until the upright hull of the box is the region's.
  ///
  /// - Parameters:
  ///   - weights: The weight of each pixel, 0 to 255; pixels of the region without evidence still count a little.
  ///   - tail: The share of the mass at each end of x and y that does not count for the extent, below 0.5.
  static func box(
    of part: ConnectedComponents.Component, in parts: ConnectedComponents, weights: Image, tail: Double
  ) -> GaussianBox {
    var total = 0.0
    var (sx, sy, sxx, sxy, syy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var columns = [Double](repeating: 0, count: part.width)
    var rows = [Double](repeating: 0, count: part.height)
    parts.forEachPixel(of: part) { column, row, index in
      // Around a local origin, against cancellation.
      let (x, y) = (column - part.left, row - part.top)
      let f = leastWeight + Double(weights.pixels[index])
      let (dx, dy) = (Double(x) + 0.5, Double(y) + 0.5)
      total += f
      columns[x] += f
      rows[y] += f
      sx += f * dx
      sy += f * dy
      sxx += f * dx * dx
      sxy += f * dx * dy
      syy += f * dy * dy
    }
    let (mx, my) = (sx / total, sy / total)
    let moments = SymmetricMatrix2(
      xx: sxx / total - mx * mx + pixelVariance, xy: sxy / total - mx * my, yy: syy / total - my * my + pixelVariance)
    let (left, right) = extent(of: columns, total: total, tail: tail)
    let (top, bottom) = extent(of: rows, total: total, tail: tail)
    let hull = AxisBox(
      left: Double(part.left) + left, top: Double(part.top) + top, width: right - left, height: bottom - top)
    return GaussianBox(mean: hull.center, covariance: scaled(moments, to: hull))
  }

  /// The ends of a distribution over bins, thin tails left aside: the quantiles of `tail` and 1 − `tail`, spread by what lies beyond them
  /// in an even distribution (whose ends come out exactly).
  static func extent(of bins: [Double], total: Double, tail: Double) -> (Double, Double) {
    let low = quantile(bins, total * tail)
    let high = Double(bins.count) - quantile(bins.reversed(), total * tail)
    let beyond = tail / (1 - 2 * tail) * (high - low)
    return (max(0, low - beyond), min(Double(bins.count), high + beyond))
  }

  /// The place before which this much lies, within bins of width 1.
  private static func quantile(_ bins: some Sequence<Double>, _ amount: Double) -> Double {
    var sum = 0.0
    var place = 0.0
    for bin in bins {
      if sum + bin >= amount, bin > 0 { return place + (amount - sum) / bin }
      sum += bin
      place += 1
    }
    return place
  }

  /// diag(a, b) Σ diag(a, b) such that the upright hull of its rectangle has the given sides.
  static func scaled(_ moments: SymmetricMatrix2, to hull: AxisBox) -> SymmetricMatrix2 {
    var s = moments
    for _ in 0..<scalingRounds {
      let now = GaussianBox(mean: .zero, covariance: s).orientedBox.hull
      guard now.width > 0, now.height > 0 else { break }
      let a = hull.width / now.width
      let b = hull.height / now.height
      s = SymmetricMatrix2(xx: s.xx * a * a, xy: s.xy * a * b, yy: s.yy * b * b)
      if abs(a - 1) < scalingPrecision, abs(b - 1) < scalingPrecision { break }
    }
    return s.isPositiveDefinite ? s : GaussianBox(hull).covariance
  }
}
