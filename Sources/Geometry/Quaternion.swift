/// A rotation as a quaternion, stored x, y, z, w (the scalar last).
@frozen
public struct Quaternion: Hashable, Sendable {
  /// The first component of the axis times the sine of half the angle.
  public var x: Double
  /// The second.
  public var y: Double
  /// The third.
  public var z: Double
  /// The cosine of half the angle.
  public var w: Double

  /// A quaternion as given, of any length.
  @inlinable
  public init(x: Double, y: Double, z: Double, w: Double) {
    self.x = x
    self.y = y
    self.z = z
    self.w = w
  }

  /// No rotation.
  @inlinable public static var identity: Quaternion { Quaternion(x: 0, y: 0, z: 0, w: 1) }

  /// √(x² + y² + z² + w²), 1 for a rotation.
  @inlinable public var length: Double { (x * x + y * y + z * z + w * w).squareRoot() }
  /// Whether all four components are.
  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite && w.isFinite }

  /// The same rotation with length 1 and w ≥ 0; nil where the length is 0 or not finite.
  public var normalized: Quaternion? {
    let n = length
    guard n > 0, n.isFinite else { return nil }
    let s = w < 0 ? -1 / n : 1 / n
    return Quaternion(x: x * s, y: y * s, z: z * s, w: w * s)
  }

  /// The quaternion of a rotation matrix, length 1 and w ≥ 0.
  ///
  /// The largest of the four components is computed first (Shepperd, 1978), so no half turn loses digits.
  public init(rotation m: Matrix3) {
    let (xx, yy, zz) = (m.column0.x, m.column1.y, m.column2.z)
    let raw: Quaternion
    if xx + yy + zz > max(xx, yy, zz) {
      raw = Quaternion(
        x: m.column1.z - m.column2.y, y: m.column2.x - m.column0.z, z: m.column0.y - m.column1.x, w: 1 + xx + yy + zz)
    } else if xx >= yy, xx >= zz {
      raw = Quaternion(
        x: 1 + xx - yy - zz, y: m.column1.x + m.column0.y, z: m.column2.x + m.column0.z, w: m.column1.z - m.column2.y)
    } else if yy >= zz {
      raw = Quaternion(
        x: m.column1.x + m.column0.y, y: 1 + yy - xx - zz, z: m.column2.y + m.column1.z, w: m.column2.x - m.column0.z)
    } else {
      raw = Quaternion(
        x: m.column2.x + m.column0.z, y: m.column2.y + m.column1.z, z: 1 + zz - xx - yy, w: m.column0.y - m.column1.x)
    }
    self = raw.normalized ?? .identity
  }

  /// The rotation matrix; the length is divided out, and a quaternion whose squared length is below the double's epsilon gives the
  /// identity (the rule of transformations.py, by which evo reads poses).
  public var rotation: Matrix3 {
    let squared = x * x + y * y + z * z + w * w
    guard squared >= .ulpOfOne else { return .identity }
    let s = 2 / squared
    return Matrix3(
      rows: Vector3(1 - s * (y * y + z * z), s * (x * y - z * w), s * (x * z + y * w)),
      Vector3(s * (x * y + z * w), 1 - s * (x * x + z * z), s * (y * z - x * w)),
      Vector3(s * (x * z - y * w), s * (y * z + x * w), 1 - s * (x * x + y * y)))
  }

  /// The angle of the rotation, in [0, π].
  public var rotationAngle: Double {
    2 * Scalar.atan2(Vector3(x, y, z).length, abs(w))
  }

  /// The rotation by `b` first and by `a` then.
  @inlinable
  public static func * (a: Quaternion, b: Quaternion) -> Quaternion {
    Quaternion(
      x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y, y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
      z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w, w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z)
  }

  /// The inverse of a quaternion of length 1.
  @inlinable public var conjugate: Quaternion { Quaternion(x: -x, y: -y, z: -z, w: w) }
}
