/// A position or a displacement in space, in the unit of its source (metres in every format that this package reads).
@frozen
public struct Vector3: Hashable, Sendable {
  /// The first coordinate.
  public var x: Double
  /// The second.
  public var y: Double
  /// The third.
  public var z: Double

  /// The vector (x, y, z).
  @inlinable
  public init(_ x: Double, _ y: Double, _ z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// The origin.
  @inlinable public static var zero: Vector3 { Vector3(0, 0, 0) }

  /// x² + y² + z².
  @inlinable public var squaredLength: Double { x * x + y * y + z * z }
  /// The distance to the origin.
  @inlinable public var length: Double { squaredLength.squareRoot() }
  /// Whether all coordinates are.
  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  /// The sum by component.
  @inlinable public static func + (a: Vector3, b: Vector3) -> Vector3 { Vector3(a.x + b.x, a.y + b.y, a.z + b.z) }
  /// The difference by component.
  @inlinable public static func - (a: Vector3, b: Vector3) -> Vector3 { Vector3(a.x - b.x, a.y - b.y, a.z - b.z) }
  /// The vector of opposite direction.
  @inlinable public static prefix func - (a: Vector3) -> Vector3 { Vector3(-a.x, -a.y, -a.z) }
  /// Each component times `s`.
  @inlinable public static func * (a: Vector3, s: Double) -> Vector3 { Vector3(a.x * s, a.y * s, a.z * s) }
  /// Each component over `s`.
  @inlinable public static func / (a: Vector3, s: Double) -> Vector3 { Vector3(a.x / s, a.y / s, a.z / s) }
  /// Adds by component.
  @inlinable public static func += (a: inout Vector3, b: Vector3) { a = a + b }

  /// x x′ + y y′ + z z′.
  @inlinable public func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

  /// The vector perpendicular to both, right-handed.
  @inlinable
  public func cross(_ other: Vector3) -> Vector3 {
    Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }
}
