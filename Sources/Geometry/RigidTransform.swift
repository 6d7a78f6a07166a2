/// A rotation and a translation, p ↦ R p + t. A pose is the map from the camera (or body) to the world.
///
/// The rotation is kept as the matrix that was read, so a file with seven digits stays what it was; `Matrix3.nearestRotation` projects it.
@frozen
public struct RigidTransform: Hashable, Sendable {
  /// R, as it was read.
  public var rotation: Matrix3
  /// t, in metres: where the origin goes.
  public var translation: Vector3

  /// p ↦ R p + t; the matrix is not projected.
  @inlinable
  public init(rotation: Matrix3, translation: Vector3) {
    self.rotation = rotation
    self.translation = translation
  }

  /// The transform with the rotation of a quaternion of any length.
  public init(quaternion: Quaternion, translation: Vector3) {
    self.init(rotation: quaternion.rotation, translation: translation)
  }

  /// The transform that moves nothing.
  @inlinable public static var identity: RigidTransform { RigidTransform(rotation: .identity, translation: .zero) }

  /// The rotation as a quaternion; the matrix is projected to the rotations first where it is not one to 1e-12.
  public var quaternion: Quaternion {
    Quaternion(rotation: rotation.rotationDefect > 1e-12 ? rotation.nearestRotation : rotation)
  }

  /// Whether all twelve numbers are.
  public var isFinite: Bool { rotation.isFinite && translation.isFinite }

  /// The inverse, with the transposed matrix as the inverse rotation.
  @inlinable
  public var inverse: RigidTransform {
    let inverse = rotation.transposed
    return RigidTransform(rotation: inverse, translation: -(inverse * translation))
  }

  /// R p + t.
  @inlinable
  public static func * (a: RigidTransform, p: Vector3) -> Vector3 { a.rotation * p + a.translation }

  /// The map that applies `b` first and `a` then.
  @inlinable
  public static func * (a: RigidTransform, b: RigidTransform) -> RigidTransform {
    RigidTransform(rotation: a.rotation * b.rotation, translation: a * b.translation)
  }

  /// The pose `other` as seen from this one: this⁻¹ · other.
  @inlinable
  public func relative(to other: RigidTransform) -> RigidTransform { inverse * other }

  /// The angle of the rotation in [0, π].
  public var rotationAngle: Double { quaternion.rotationAngle }
}
