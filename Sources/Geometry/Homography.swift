/// A projective map of the image plane, row-major, h₃₃ = 1: it takes a point of the previous frame to the present one.
///
/// Points are in this package's pixel coordinates (the centre of the first pixel is (0.5, 0.5)).
@frozen
public struct Homography: Hashable, Sendable, Codable {
  /// The nine numbers, row by row.
  public var h11, h12, h13, h21, h22, h23, h31, h32, h33: Double

  /// A map by its nine numbers, row by row; nothing is scaled.
  @inlinable
  public init(
    _ h11: Double, _ h12: Double, _ h13: Double, _ h21: Double, _ h22: Double, _ h23: Double, _ h31: Double,
    _ h32: Double, _ h33: Double
  ) {
    self.h11 = h11
    self.h12 = h12
    self.h13 = h13
    self.h21 = h21
    self.h22 = h22
    self.h23 = h23
    self.h31 = h31
    self.h32 = h32
    self.h33 = h33
  }

  /// From nine numbers in row-major order; nil for another count.
  public init?(rowMajor v: [Double]) {
    guard v.count == 9 else { return nil }
    self.init(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8])
  }

  /// The map that moves nothing.
  @inlinable public static var identity: Homography { Homography(1, 0, 0, 0, 1, 0, 0, 0, 1) }

  /// The shift by `t`, in pixels.
  @inlinable
  public static func translation(_ t: Point) -> Homography { Homography(1, 0, t.x, 0, 1, t.y, 0, 0, 1) }

  /// The scaling about the origin, by a factor for each axis.
  @inlinable
  public static func scaling(_ sx: Double, _ sy: Double) -> Homography { Homography(sx, 0, 0, 0, sy, 0, 0, 0, 1) }

  /// The nine numbers, row by row.
  public var rowMajor: [Double] { [h11, h12, h13, h21, h22, h23, h31, h32, h33] }

  /// Whether all nine numbers are.
  public var isFinite: Bool { rowMajor.allSatisfy(\.isFinite) }

  /// Of the 3×3 matrix; 0 where the map cannot be undone.
  public var determinant: Double {
    h11 * (h22 * h33 - h23 * h32) - h12 * (h21 * h33 - h23 * h31) + h13 * (h21 * h32 - h22 * h31)
  }

  /// The third homogeneous coordinate of the mapped point; it changes its sign at the line that goes to infinity.
  @inlinable
  public func denominator(at p: Point) -> Double { h31 * p.x + h32 * p.y + h33 }

  /// The mapped point, in pixels of the present frame; not finite on the line that goes to infinity.
  @inlinable
  public func apply(_ p: Point) -> Point {
    let w = denominator(at: p)
    return Point((h11 * p.x + h12 * p.y + h13) / w, (h21 * p.x + h22 * p.y + h23) / w)
  }

  /// The derivative of the map at a point, ∂(u, v)/∂(x, y), by the quotient rule: with (u, v) the mapped point and w its denominator,
  /// ∂u/∂x = (h₁₁ − h₃₁ u)/w and so on. Not finite on the line that goes to infinity.
  @inlinable
  public func jacobian(at p: Point) -> Matrix2 {
    let w = denominator(at: p)
    let m = apply(p)
    return Matrix2(
      (h11 - h31 * m.x) / w, (h12 - h32 * m.x) / w, (h21 - h31 * m.y) / w, (h22 - h32 * m.y) / w)
  }

  /// Scaled to h₃₃ = 1; unchanged where h₃₃ is 0.
  public var normalized: Homography {
    guard h33 != 0, h33 != 1 else { return self }
    return Homography(
      h11 / h33, h12 / h33, h13 / h33, h21 / h33, h22 / h33, h23 / h33, h31 / h33, h32 / h33, 1)
  }

  /// The inverse map, scaled to h₃₃ = 1; nil where the matrix is singular.
  public var inverse: Homography? {
    let d = determinant
    guard d.isFinite, abs(d) > 1e-300 else { return nil }
    let inverse = Homography(
      (h22 * h33 - h23 * h32) / d, (h13 * h32 - h12 * h33) / d, (h12 * h23 - h13 * h22) / d,
      (h23 * h31 - h21 * h33) / d, (h11 * h33 - h13 * h31) / d, (h13 * h21 - h11 * h23) / d,
      (h21 * h32 - h22 * h31) / d, (h12 * h31 - h11 * h32) / d, (h11 * h22 - h12 * h21) / d)
    return inverse.isFinite ? inverse.normalized : nil
  }

  /// The map that applies `b` first and `a` then, scaled to h₃₃ = 1.
  public static func * (a: Homography, b: Homography) -> Homography {
    Homography(
      a.h11 * b.h11 + a.h12 * b.h21 + a.h13 * b.h31, a.h11 * b.h12 + a.h12 * b.h22 + a.h13 * b.h32,
      a.h11 * b.h13 + a.h12 * b.h23 + a.h13 * b.h33, a.h21 * b.h11 + a.h22 * b.h21 + a.h23 * b.h31,
      a.h21 * b.h12 + a.h22 * b.h22 + a.h23 * b.h32, a.h21 * b.h13 + a.h22 * b.h23 + a.h23 * b.h33,
      a.h31 * b.h11 + a.h32 * b.h21 + a.h33 * b.h31, a.h31 * b.h12 + a.h32 * b.h22 + a.h33 * b.h32,
      a.h31 * b.h13 + a.h32 * b.h23 + a.h33 * b.h33
    ).normalized
  }

  /// What the map makes of a Gaussian box, by its derivative at the centre; nil where the box reaches the line that goes to infinity.
  ///
  /// Exact for affine maps; else the relative error of the covariance is about 5 κ² with κ = √(gᵀ Σ g)/|w|, g = (h₃₁, h₃₂).
  public func transform(_ box: GaussianBox) -> GaussianBox? {
    let w = denominator(at: box.mean)
    let spread = max(0, box.covariance.quadraticForm(Point(h31, h32))).squareRoot()
    guard w.isFinite, abs(w) > 3 * spread, abs(w) > 1e-12 else { return nil }
    let mapped = GaussianBox(
      mean: apply(box.mean), covariance: jacobian(at: box.mean).transform(box.covariance))
    return mapped.mean.isFinite && mapped.covariance.isFinite ? mapped : nil
  }
}
