import Foundation
import Geometry
import Imaging

/// The Gaussian box of a region.
enum RegionBox {
  /// The box of a component by its weighted moments (`gaussian-boxes.md` section 7), scaled to its extent.
  ///
  /// The moments give the direction and the correlation of x and y. For a filled rectangle they also give the sides; regions with limbs or
  /// notches have less spread than their outline, so x and y are then scaled until the upright hull of the box is the region's.
  ///
  /// - Parameters:
  ///   - weights: The weight of each pixel, 0 to 255; pixels of the region without evidence still count a little.
  static func box(of part: ConnectedComponents.Component, labels: [Int32], weights: Image) -> GaussianBox {
    let width = weights.width
    var total = 0.0
    var (sx, sy, sxx, sxy, syy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    // Around a local origin, against cancellation.
    for y in 0..<part.height {
      let row = (part.top + y) * width + part.left
      for x in 0..<part.width where labels[row + x] == part.label {
        let f = 64 + Double(weights.pixels[row + x])
        let (dx, dy) = (Double(x) + 0.5, Double(y) + 0.5)
        total += f
        sx += f * dx
        sy += f * dy
        sxx += f * dx * dx
        sxy += f * dx * dy
        syy += f * dy * dy
      }
    }
    let (mx, my) = (sx / total, sy / total)
    // Pixels are unit squares, not points.
    let moments = SymmetricMatrix2(
      xx: sxx / total - mx * mx + 1.0 / 12, xy: sxy / total - mx * my, yy: syy / total - my * my + 1.0 / 12)
    let hull = AxisBox(
      left: Double(part.left), top: Double(part.top), width: Double(part.width), height: Double(part.height))
    return GaussianBox(mean: hull.center, covariance: scaled(moments, to: hull))
  }

  /// diag(a, b) Σ diag(a, b) such that the upright hull of its rectangle has the given sides.
  static func scaled(_ moments: SymmetricMatrix2, to hull: AxisBox) -> SymmetricMatrix2 {
    var s = moments
    for _ in 0..<8 {
      let now = GaussianBox(mean: .zero, covariance: s).orientedBox.hull
      guard now.width > 0, now.height > 0 else { break }
      let a = hull.width / now.width
      let b = hull.height / now.height
      s = SymmetricMatrix2(xx: s.xx * a * a, xy: s.xy * a * b, yy: s.yy * b * b)
      if abs(a - 1) < 1e-6, abs(b - 1) < 1e-6 { break }
    }
    return s.isPositiveDefinite ? s : GaussianBox(hull).covariance
  }
}
