/// The direction in which something is seen, in radians.
public struct Bearing: Hashable, Sendable {
  /// In the horizontal plane, in [−π, π].
  public var azimuth: Double
  /// Above it, in [−π/2, π/2].
  public var elevation: Double

  /// A direction by its angles.
  public init(azimuth: Double, elevation: Double) {
    self.azimuth = azimuth
    self.elevation = elevation
  }

  /// Of a ray in a camera's frame (x right, y down, z forward): azimuth from straight ahead to the right, elevation above the plane of x and z.
  public init(inCamera ray: Vector3) {
    self.init(azimuth: Scalar.atan2(ray.x, ray.z), elevation: Scalar.atan2(-ray.y, Scalar.hypot(ray.x, ray.z)))
  }

  /// Of a ray in the ground's frame (x, y on the ground, z down): azimuth from x towards y, elevation above the horizon.
  public init(overGround ray: Vector3) {
    self.init(azimuth: Scalar.atan2(ray.y, ray.x), elevation: Scalar.atan2(-ray.z, Scalar.hypot(ray.x, ray.y)))
  }
}
