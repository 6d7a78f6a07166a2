/// How a camera maps directions to pixels: focal lengths, principal point and the lens's distortion.
///
/// The camera's frame is x right, y down, z forward. Pixels are this package's: the picture spans [0, width] × [0, height] and the first pixel's
/// centre is (0.5, 0.5), so the principal point is half a pixel more than in OpenCV's files.
public struct CameraModel: Hashable, Sendable {
  /// The lens.
  public enum Distortion: Hashable, Sendable {
    /// Brown and Conrady's, as OpenCV has it: k₁, k₂, p₁, p₂, k₃ and, of rational lenses, k₄, k₅, k₆. Empty for a lens without distortion.
    case radialTangential([Double])
    /// Kannala and Brandt's (2006), equidistant with k₁ to k₄ over the odd powers of the angle.
    case fisheye([Double])

    /// The numbers in their order.
    public var coefficients: [Double] {
      switch self {
      case .radialTangential(let values), .fisheye(let values): values
      }
    }
  }

  /// Pixels in a row of the pictures that it was calibrated for; 0 where the source does not say.
  public var width: Int
  /// Rows.
  public var height: Int
  /// The focal length along x in pixels.
  public var focalX: Double
  /// The focal length along y in pixels.
  public var focalY: Double
  /// Where the optical axis meets the picture.
  public var center: Point
  /// The lens.
  public var distortion: Distortion

  /// - Parameters: As the properties of their names.
  public init(
    width: Int, height: Int, focalX: Double, focalY: Double, center: Point, distortion: Distortion = .radialTangential([])
  ) {
    self.width = width
    self.height = height
    self.focalX = focalX
    self.focalY = focalY
    self.center = center
    self.distortion = distortion
  }

  /// The same camera without its lens's distortion.
  public var undistorted: CameraModel {
    CameraModel(width: width, height: height, focalX: focalX, focalY: focalY, center: center)
  }

  /// Why it is no camera, for an error; nil where it is one.
  public var problem: String? {
    let numbers = [focalX, focalY, center.x, center.y] + distortion.coefficients
    if numbers.contains(where: { !$0.isFinite }) { return "a number of the camera is not finite" }
    guard focalX > 0, focalY > 0 else { return "a focal length is not above 0" }
    guard width >= 0, height >= 0 else { return "the size of the pictures is below 0" }
    switch distortion {
    case .radialTangential(let values):
      guard [0, 4, 5, 8].contains(values.count) else {
        return "a radial and tangential lens has 4, 5 or 8 coefficients, not \(values.count)"
      }
    case .fisheye(let values):
      guard values.count == 4 else { return "a fisheye has 4 coefficients, not \(values.count)" }
    }
    return nil
  }

  /// The camera for pictures that are resized to another size: area stays area, so every length is multiplied.
  public func scaled(width newWidth: Int, height newHeight: Int) -> CameraModel {
    guard width > 0, height > 0 else {
      var same = self
      (same.width, same.height) = (newWidth, newHeight)
      return same
    }
    let (x, y) = (Double(newWidth) / Double(width), Double(newHeight) / Double(height))
    return CameraModel(
      width: newWidth, height: newHeight, focalX: focalX * x, focalY: focalY * y, center: Point(center.x * x, center.y * y),
      distortion: distortion)
  }

  // MARK: - Directions and pixels

  /// The pixel of a point in the camera's frame; nil where it is not before the camera.
  public func project(_ point: Vector3) -> Point? {
    guard point.z > 0 else { return nil }
    let place = distort(Point(point.x / point.z, point.y / point.z))
    return Point(focalX * place.x + center.x, focalY * place.y + center.y)
  }

  /// The point (x, y, 1) of the camera's frame that a pixel shows; nil where no direction within the lens's monotonic range does.
  public func ray(_ pixel: Point) -> Vector3? {
    let place = Point((pixel.x - center.x) / focalX, (pixel.y - center.y) / focalY)
    switch distortion {
    case .radialTangential(let values):
      return values.isEmpty ? Vector3(place.x, place.y, 1) : CameraModel.solve(place, with: distort)
    case .fisheye(let values): return CameraModel.fisheyeRay(place, values)
    }
  }

