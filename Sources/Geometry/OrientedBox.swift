/// A rectangle at any angle, in pixels.
///
/// The side `width` points along `angle` (radians, from the x axis towards the y axis). Formats may bring any order of the sides;
/// `canonical` gives the convention of this package: width ≥ height and the angle in [−π/2, π/2).
@frozen
public struct OrientedBox: Hashable, Sendable, Codable {
  /// The middle, in pixels.
  public var center: Point
  /// Pixels along `angle`.
  public var width: Double
  /// Pixels across `angle`.
  public var height: Double
  /// Radians from the x axis towards the y axis, not wrapped.
  public var angle: Double

  /// A rectangle as given, not canonical.
  @inlinable
  public init(center: Point, width: Double, height: Double, angle: Double) {
    self.center = center
    self.width = width
    self.height = height
    self.angle = angle
  }

  /// The same rectangle as an upright box: the angle is 0 or −π/2 by the longer side.
  public init(_ box: AxisBox) {
    self = OrientedBox(center: box.center, width: box.width, height: box.height, angle: 0).canonical
  }

  /// Square pixels; negative where one side is.
  @inlinable public var area: Double { width * height }

  /// The same rectangle with width ≥ height and the angle in [−π/2, π/2).
  public var canonical: OrientedBox {
    height > width
      ? OrientedBox(center: center, width: height, height: width, angle: Angle.wrappedAxis(angle + .pi / 2))
      : OrientedBox(center: center, width: width, height: height, angle: Angle.wrappedAxis(angle))
  }

  /// The corners in the order (−,−), (+,−), (+,+), (−,+) of the half sides: clockwise on the screen.
  public var corners: [Point] {
    let c = Scalar.cos(angle)
    let s = Scalar.sin(angle)
    let along = Point(c, s) * (width / 2)
    let across = Point(-s, c) * (height / 2)
    return [center - along - across, center + along - across, center + along + across, center - along + across]
  }

  /// The smallest upright box around this one.
  public var hull: AxisBox {
    let c = abs(Scalar.cos(angle))
    let s = abs(Scalar.sin(angle))
    let w = width * c + height * s
    let h = width * s + height * c
    return AxisBox(left: center.x - w / 2, top: center.y - h / 2, width: w, height: h)
  }

  /// The rectangle of four corners in order around it; a general quadrilateral gives the rectangle of its mean opposite sides.
  ///
  /// `width` lies along the side from the first corner to the second, the angle is not wrapped to the canonical range.
  public init(corners c: (Point, Point, Point, Point)) {
    let along = (c.1 - c.0) + (c.2 - c.3)
    let across = (c.3 - c.0) + (c.2 - c.1)
    self.init(
      center: (c.0 + c.1 + c.2 + c.3) / 4, width: along.length / 2, height: across.length / 2,
      angle: along.length > 0 ? along.angle : 0)
  }

  /// Exact intersection over union of two rectangles by polygon clipping (Sutherland and Hodgman, 1974).
  ///
  /// 0 for boxes without area, exactly 1 up to rounding for identical ones, 0 for boxes that only touch.
  public func iou(with other: OrientedBox) -> Double {
    guard width > 0, height > 0, other.width > 0, other.height > 0 else { return 0 }
    let offset = other.center - center
    let reach = (Scalar.hypot(width, height) + Scalar.hypot(other.width, other.height)) / 2
    guard offset.squaredLength < reach * reach else { return 0 }
    // Relative to one centre: far from the origin the shoelace formula would lose digits.
    var first = self
    first.center = .zero
    var second = other
    second.center = offset
    let intersection = ConvexPolygon.intersectionArea(first.corners, second.corners)
    let union = area + other.area - intersection
    return union > 0 ? min(1, intersection / union) : 0
  }
}
