/// A camera's pose before a plane whose map is known.
public enum PlanePose {
  /// The pose in the frame of the ground (x and y on it, z down, metres), from how rays meet it.
  ///
  /// The map from the plane to the plane z = 1 of the camera is λ [r₁ r₂ t], R = [r₁ r₂ r₁×r₂] (Z. Zhang, "A Flexible New Technique for Camera
  /// Calibration", 2000, section 3.1). r₁ and r₂ are made orthogonal by turning both by the same angle.
  ///
  /// - Parameters:
  ///   - camera: For pictures of the size of its `width` and `height`.
  ///   - place: The place on the ground of a pixel, nil at and beyond the horizon.
  /// - Returns: Maps the camera's frame to the ground's; nil where less than the lower half of the picture shows the ground.
  public static func worldFromCamera(_ camera: CameraModel, place: (Point) -> Point?) -> RigidTransform? {
    let (width, height) = (Double(camera.width), Double(camera.height))
    let pixels = [(0.2, 0.55), (0.8, 0.55), (0.8, 0.95), (0.2, 0.95)].map { Point($0 * width, $1 * height) }
    let rays = pixels.compactMap { camera.ray($0).map { Point($0.x, $0.y) } }
    let places = pixels.compactMap(place)
    guard rays.count == 4, places.count == 4,
      let map = Homography(from: (places[0], places[1], places[2], places[3]), to: (rays[0], rays[1], rays[2], rays[3]))
    else { return nil }
    return pose(map, before: places[3]).map(\.inverse)
  }

  /// The pose of a rectangle before a camera, from where its corners are seen: the map from the rectangle's frame (its middle, x to the right, y
  /// down, z away from whom it faces) to the camera's.
  ///
  /// - Parameters:
  ///   - sides: Its width and height, in the unit of the result.
  ///   - rays: (x, y, 1) of the camera's frame, through the upper left, upper right, lower right and lower left corner.
  /// - Returns: Nil for corners on one line, and for a rectangle that is seen from behind.
  public static func cameraFromRectangle(width: Double, height: Double, rays: [Vector3]) -> RigidTransform? {
    guard rays.count == 4, width > 0, height > 0 else { return nil }
    let (x, y) = (width / 2, height / 2)
    let seen = rays.map { Point($0.x, $0.y) }
    guard
      let map = Homography(
        from: (Point(-x, -y), Point(x, -y), Point(x, y), Point(-x, y)), to: (seen[0], seen[1], seen[2], seen[3])),
      let pose = pose(map, before: .zero), pose.translation.z > 0
    else { return nil }
    // Its z axis leads away from the camera where its front is seen.
    return (pose.rotation * Vector3(0, 0, 1)).dot(pose.translation) > 0 ? pose : nil
  }

  /// - Parameter place: A point of the plane before the camera.
  private static func pose(_ map: Homography, before place: Point) -> RigidTransform? {
    let (a, b) = (Vector3(map.h11, map.h21, map.h31), Vector3(map.h12, map.h22, map.h32))
    let length = (a.length + b.length) / 2
    guard length > 0, a.length > 0, b.length > 0 else { return nil }
    let scale = map.denominator(at: place) < 0 ? -1 / length : 1 / length
    let (u, v) = (a * (scale / (a.length * abs(scale))), b * (scale / (b.length * abs(scale))))
    let (sum, difference) = (u + v, u - v)
    guard sum.length > 0, difference.length > 0 else { return nil }
    let (c, d) = (sum / sum.length, difference / difference.length)
    let half = 0.5.squareRoot()
    let (x, y) = ((c + d) * half, (c - d) * half)
    let translation = Vector3(map.h13, map.h23, map.h33) * scale
    let pose = RigidTransform(rotation: Matrix3(columns: x, y, x.cross(y)), translation: translation)
    return pose.isFinite ? pose : nil
  }
}
