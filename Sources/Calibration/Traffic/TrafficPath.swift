public import Geometry

/// Where a vehicle was seen while it drove straight on: the middles of its upright boxes and their sides, in pixels.
public struct TrafficPath: Sendable, Equatable {
  /// The boxes in the order of time.
  public var boxes: [AxisBox]

  /// - Parameter boxes: In the order of time.
  public init(boxes: [AxisBox]) { self.boxes = boxes }

  /// A path of fewer boxes, or shorter than this in pixels, has no direction.
  static let leastBoxes = 8, leastLength = 60.0
  /// A straight line's points lie within this share of its length of it; a vehicle that turns has none.
  private static let straightness = 0.01
  /// Less noise than this in a box's middle is not believed, in pixels.
  private static let leastNoise = 0.3

  /// A straight line through points.
  struct Line {
    var middle: Point
    /// Of length 1.
    var direction: Point
    /// The standard deviation of the direction's angle.
    var deviation: Double
    /// The root mean square of the distances from it.
    var scatter: Double
    var length: Double
  }

  /// The line of least squares through points; nil for too few, or too short.
  static func line(through points: [Point]) -> Line? {
    guard points.count >= leastBoxes else { return nil }
    let count = Double(points.count)
    let middle = points.reduce(Point.zero, +) / count
    var moments = SymmetricMatrix2(xx: 0, xy: 0, yy: 0)
    for point in points {
      let d = point - middle
      moments = moments + SymmetricMatrix2(xx: d.x * d.x, xy: d.x * d.y, yy: d.y * d.y)
    }
    let (major, minor, angle) = moments.eigen
    let direction = Point(angle: angle)
    let along = points.map { ($0 - middle).dot(direction) }
    guard let first = along.min(), let last = along.max(), last - first >= leastLength, major > 0 else { return nil }
    let scatter = max(leastNoise, (max(0, minor) / (count - 2)).squareRoot())
    return Line(
      middle: middle, direction: direction, deviation: scatter / major.squareRoot(), scatter: scatter, length: last - first)
  }

  /// The straight pieces of a path: itself, or halves of it again and again.
  public var straightPieces: [TrafficPath] { pieces(depth: 3) }

  private func pieces(depth: Int) -> [TrafficPath] {
    guard let line = TrafficPath.line(through: boxes.map(\.center)) else { return [] }
    if line.scatter <= Self.straightness * line.length { return [self] }
    guard depth > 0 else { return [] }
    let half = boxes.count / 2
    return TrafficPath(boxes: Array(boxes[..<half])).pieces(depth: depth - 1)
      + TrafficPath(boxes: Array(boxes[half...])).pieces(depth: depth - 1)
  }
}
