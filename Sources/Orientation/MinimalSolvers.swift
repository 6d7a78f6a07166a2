import Geometry

/// Maps of the plane from as few pairs of points as determine them.
enum MinimalSolvers {
  // Coordinates are of the size of 1 (`FrameScaling`), doubles have 16 digits: what is below these has lost them.

  /// A smaller h₃₃ sends the middle of the picture to infinity.
  private static let leastScale = 1e-8
  /// Points whose squared distance is smaller coincide.
  private static let leastSquaredLength = 1e-12
  /// Twice the area of a triangle with smaller determinant is none.
  private static let leastVolume = 1e-15
  /// Three points are nearly collinear whose triangle has less than this share of its squared longest side as twice its area.
  private static let leastTriangle = 0.01

  /// The homography through four pairs; nil where three of the points are nearly collinear in either picture, or where a
  /// triangle changes its orientation from one picture to the other (no camera sees a plane from behind).
  static func homography(
    _ a: Correspondence, _ b: Correspondence, _ c: Correspondence, _ d: Correspondence
  ) -> Homography? {
    for (p, q, r) in [(a, b, c), (a, b, d), (a, c, d), (b, c, d)] {
      guard let first = orientation(p.source, q.source, r.source),
        let second = orientation(p.target, q.target, r.target), first == second
      else { return nil }
    }
    guard let source = basis(a.source, b.source, c.source, d.source)?.inverse,
      let target = basis(a.target, b.target, c.target, d.target)
    else { return nil }
    let result = target * source
    return result.isFinite && abs(result.h33) > leastScale ? result : nil
  }

  /// The rotation, scale and translation through two pairs; nil where the points coincide.
  static func similarity(_ a: Correspondence, _ b: Correspondence) -> Homography? {
    let s = b.source - a.source
    let t = b.target - a.target
    let length = s.squaredLength
    guard length > leastSquaredLength, t.squaredLength > leastSquaredLength else { return nil }
    // The complex quotient t / s: scale and rotation in one.
    let p = s.dot(t) / length
    let q = s.cross(t) / length
    let shift = a.target - Point(p * a.source.x - q * a.source.y, q * a.source.x + p * a.source.y)
    return Homography(p, -q, shift.x, q, p, shift.y, 0, 0, 1)
  }

  /// Whether the triangle runs clockwise on the screen; nil where twice its area is under 1 % of its squared longest side.
  private static func orientation(_ a: Point, _ b: Point, _ c: Point) -> Bool? {
    let twice = (b - a).cross(c - a)
    let longest = max((b - a).squaredLength, (c - a).squaredLength, (c - b).squaredLength)
    return abs(twice) > leastTriangle * longest ? twice > 0 : nil
  }

  /// The map of the projective basis (1,0,0), (0,1,0), (0,0,1), (1,1,1) to four points; its scale is left as it comes.
  private static func basis(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> Homography? {
    let columns = Homography(a.x, b.x, c.x, a.y, b.y, c.y, 1, 1, 1)
    let volume = columns.determinant
    guard abs(volume) > leastVolume else { return nil }
    // Cramer's rule for the weights of a, b, c whose sum is d.
    let wa = Homography(d.x, b.x, c.x, d.y, b.y, c.y, 1, 1, 1).determinant / volume
    let wb = Homography(a.x, d.x, c.x, a.y, d.y, c.y, 1, 1, 1).determinant / volume
    let wc = Homography(a.x, b.x, d.x, a.y, b.y, d.y, 1, 1, 1).determinant / volume
    return Homography(
      a.x * wa, b.x * wb, c.x * wc, a.y * wa, b.y * wb, c.y * wc, wa, wb, wc)
  }
}
