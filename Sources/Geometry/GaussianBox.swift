import Foundation

/// A box as a Gaussian: mean and covariance, Σ = R diag(w²/12, h²/12) Rᵀ, the second moments of the filled rectangle.
///
/// Source: Llerena et al., "Gaussian Bounding Boxes and Probabilistic Intersection-over-Union", 2021.
@frozen
public struct GaussianBox: Hashable, Sendable, Codable {
  /// The centre, in pixels.
  public var mean: Point
  /// The second moments about the centre, in pixels².
  public var covariance: SymmetricMatrix2

  /// w² over the variance along the side w.
  public static var momentDivisor: Double { 12 }

  /// A box by its moments.
  @inlinable
  public init(mean: Point, covariance: SymmetricMatrix2) {
    self.mean = mean
    self.covariance = covariance
  }

  /// The moments of a rectangle at any angle.
  public init(_ box: OrientedBox) {
    let k = GaussianBox.momentDivisor
    self.init(
      mean: box.center,
      covariance: SymmetricMatrix2(
        major: box.width * box.width / k, minor: box.height * box.height / k, angle: box.angle))
  }

  /// The moments of an upright rectangle.
  public init(_ box: AxisBox) {
    let k = GaussianBox.momentDivisor
    self.init(
      mean: box.center,
      covariance: SymmetricMatrix2(xx: box.width * box.width / k, xy: 0, yy: box.height * box.height / k))
  }

  /// A box by its centre and the logarithm of its covariance.
  public init(mean: Point, shape: LogCovariance) {
    self.init(mean: mean, covariance: shape.covariance)
  }

  /// The same box where x and y are multiplied by two numbers, as in a picture of another size.
  public func scaled(x: Double, y: Double) -> GaussianBox {
    GaussianBox(mean: Point(mean.x * x, mean.y * y), covariance: covariance.scaled(x: x, y: y))
  }

  /// The rectangle with these moments, canonical (width ≥ height, angle in [−π/2, π/2)).
  public var orientedBox: OrientedBox {
    let (major, minor, angle) = covariance.eigen
    let k = GaussianBox.momentDivisor
    return OrientedBox(
      center: mean, width: max(0, k * major).squareRoot(), height: max(0, k * minor).squareRoot(),
      angle: Angle.wrappedAxis(angle))
  }

  /// The Bhattacharyya distance B = δᵀ S⁻¹ δ/4 + ½ ln(|S|/(4 √(|Σ₁||Σ₂|))) with S = Σ₁ + Σ₂ and δ the offset of the means; at least 0,
  /// infinite where a box has no area.
  ///
  /// Source: Kailath, "The Divergence and Bhattacharyya Distance Measures in Signal Selection", 1967, for Gaussians in the plane.
  public func bhattacharyyaDistance(to other: GaussianBox) -> Double {
    let s = covariance + other.covariance
    let d = s.determinant
    let product = covariance.determinant * other.covariance.determinant
    guard d > 0, product > 0 else { return .infinity }
    let delta = mean - other.mean
    let offset = (s.yy * delta.x * delta.x - 2 * s.xy * delta.x * delta.y + s.xx * delta.y * delta.y) / d
    return max(0, offset / 4 + 0.5 * Foundation.log(d / (4 * product.squareRoot())))
  }

  /// The Hellinger distance in [0, 1]: √(1 − exp(−B)).
  public func hellingerDistance(to other: GaussianBox) -> Double {
    (-expm1(-bhattacharyyaDistance(to: other))).squareRoot()
  }

  /// ProbIoU, 1 − Hellinger distance.
  public func probIoU(with other: GaussianBox) -> Double {
    1 - hellingerDistance(to: other)
  }
}

extension SymmetricMatrix2 {
  /// The covariance of a vector whose parts are multiplied by two numbers.
  public func scaled(x: Double, y: Double) -> SymmetricMatrix2 {
    SymmetricMatrix2(xx: xx * x * x, xy: xy * x * y, yy: yy * y * y)
  }
}
