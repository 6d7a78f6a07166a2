extension Quaternion {
  /// The rotation about a vector by its length in radians (Rodrigues).
  public init(rotationVector v: Vector3) {
    let angle = v.length
    // The second order of sin(a/2)/a is below a double's digits at this angle.
    let scale = angle < 1e-8 ? 0.5 : Scalar.sin(angle / 2) / angle
    self.init(x: v.x * scale, y: v.y * scale, z: v.z * scale, w: Scalar.cos(angle / 2))
  }

  /// The axis times the angle, in [0, π] radians, of a quaternion of length 1.
  public var rotationVector: Vector3 {
    let sine = Vector3(x, y, z)
    let length = sine.length
    guard length > 1e-12 else { return sine * 2 }
    let sign = w < 0 ? -1.0 : 1.0
    return sine * (sign * 2 * Scalar.atan2(length, abs(w)) / length)
  }
}

extension RigidTransform {
  /// - Parameters:
  ///   - rotationVector: The axis times the angle in radians.
  ///   - translation: Where the origin goes.
  public init(rotationVector: Vector3, translation: Vector3) {
    self.init(rotation: Quaternion(rotationVector: rotationVector).rotation, translation: translation)
  }
}
