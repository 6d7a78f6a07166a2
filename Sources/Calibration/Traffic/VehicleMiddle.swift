import Geometry

/// The picture of a vehicle's middle, from its upright box.
///
/// The middle of the box is not it: perspective makes the nearer half of a vehicle larger, by an amount that changes along its way and so bends the
/// path, by up to some degrees of tilt for a low camera. A block of a car's proportions, turned along its road and as large as the box, tells how far.
struct VehicleMiddle {
  let view: TrafficView

  /// Width and height of a vehicle over its length: a car's of 4.5 × 1.8 × 1.5 m. They matter in the second order only.
  private static let width = 0.4, height = 1.0 / 3

  /// The corners of a block of length 1 along a road, in the camera's axes.
  private func corners(_ group: Int) -> [Vector3] {
    let along = view.ground(group)
    let across = Vector3(-along.y, along.x, 0), up = Vector3(0, 0, -1)
    return (0..<8).map { bits in
      let signs = (0..<3).map { bits >> $0 & 1 == 0 ? -0.5 : 0.5 }
      return view.cameraFromGround * (along * signs[0] + across * (signs[1] * Self.width) + up * (signs[2] * Self.height))
    }
  }

  /// The middles of a path's vehicles, relative to the picture's middle.
  ///
  /// - Parameters:
  ///   - group: The road that it follows.
  ///   - center: The picture's middle in pixels.
  func middles(_ path: TrafficPath, group: Int, center: Point) -> [Point] {
    let corners = corners(group)
    return path.boxes.map { middle($0, corners, center: center) }
  }

  private func middle(_ box: AxisBox, _ corners: [Vector3], center: Point) -> Point {
    let focal = view.focal
    let target = box.center - center
    let size = (box.width * box.height).squareRoot()
    guard size > 0, size.isFinite else { return target }
    // At depth 1 the length is the size over the focal length, at first.
    var (middle, length) = (target, size / focal)
    for _ in 0..<3 {
      let place = Vector3(middle.x / focal, middle.y / focal, 1)
      let seen = corners.compactMap { corner -> Point? in
        let point = place + corner * length
        return point.z > 0 ? Point(point.x / point.z, point.y / point.z) * focal : nil
      }
      guard seen.count == corners.count else { return target }
      let hull = AxisBox(around: seen)
      length *= size / (hull.width * hull.height).squareRoot()
      middle = middle + target - hull.center
    }
    return middle.isFinite ? middle : target
  }
}
