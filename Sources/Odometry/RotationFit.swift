import Geometry

/// The rotation between two bundles of rays (Kabsch's solution of Wahba's problem), with those left out that it does not explain.
enum RotationFit {
  private static let rounds = 3

  /// The rotation that brings the first rays nearest to the second.
  ///
  /// - Parameter tolerance: Rays further apart than this, as an angle in radians, or than three times the middle one, are left out of the next round.
  static func rotation(from first: [Vector3], to second: [Vector3], tolerance: Double) -> Matrix3 {
    let pairs = zip(first, second).map { ($0 / $0.length, $1 / $1.length) }
    var rotation = fit(pairs)
    for _ in 1..<rounds {
      let distances = pairs.map { (rotation * $0.0 - $0.1).length }
      let limit = max(tolerance, 3 * distances.sorted()[distances.count / 2])
      rotation = fit(zip(pairs, distances).filter { $0.1 <= limit }.map { $0.0 })
    }
    return rotation
  }

  /// The middle angle between rays once the first are turned, in radians: what only a motion of the camera explains.
  static func medianAngle(_ first: [Vector3], _ second: [Vector3], after rotation: Matrix3) -> Double {
    let angles = angles(first, second, after: rotation).sorted()
    return angles.isEmpty ? 0 : angles[angles.count / 2]
  }

  /// The angles between rays once the first are turned, in radians.
  static func angles(_ first: [Vector3], _ second: [Vector3], after rotation: Matrix3) -> [Double] {
    zip(first, second).map { a, b in
      let turned = rotation * a
      return turned.cross(b).length / (turned.length * b.length)
    }
  }

  private static func fit(_ pairs: [(Vector3, Vector3)]) -> Matrix3 {
    let sum = pairs.reduce(Matrix3.zero) { $0 + Matrix3(outer: $1.1, $1.0) }
    return sum.nearestRotation
  }
}
