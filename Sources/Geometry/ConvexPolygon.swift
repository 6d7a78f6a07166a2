/// Area and intersection of convex polygons whose corners run clockwise on the screen (positive shoelace area).
public enum ConvexPolygon {
  /// The signed area by the shoelace formula; positive for corners in clockwise order on the screen.
  public static func area(_ corners: [Point]) -> Double {
    guard corners.count > 2 else { return 0 }
    var twice = 0.0
    var last = corners[corners.count - 1]
    for corner in corners {
      twice += last.cross(corner)
      last = corner
    }
    return twice / 2
  }

  /// The part of a convex polygon inside another, by clipping at each of its edges (Sutherland and Hodgman, 1974).
  ///
  /// Corners on an edge count as inside, so equal polygons intersect in themselves; no tolerance is added. A window of fewer than three
  /// corners has no inside, so nothing is in it.
  public static func intersection(_ subject: [Point], _ window: [Point]) -> [Point] {
    guard window.count > 2 else { return [] }
    var polygon = subject
    var start = window[window.count - 1]
    for end in window where !polygon.isEmpty {
      polygon = clip(polygon, from: start, to: end)
      start = end
    }
    return polygon
  }

  /// The area that two convex polygons share, at least 0; 0 where either has fewer than three corners.
  public static func intersectionArea(_ a: [Point], _ b: [Point]) -> Double {
    guard a.count > 2, b.count > 2 else { return 0 }
    return max(0, area(intersection(a, b)))
  }

  private static func clip(_ polygon: [Point], from start: Point, to end: Point) -> [Point] {
    let edge = end - start
    var kept: [Point] = []
    kept.reserveCapacity(polygon.count + 1)
    var last = polygon[polygon.count - 1]
    var lastSide = edge.cross(last - start)
    for corner in polygon {
      let side = edge.cross(corner - start)
      // Only a strict change of side makes a new corner; a corner on the edge is kept as it is.
      if (side > 0 && lastSide < 0) || (side < 0 && lastSide > 0) {
        kept.append(last + (corner - last) * (lastSide / (lastSide - side)))
      }
      if side >= 0 { kept.append(corner) }
      last = corner
      lastSide = side
    }
    return kept
  }
}
