import Geometry

/// Polygons of rings with the upright rectangle around them.
struct Zone {
  let polygons: [[[Point]]]
  private let low: Point
  private let high: Point

  init(_ polygons: [[[Point]]]) {
    self.polygons = polygons
    let points = polygons.joined().joined()
    low = points.reduce(Point(.infinity, .infinity)) { Point(min($0.x, $1.x), min($0.y, $1.y)) }
    high = points.reduce(Point(-.infinity, -.infinity)) { Point(max($0.x, $1.x), max($0.y, $1.y)) }
  }

  /// False only where the step lies wholly on one outer side of the rectangle.
  func mayMeet(_ step: Step) -> Bool {
    max(step.from.x, step.to.x) >= low.x && min(step.from.x, step.to.x) <= high.x
      && max(step.from.y, step.to.y) >= low.y && min(step.from.y, step.to.y) <= high.y
  }

  func forEachSide(_ body: (Point, Point) -> Void) { for rings in polygons { Zone.forEachSide(of: rings, body) } }

  private static func forEachSide(of rings: [[Point]], _ body: (Point, Point) -> Void) {
    for ring in rings {
      guard var start = ring.last else { continue }
      for end in ring {
        body(start, end)
        start = end
      }
    }
  }

  /// Whether a point lies in one of the polygons, which may overlap.
  func contains(_ point: Point) -> Bool { polygons.contains { Zone.contains(point, in: $0) } }

  /// Whether a point lies within an odd number of rings: the sides that a ray to the right meets are counted, each with its upper end and
  /// without its lower one, so that zones which share a side share no point.
  private static func contains(_ point: Point, in rings: [[Point]]) -> Bool {
    var isInside = false
    forEachSide(of: rings) { start, end in
      guard (start.y > point.y) != (end.y > point.y) else { return }
      let x = start.x + (point.y - start.y) / (end.y - start.y) * (end.x - start.x)
      if point.x < x { isInside.toggle() }
    }
    return isInside
  }
}
