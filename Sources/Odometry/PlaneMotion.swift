import Geometry

/// One reading of what a plane does between two views of a camera: H = R + t nᵀ, t in units of the plane's distance from the first camera.
struct PlaneMotion {
  var rotation: Matrix3
  var translation: Vector3
  /// The plane's normal in the first camera's frame, away from that camera.
  var normal: Vector3

  var secondFromFirst: RigidTransform { RigidTransform(rotation: rotation, translation: translation) }

  /// All readings of a map of rays with which the rays' points lie before the first camera: one or two, as a rule.
  ///
  /// Y. Ma et al., "An invitation to 3-D vision", 2004, section 5.3.3, by the eigenvectors of HᵀH.
  ///
  /// - Parameters:
  ///   - map: Brings rays (x, y, 1) of the first camera to those of the second, up to its scale.
  ///   - rays: Of the first camera, with `ends` of the second: they tell the sign of the map and on which side the plane is.
  /// - Returns: Empty for a map that is a turn alone, or none of a plane before both cameras.
  static func readings(of map: Matrix3, _ rays: [Vector3], _ ends: [Vector3]) -> [PlaneMotion] {
    let middle = SingularValues3(map).values.y
    guard middle > 0, middle.isFinite else { return [] }
    let isTurned = zip(rays, ends).count { $1.dot(map * $0) < 0 } * 2 > rays.count
    let h = map * ((isTurned ? -1 : 1) / middle)
    let parts = SingularValues3(h)
    let (first, third) = (parts.values.x * parts.values.x, parts.values.z * parts.values.z)
    // Equal values are those of a turn: no plane is seen by it.
    guard first - third > 1e-9, first >= 1, third <= 1 else { return [] }
    var v = (parts.right.column0, parts.right.column1, parts.right.column2)
    if parts.right.determinant < 0 { v = (v.0 * -1, v.1 * -1, v.2 * -1) }
    let (a, b, c) = ((1 - third).squareRoot(), (first - 1).squareRoot(), (first - third).squareRoot())
    return [1.0, -1].compactMap { sign -> PlaneMotion? in
      // u is as long under H as before: with v₂ it spans a plane whose picture shows the rotation.
      let u = (v.0 * a + v.2 * (sign * b)) / c
      let normal = v.1.cross(u)
      let from = Matrix3(columns: v.1, u, normal)
      let (hv, hu) = (h * v.1, h * u)
      let rotation = Matrix3(columns: hv, hu, hv.cross(hu)) * from.transposed
      let before = rays.count { $0.dot(normal) > 0 }
      guard rotation.isFinite, max(before, rays.count - before) * 10 >= rays.count * 9 else { return nil }
      let away = before * 2 >= rays.count ? normal : normal * -1
      return PlaneMotion(rotation: rotation.nearestRotation, translation: (h - rotation) * away, normal: away)
    }
  }

  /// How far a map of rays misses the second of two matched rays, in the plane z = 1, and the third coordinate to which it brings the first one;
  /// nil where that is not before the camera.
  static func miss(of map: Matrix3, _ first: Vector3, _ second: Vector3) -> (shift: Point, depth: Double)? {
    let seen = map * first
    guard seen.z > 1e-6 else { return nil }
    return (Point(seen.x / seen.z - second.x, seen.y / seen.z - second.y), seen.z)
  }

  /// The map of rays that most matches agree with: weighted equations, the weights those of Cauchy's loss, from equal ones.
  ///
  /// - Parameter scale: Residuals of this size count half, in the plane z = 1.
  /// - Returns: nil where the matches fix no map.
  static func map(from first: [Vector3], to second: [Vector3], scale: Double) -> Matrix3? {
    var map = Matrix3.identity
    var isFirst = true
    for _ in 0..<12 {
      var normal = [Double](repeating: 0, count: 64)
      var right = [Double](repeating: 0, count: 8)
      for (p, q) in zip(first, second) {
        guard let (shift, depth) = miss(of: map, p, q) else { continue }
        // The equations are distances times the third coordinate.
        let weight = (isFirst ? 1 : 1 / (1 + shift.squaredLength / (scale * scale))) / (depth * depth)
        for (row, value) in [
          ([p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y], q.x), ([0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y], q.y),
        ] {
          for i in 0..<8 where row[i] != 0 {
            for j in 0..<8 { normal[8 * i + j] += weight * row[i] * row[j] }
            right[i] += weight * row[i] * value
          }
        }
      }
      guard let h = CholeskyFactor(normal, size: 8, leastPivot: { 1e-12 * $0 })?.solve(right) else { return nil }
      map = Matrix3(rows: Vector3(h[0], h[1], h[2]), Vector3(h[3], h[4], h[5]), Vector3(h[6], h[7], 1))
      isFirst = false
    }
    return map.isFinite ? map : nil
  }
}
