/// How the pixels of a picture lie on a plane, the ground, in metres.
///
/// The ground's axes are those of a map that is looked at from above: x right, y down, angles from x towards y.
public struct GroundMap: Hashable, Sendable {
  /// Four corners of a known rectangle on the ground.
  public struct Rectangle: Hashable, Sendable {
    /// The corners in pixels, clockwise as they are seen; the first one is the ground's origin, the second lies along its x axis.
    public var corners: [Point]
    /// Metres from the first corner to the second.
    public var width: Double
    /// Metres from the first corner to the fourth.
    public var height: Double

    /// - Parameters: As the properties of their names.
    public init(corners: [Point], width: Double, height: Double) {
      self.corners = corners
      self.width = width
      self.height = height
    }
  }

  /// Maps pixels without a lens's distortion to metres.
  public var homography: Homography { groundFromPixels }

  private let groundFromPixels: Homography
  /// The sign of the map's third coordinate on this side of the horizon.
  private let side: Double
  private let lens: CameraModel?

  /// The ground by a known rectangle.
  ///
  /// - Parameter camera: Its lens is taken off; nil for a lens without distortion.
  /// - Returns: nil where the corners are not four, do not go clockwise around a convex shape, or the sides are not above 0.
  public init?(_ rectangle: Rectangle, camera: CameraModel? = nil) {
    let corners = rectangle.corners.compactMap { GroundMap.flat($0, camera) }
    let (width, height) = (rectangle.width, rectangle.height)
    guard corners.count == 4, rectangle.corners.count == 4, width > 0, height > 0, width.isFinite, height.isFinite,
      GroundMap.isClockwise(corners),
      let map = Homography(
        from: (corners[0], corners[1], corners[2], corners[3]),
        to: (.zero, Point(width, 0), Point(width, height), Point(0, height)))
    else { return nil }
    let middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4
    groundFromPixels = map
    side = map.denominator(at: middle) < 0 ? -1 : 1
    lens = GroundMap.lens(camera)
  }

  /// The ground that a camera looks straight down at.
  ///
  /// - Parameters:
  ///   - metresPerPixel: Above 0.
  ///   - origin: The pixel that is the ground's origin.
  ///   - camera: Its lens is taken off.
  public init(metresPerPixel: Double, origin: Point, camera: CameraModel? = nil) {
    let flat = GroundMap.flat(origin, camera) ?? origin
    groundFromPixels = Homography.scaling(metresPerPixel, metresPerPixel) * Homography.translation(-flat)
    side = 1
    lens = GroundMap.lens(camera)
  }

  /// The place on the ground that a pixel shows, in metres; nil at and beyond the horizon, and where the lens shows nothing.
  public func place(_ pixel: Point) -> Point? {
    guard let flat = lens == nil ? pixel : GroundMap.flat(pixel, lens) else { return nil }
    guard groundFromPixels.denominator(at: flat) * side > 0 else { return nil }
    let place = groundFromPixels.apply(flat)
    return place.isFinite ? place : nil
  }

  private static func lens(_ camera: CameraModel?) -> CameraModel? {
    camera.flatMap { camera in camera.distortion.coefficients.allSatisfy { $0 == 0 } ? nil : camera }
  }

  /// The pixel of the same camera without its lens's distortion.
  private static func flat(_ pixel: Point, _ camera: CameraModel?) -> Point? {
    guard let camera = lens(camera) else { return pixel }
    return camera.ray(pixel).flatMap { camera.undistorted.project($0) }
  }

  private static func isClockwise(_ corners: [Point]) -> Bool {
    corners.indices.allSatisfy { index in
      let (a, b, c) = (corners[index], corners[(index + 1) % 4], corners[(index + 2) % 4])
      // y points down: clockwise on the screen turns from x towards y.
      return (b - a).cross(c - b) > 0
    }
  }
}

/// What a map of the plane does to places, motions and their covariances, by its derivative.
public struct PlaneMapping: Sendable {
  /// Where a point goes; nil where it goes nowhere.
  public let map: @Sendable (Point) -> Point?

  /// Half the distance of the difference quotient, in units of the source: errors of the second order are 10⁻⁶ of a curvature per pixel².
  private static let step = 1e-3

  /// - Parameter map: Differentiable.
  public init(_ map: @escaping @Sendable (Point) -> Point?) { self.map = map }

  /// The derivative at a point by central differences; nil where the map ends.
  public func jacobian(at point: Point) -> Matrix2? {
    let h = Self.step
    guard let right = map(point + Point(h, 0)), let left = map(point - Point(h, 0)), let below = map(point + Point(0, h)),
      let above = map(point - Point(0, h))
    else { return nil }
    let (x, y) = ((right - left) / (2 * h), (below - above) / (2 * h))
    let jacobian = Matrix2(x.x, y.x, x.y, y.y)
    return jacobian.determinant.isFinite && jacobian.determinant != 0 ? jacobian : nil
  }
}

extension Matrix2 {
  /// Where a direction goes under a linear map, and what becomes of its standard deviation: dβ/dα = det J / |J u|², u the direction's vector.
  public func direction(_ angle: Double) -> (angle: Double, factor: Double)? {
    let turned = self * Point(angle: angle)
    guard turned.squaredLength > 0 else { return nil }
    return (Angle.wrappedHeading(turned.angle), abs(determinant) / turned.squaredLength)
  }
}
