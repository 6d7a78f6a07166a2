import Geometry

/// Convexity of small sets of points.
enum ConvexHull {
  /// The hull's corners, clockwise on the screen (Andrew's monotone chain, 1979).
  static func corners(of points: [Point]) -> [Point] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    guard sorted.count > 2 else { return sorted }
    return half(sorted) + half(sorted.reversed())
  }

  /// One of the two chains without its last point.
  private static func half(_ points: [Point]) -> [Point] {
    var chain: [Point] = []
    for point in points {
      while chain.count > 1, (chain[chain.count - 1] - chain[chain.count - 2]).cross(point - chain[chain.count - 1]) <= 0 {
        chain.removeLast()
      }
      chain.append(point)
    }
    chain.removeLast()
    return chain
  }

  /// Whether the corners, in their order, turn clockwise on the screen everywhere.
  static func isConvex(_ corners: [Point]) -> Bool {
    corners.indices.allSatisfy { index in
      let (a, b, c) = (corners[index], corners[(index + 1) % corners.count], corners[(index + 2) % corners.count])
      return (b - a).cross(c - b) > 0
    }
  }
}