  /// A place in the plane z = 1 as the lens moves it.
  private func distort(_ place: Point) -> Point {
    switch distortion {
    case .radialTangential(let values): values.isEmpty ? place : CameraModel.radialTangential(place, values)
    case .fisheye(let values): CameraModel.fisheye(place, values)
    }
  }

  /// OpenCV's documentation, "Camera Calibration and 3D Reconstruction", without thin prism and tilt.
  private static func radialTangential(_ place: Point, _ k: [Double]) -> Point {
    let r2 = place.squaredLength
    let k3 = k.count > 4 ? k[4] : 0
    var radial = 1 + r2 * (k[0] + r2 * (k[1] + r2 * k3))
    if k.count > 5 { radial /= 1 + r2 * (k[5] + r2 * (k[6] + r2 * k[7])) }
    let xy = place.x * place.y
    return Point(
      place.x * radial + 2 * k[2] * xy + k[3] * (r2 + 2 * place.x * place.x),
      place.y * radial + k[2] * (r2 + 2 * place.y * place.y) + 2 * k[3] * xy)
  }

  private static func fisheye(_ place: Point, _ k: [Double]) -> Point {
    let radius = place.length
    guard radius > 1e-12 else { return place }
    let angle = Scalar.atan2(radius, 1)
    return place * (bent(angle, k) / radius)
  }

  private static func bent(_ angle: Double, _ k: [Double]) -> Double {
    let a2 = angle * angle
    return angle * (1 + a2 * (k[0] + a2 * (k[1] + a2 * (k[2] + a2 * k[3]))))
  }

  /// Newton's method on the angle.
  private static func fisheyeRay(_ place: Point, _ k: [Double]) -> Vector3? {
    let target = place.length
    guard target > 1e-12 else { return Vector3(place.x, place.y, 1) }
    var angle = min(target, 1.5)
    for _ in 0..<30 {
      let a2 = angle * angle
      let slope = 1 + a2 * (3 * k[0] + a2 * (5 * k[1] + a2 * (7 * k[2] + a2 * 9 * k[3])))
      guard slope > 0 else { return nil }
      angle -= (bent(angle, k) - target) / slope
    }
    // The plane z = 1 ends at a right angle.
    guard angle > 0, angle < 1.55, abs(bent(angle, k) - target) < 1e-9 else { return nil }
    let scale = Scalar.sin(angle) / Scalar.cos(angle) / target
    return Vector3(place.x * scale, place.y * scale, 1)
  }

  /// Newton's method in the plane with a difference quotient as the Jacobian.
  private static func solve(_ target: Point, with distort: (Point) -> Point) -> Vector3? {
    var place = target
    let step = 1e-6
    for _ in 0..<20 {
      let miss = distort(place) - target
      if miss.length < 1e-12 { break }
      let x = (distort(place + Point(step, 0)) - distort(place - Point(step, 0))) / (2 * step)
      let y = (distort(place + Point(0, step)) - distort(place - Point(0, step))) / (2 * step)
      let determinant = x.x * y.y - x.y * y.x
      // Beyond the fold of a polynomial the lens would show one direction twice.
      guard determinant > 1e-3 else { return nil }
      place = place - Point((miss.x * y.y - miss.y * y.x) / determinant, (x.x * miss.y - x.y * miss.x) / determinant)
    }
    guard place.isFinite, (distort(place) - target).length < 1e-9 else { return nil }
    return Vector3(place.x, place.y, 1)
  }
}

/// One camera, or two that are fixed to each other.
public struct CameraRig: Hashable, Sendable {
  /// The camera, the left one of two.
  public var left: CameraModel
  /// The right one.
  public var right: CameraModel?
  /// Maps points of the left camera's frame to the right one's, in metres.
  public var rightFromLeft: RigidTransform?

  /// - Parameters: As the properties of their names.
  public init(left: CameraModel, right: CameraModel? = nil, rightFromLeft: RigidTransform? = nil) {
    self.left = left
    self.right = right
    self.rightFromLeft = rightFromLeft
  }
}
