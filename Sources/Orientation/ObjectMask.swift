import Geometry

/// A rectangle at any angle with what a test of many points needs.
struct ObjectMask {
  private let center: Point
  private let along: Point
  private let halfWidth: Double
  private let halfHeight: Double

  /// - Parameters:
  ///   - growth: What is added to each side, as a share of it: a tenth, as a box is rarely more exact.
  ///   - scale: From the box's pixels to those of the points.
  init(_ box: OrientedBox, growth: Double = 0.1, scale: Point) {
    // Both scales are nearly equal, so the box stays a rectangle.
    center = Point(box.center.x * scale.x, box.center.y * scale.y)
    along = Point(angle: box.angle)
    let mean = (scale.x * scale.y).squareRoot()
    halfWidth = box.width * mean * (1 + growth) / 2
    halfHeight = box.height * mean * (1 + growth) / 2
  }

  func covers(_ point: Point) -> Bool {
    let offset = point - center
    return abs(along.dot(offset)) <= halfWidth && abs(along.cross(offset)) <= halfHeight
  }
}
