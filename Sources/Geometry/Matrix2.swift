/// A general 2×2 matrix [[a, b], [c, d]]: the linear part of a map of the plane.
@frozen
public struct Matrix2: Hashable, Sendable, Codable {
  /// Row 1, column 1.
  public var a: Double
  /// Row 1, column 2.
  public var b: Double
  /// Row 2, column 1.
  public var c: Double
  /// Row 2, column 2.
  public var d: Double

  /// A matrix by its rows.
  @inlinable
  public init(_ a: Double, _ b: Double, _ c: Double, _ d: Double) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  /// The map that moves nothing.
  @inlinable public static var identity: Matrix2 { Matrix2(1, 0, 0, 1) }

  /// The rotation by an angle from the x axis towards the y axis.
  @inlinable
  public init(rotation angle: Double) {
    let c = Scalar.cos(angle)
    let s = Scalar.sin(angle)
    self.init(c, -s, s, c)
  }

  /// The signed area of the image of the unit square.
  @inlinable public var determinant: Double { a * d - b * c }

  /// M v.
  @inlinable
  public static func * (m: Matrix2, v: Point) -> Point {
    Point(m.a * v.x + m.b * v.y, m.c * v.x + m.d * v.y)
  }

  /// The product, which applies `n` first.
  @inlinable
  public static func * (m: Matrix2, n: Matrix2) -> Matrix2 {
    Matrix2(m.a * n.a + m.b * n.c, m.a * n.b + m.b * n.d, m.c * n.a + m.d * n.c, m.c * n.b + m.d * n.d)
  }

  /// M S Mᵀ: what the map makes of a covariance.
  @inlinable
  public func transform(_ s: SymmetricMatrix2) -> SymmetricMatrix2 {
    let e = a * s.xx + b * s.xy
    let f = a * s.xy + b * s.yy
    let g = c * s.xx + d * s.xy
    let h = c * s.xy + d * s.yy
    return SymmetricMatrix2(xx: e * a + f * b, xy: e * c + f * d, yy: g * c + h * d)
  }
}
