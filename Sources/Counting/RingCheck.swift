import Geometry

/// Whether a ring bounds an area.
enum RingCheck {
  /// What is wrong with a ring; nil for a sound one.
  ///
  /// Sides are compared pair by pair: a ring has at most `CountedArea.maximumCorners` corners.
  static func problem(_ ring: [Point]) -> String? {
    guard ring.allSatisfy(\.isFinite) else { return "its numbers are not finite" }
    guard ring.count <= CountedArea.maximumCorners else {
      return "a ring has more than \(CountedArea.maximumCorners) corners; draw it with fewer"
    }
    guard let place = crossing(of: ring) else {
      return ring.count >= 3 && ConvexPolygon.area(ring) != 0 ? nil : "a ring of the polygon has no area"
    }
    let (x, y) = ((place.x * 10).rounded() / 10, (place.y * 10).rounded() / 10)
    return "a ring of the polygon crosses itself near (\(x), \(y)); draw it anew"
  }

  /// The point at which two sides cross that are not neighbours.
  private static func crossing(of ring: [Point]) -> Point? {
    let count = ring.count
    for first in 0..<count {
      let (a, b) = (ring[first], ring[(first + 1) % count])
      for second in first + 1..<count where second != first + 1 && (second + 1) % count != first {
        let (c, d) = (ring[second], ring[(second + 1) % count])
        if separates(a, b, c, d), separates(c, d, a, b) { return a + (b - a) * ((c - a).cross(d - c) / (b - a).cross(d - c)) }
      }
    }
    return nil
  }

  /// Whether c and d lie strictly on different sides of the line through a and b.
  private static func separates(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> Bool {
    let (first, second) = ((b - a).cross(c - a), (b - a).cross(d - a))
    return (first > 0 && second < 0) || (first < 0 && second > 0)
  }
}
