/// A symmetric 2×2 matrix [[xx, xy], [xy, yy]], mostly a covariance.
@frozen
public struct SymmetricMatrix2: Hashable, Sendable, Codable {
  /// The upper left entry.
  public var xx: Double
  /// Both off-diagonal entries.
  public var xy: Double
  /// The lower right entry.
  public var yy: Double

  /// A matrix by its three entries.
  @inlinable
  public init(xx: Double, xy: Double, yy: Double) {
    self.xx = xx
    self.xy = xy
    self.yy = yy
  }

  /// The matrix of the unit circle.
  @inlinable public static var identity: SymmetricMatrix2 { SymmetricMatrix2(xx: 1, xy: 0, yy: 1) }

  /// R diag(major, minor) Rᵀ for the rotation by `angle`.
  @inlinable
  public init(major: Double, minor: Double, angle: Double) {
    let c = Scalar.cos(angle)
    let s = Scalar.sin(angle)
    self.init(xx: major * c * c + minor * s * s, xy: (major - minor) * c * s, yy: major * s * s + minor * c * c)
  }

  /// The product of the eigenvalues.
  @inlinable public var determinant: Double { xx * yy - xy * xy }
  /// The sum of the eigenvalues.
  @inlinable public var trace: Double { xx + yy }
  /// Whether all entries are.
  @inlinable public var isFinite: Bool { xx.isFinite && xy.isFinite && yy.isFinite }
  /// Whether it is finite and both eigenvalues are positive: whether it is a covariance with an area.
  @inlinable public var isPositiveDefinite: Bool { isFinite && xx > 0 && yy > 0 && determinant > 0 }

  /// The eigenvalues, the larger first, and the direction of the larger in [−π/2, π/2].
  ///
  /// The smaller one is computed from the determinant, against cancellation.
  public var eigen: (major: Double, minor: Double, angle: Double) {
    let mean = trace / 2
    let radius = Scalar.hypot((xx - yy) / 2, xy)
    let major = mean + radius
    let minor = major > 0 ? determinant / major : mean - radius
    return (major, minor, 0.5 * Scalar.atan2(2 * xy, xx - yy))
  }

  /// The inverse, nil where the determinant is not positive.
  @inlinable
  public var inverse: SymmetricMatrix2? {
    let d = determinant
    guard d > 0, d.isFinite else { return nil }
    return SymmetricMatrix2(xx: yy / d, xy: -xy / d, yy: xx / d)
  }

  /// vᵀ M v.
  @inlinable
  public func quadraticForm(_ v: Point) -> Double {
    xx * v.x * v.x + 2 * xy * v.x * v.y + yy * v.y * v.y
  }

  /// M v.
  @inlinable
  public func multiplied(by v: Point) -> Point {
    Point(xx * v.x + xy * v.y, xy * v.x + yy * v.y)
  }

  /// The sum, entry by entry.
  @inlinable
  public static func + (a: SymmetricMatrix2, b: SymmetricMatrix2) -> SymmetricMatrix2 {
    SymmetricMatrix2(xx: a.xx + b.xx, xy: a.xy + b.xy, yy: a.yy + b.yy)
  }

  /// Each entry times `s`.
  @inlinable
  public static func * (a: SymmetricMatrix2, s: Double) -> SymmetricMatrix2 {
    SymmetricMatrix2(xx: a.xx * s, xy: a.xy * s, yy: a.yy * s)
  }
}
