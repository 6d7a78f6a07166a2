import Geometry

/// The place of a point from the rays that see it.
struct PointTriangulation {
  /// One ray: where it begins, its direction of any length, and the map from the world to the camera that sees along it.
  struct Ray {
    var cameraFromWorld: RigidTransform
    /// (x, y, 1) in the camera's frame.
    var place: Vector3

    var origin: Vector3 { cameraFromWorld.inverse.translation }
    var direction: Vector3 {
      let turned = cameraFromWorld.rotation.transposed * place
      return turned / turned.length
    }
  }

  /// Steps of the refinement; the start is near.
  private static let iterations = 4

  /// The point with the least squared distances in the cameras' planes z = 1 (by Gauss and Newton from the point nearest to all rays).
  ///
  /// - Parameters:
  ///   - leastAngle: In radians; rays closer to each other than this tell no depth.
  ///   - tolerance: The greatest distance in the plane z = 1.
  /// - Returns: nil where the rays do not meet before the cameras.
  static func point(of rays: [Ray], leastAngle: Double, tolerance: Double) -> Vector3? {
    guard rays.count >= 2, greatestAngle(rays) >= leastAngle, var point = nearest(to: rays) else { return nil }
    for _ in 0..<iterations {
      guard let step = step(from: point, rays) else { return nil }
      point = point + step
    }
    guard point.isFinite else { return nil }
    for ray in rays {
      let seen = ray.cameraFromWorld * point
      guard seen.z > 1e-3, (Point(seen.x / seen.z, seen.y / seen.z) - Point(ray.place.x, ray.place.y)).length <= tolerance else {
        return nil
      }
    }
    return point
  }

  /// The greatest angle of a ray to the first, in radians.
  static func greatestAngle(_ rays: [Ray]) -> Double {
    let first = rays[0].direction
    return rays.dropFirst().reduce(0) { max($0, first.cross($1.direction).length) }
  }

  /// The point with the least squared distances from all rays: Σ (I − d dᵀ) x = Σ (I − d dᵀ) o.
  private static func nearest(to rays: [Ray]) -> Vector3? {
    var matrix = Matrix3.zero
    var right = Vector3.zero
    for ray in rays {
      let projector = Matrix3.identity - Matrix3(outer: ray.direction, ray.direction)
      matrix = matrix + projector
      right += projector * ray.origin
    }
    return solve(matrix, right)
  }

  private static func step(from point: Vector3, _ rays: [Ray]) -> Vector3? {
    var normal = Matrix3.zero
    var right = Vector3.zero
    for ray in rays {
      let seen = ray.cameraFromWorld * point
      guard seen.z > 1e-6 else { return nil }
      let (x, y) = (seen.x / seen.z, seen.y / seen.z)
      let turn = ray.cameraFromWorld.rotation.transposed
      for (row, residual) in [
        (turn * Vector3(1 / seen.z, 0, -x / seen.z), ray.place.x - x),
        (turn * Vector3(0, 1 / seen.z, -y / seen.z), ray.place.y - y),
      ] {
        normal = normal + Matrix3(outer: row, row)
        right += row * residual
      }
    }
    return solve(normal, right)
  }

  private static func solve(_ matrix: Matrix3, _ right: Vector3) -> Vector3? {
    CholeskyFactor(matrix.rowMajor, size: 3) { 1e-12 * $0 }.map { factor in
      let x = factor.solve([right.x, right.y, right.z])
      return Vector3(x[0], x[1], x[2])
    }
  }
}
