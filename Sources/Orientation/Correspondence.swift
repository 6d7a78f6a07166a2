public import Geometry

/// The same point of the scene in two pictures, with how exactly each of its places is known.
public struct Correspondence: Hashable, Sendable {
  /// Its place in the first picture.
  public var source: Point
  /// Its place in the second picture.
  public var target: Point
  /// Standard deviation of each coordinate in the first picture, in pixels.
  public var sourceDeviation: Double
  /// Standard deviation of each coordinate in the second picture, in pixels.
  public var targetDeviation: Double

  /// - Parameters: As the properties of their names.
  public init(source: Point, target: Point, sourceDeviation: Double = 1, targetDeviation: Double = 1) {
    self.source = source
    self.target = target
    self.sourceDeviation = sourceDeviation
    self.targetDeviation = targetDeviation
  }
}

extension Correspondence {
  /// The covariance of `target − H source`: the error of the first place carried through the map, and that of the second.
  @inline(__always)
  func residualCovariance(under h: Homography) -> SymmetricMatrix2 {
    let j = h.jacobian(at: source)
    let s = sourceDeviation * sourceDeviation
    let t = targetDeviation * targetDeviation
    return SymmetricMatrix2(
      xx: s * (j.a * j.a + j.b * j.b) + t, xy: s * (j.a * j.c + j.b * j.d), yy: s * (j.c * j.c + j.d * j.d) + t)
  }

  /// The squared Mahalanobis distance of the target from where the homography maps the source: χ² with 2 degrees of freedom for a true
  /// pair. To first order this is the Sampson error, so both directions count by their own precision.
  @inline(__always)
  func squaredDistance(under h: Homography) -> Double {
    let r = target - h.apply(source)
    let c = residualCovariance(under: h)
    let d = c.determinant
    // A point near the line that goes to infinity has no finite image; it never agrees.
    guard d > 0, r.isFinite else { return .infinity }
    return (c.yy * r.x * r.x - 2 * c.xy * r.x * r.y + c.xx * r.y * r.y) / d
  }

  /// 95 % of true pairs are nearer: the quantile of χ² with 2 degrees of freedom, −2 ln 0.05.
  static let gate = 5.991
}
