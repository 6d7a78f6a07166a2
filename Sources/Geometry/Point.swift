/// A position or a displacement in the image plane, in pixels.
///
/// x points right and y down; the origin is the top-left corner of the top-left pixel, so that pixel's centre is (0.5, 0.5).
@frozen
public struct Point: Hashable, Sendable, Codable {
  /// Pixels to the right.
  public var x: Double
  /// Pixels down.
  public var y: Double

  /// The point (x, y).
  @inlinable
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// The origin.
  @inlinable public static var zero: Point { Point(0, 0) }

  /// The unit vector at an angle from the x axis towards the y axis.
  @inlinable
  public init(angle: Double) {
    self.init(Scalar.cos(angle), Scalar.sin(angle))
  }

  /// x² + y².
  @inlinable public var squaredLength: Double { x * x + y * y }
  /// The distance to the origin.
  @inlinable public var length: Double { squaredLength.squareRoot() }
  /// The angle from the x axis towards the y axis, in [−π, π].
  @inlinable public var angle: Double { Scalar.atan2(y, x) }
  /// Whether both coordinates are.
  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite }

  /// The sum by component.
  @inlinable public static func + (a: Point, b: Point) -> Point { Point(a.x + b.x, a.y + b.y) }
  /// The difference by component.
  @inlinable public static func - (a: Point, b: Point) -> Point { Point(a.x - b.x, a.y - b.y) }
  /// The point opposite the origin.
  @inlinable public static prefix func - (a: Point) -> Point { Point(-a.x, -a.y) }
  /// Both components times `s`.
  @inlinable public static func * (a: Point, s: Double) -> Point { Point(a.x * s, a.y * s) }
  /// Both components times `s`.
  @inlinable public static func * (s: Double, a: Point) -> Point { Point(a.x * s, a.y * s) }
  /// Both components over `s`.
  @inlinable public static func / (a: Point, s: Double) -> Point { Point(a.x / s, a.y / s) }
  /// Adds by component.
  @inlinable public static func += (a: inout Point, b: Point) { a = a + b }

  /// x x′ + y y′.
  @inlinable public func dot(_ other: Point) -> Double { x * other.x + y * other.y }
  /// The z component of the cross product: positive where `other` lies clockwise of this on the screen.
  @inlinable public func cross(_ other: Point) -> Double { x * other.y - y * other.x }
}
