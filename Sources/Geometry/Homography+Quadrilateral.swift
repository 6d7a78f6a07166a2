extension Homography {
  /// The map of the unit square (0,0), (1,0), (1,1), (0,1) onto four points, in that order; nil where three of them lie on a line.
  ///
  /// Closed form of P. Heckbert, "Fundamentals of Texture Mapping and Image Warping", 1989, section 2.2.3.
  public init?(unitSquareTo p: (Point, Point, Point, Point)) {
    let sum = p.0 - p.1 + p.2 - p.3
    let (a, b) = (p.1 - p.2, p.3 - p.2)
    let determinant = a.cross(b)
    // Relative to the sides, so that neither pixels nor metres matter.
    guard abs(determinant) > 1e-9 * a.length * b.length, determinant.isFinite else { return nil }
    let g = sum.cross(b) / determinant
    let h = a.cross(sum) / determinant
    let x = p.1 - p.0 + p.1 * g
    let y = p.3 - p.0 + p.3 * h
    self.init(x.x, y.x, p.0.x, x.y, y.y, p.0.y, g, h, 1)
    guard isFinite, inverse != nil else { return nil }
  }

  /// The map of four points onto four others, in their order; nil where three of either lie on a line.
  public init?(from source: (Point, Point, Point, Point), to target: (Point, Point, Point, Point)) {
    guard let first = Homography(unitSquareTo: source)?.inverse, let second = Homography(unitSquareTo: target) else { return nil }
    self = second * first
    guard isFinite else { return nil }
  }
}
