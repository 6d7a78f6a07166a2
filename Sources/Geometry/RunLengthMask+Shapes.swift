extension RunLengthMask {
  /// The pixels whose middles lie in any of some polygons, each by the even-odd rule; what lies outside the size is cut off, a polygon of fewer than
  /// three corners holds nothing. nil where the size is not one, or a corner is no number.
  ///
  /// - Parameter polygons: Corners in pixels, the pixel in column c and row r reaching from (c, r) to (c + 1, r + 1).
  public init?(width: Int, height: Int, polygons: [[Point]]) {
    guard polygons.allSatisfy({ $0.allSatisfy { $0.x.isFinite && $0.y.isFinite } }) else { return nil }
    let solid = polygons.filter { $0.count > 2 }
    let edges = solid.map { corners in
      corners.indices.map { (from: corners[$0], to: corners[($0 + 1) % corners.count]) }
    }
    let corners = solid.joined()
    let (left, right) = (corners.map(\.x).min() ?? 0, corners.map(\.x).max() ?? 0)
    let first = Int(bounded: left.rounded(.down), in: 0...max(0, width))
    let last = Int(bounded: right.rounded(.up), in: first...max(first, width))
    self.init(width: width, height: height, columns: first..<last, rows: 0..<max(0, height)) { x, mark in
      var spans: [(Int, Int)] = []
      for polygon in edges { spans += RunLengthMask.spans(polygon, at: Double(x) + 0.5, height: height) }
      // Polygons may overlap: what is told is the union.
      var end = 0
      for (top, bottom) in spans.sorted(by: { $0.0 < $1.0 }) where bottom > end {
        if top > end { mark(false, end) }
        mark(true, max(top, end))
        end = bottom
      }
      if end < height { mark(false, end) }
    }
  }

  /// The rows of a column whose middles lie in a polygon, as first ones and those behind the last.
  private static func spans(_ edges: [(from: Point, to: Point)], at x: Double, height: Int) -> [(Int, Int)] {
    let crossings = edges.compactMap { edge -> Double? in
      guard (edge.from.x <= x) != (edge.to.x <= x) else { return nil }
      return edge.from.y + (edge.to.y - edge.from.y) * ((x - edge.from.x) / (edge.to.x - edge.from.x))
    }.sorted()
    return stride(from: 0, to: crossings.count - 1, by: 2).compactMap { place in
      let top = Int(bounded: (crossings[place] - 0.5).rounded(.up), in: 0...height)
      let bottom = Int(bounded: (crossings[place + 1] - 0.5).rounded(.up), in: 0...height)
      return top < bottom ? (top, bottom) : nil
    }
  }

  /// Intersection over union; 0 for masks of different sizes, and for those that share nothing.
  public func iou(with other: RunLengthMask) -> Double {
    guard width == other.width, height == other.height else { return 0 }
    var (shared, i, j) = (0, 0, 0)
    var (first, second) = (0, 0)
    // Both lists of runs add up to the size.
    while i < counts.count, j < other.counts.count {
      let (firstEnd, secondEnd) = (first + Int(counts[i]), second + Int(other.counts[j]))
      if i % 2 == 1, j % 2 == 1 { shared += max(0, min(firstEnd, secondEnd) - max(first, second)) }
      if firstEnd <= secondEnd { (first, i) = (firstEnd, i + 1) }
      if secondEnd <= firstEnd { (second, j) = (secondEnd, j + 1) }
    }
    return shared > 0 ? Double(shared) / Double(area + other.area - shared) : 0
  }

  /// The rectangle of the least area around all pixels; of equal ones that with the least angle in magnitude. nil without pixels.
  ///
  /// Turned with the mask it is the same rectangle. One of its sides lies along an edge of the convex hull (Freeman and Shapira 1975).
  public var smallestBox: OrientedBox? {
    let hull = convexHull
    guard hull.count > 2 else { return nil }
    var best: OrientedBox?
    for place in hull.indices {
      let edge = hull[(place + 1) % hull.count] - hull[place]
      let axis = edge * (1 / edge.length)
      let along = hull.map { axis.dot($0) }, across = hull.map { axis.cross($0) }
      guard let low = along.min(), let high = along.max(), let top = across.min(), let bottom = across.max() else { continue }
      let (u, v) = ((low + high) / 2, (top + bottom) / 2)
      let box = OrientedBox(
        center: Point(u * axis.x - v * axis.y, u * axis.y + v * axis.x), width: high - low, height: bottom - top, angle: axis.angle
      ).canonical
      guard let known = best else {
        best = box
        continue
      }
      // Areas of one rectangle by its two pairs of edges differ by rounding.
      let isEqual = abs(box.area - known.area) <= 1e-9 * known.area
      if isEqual ? abs(box.angle) < abs(known.angle) - 1e-9 : box.area < known.area { best = box }
    }
    return best
  }

  /// The corners of the convex hull of all pixels' corners (Andrew 1979, by columns).
  private var convexHull: [Point] {
    var ends: [Int: (top: Int, bottom: Int)] = [:]
    forEachRun { place, count in
      let last = place + count - 1
      for column in place / height...last / height {
        let top = max(place, column * height) - column * height
        let bottom = min(last, column * height + height - 1) - column * height + 1
        let known = ends[column] ?? (top, bottom)
        ends[column] = (min(known.top, top), max(known.bottom, bottom))
      }
    }
    let corners = ends.sorted { $0.key < $1.key }.flatMap { column, end in
      [column, column + 1].flatMap { x in [Point(Double(x), Double(end.top)), Point(Double(x), Double(end.bottom))] }
    }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func chain(_ points: some Sequence<Point>) -> [Point] {
      var kept: [Point] = []
      for point in points {
        while kept.count > 1, (kept[kept.count - 1] - kept[kept.count - 2]).cross(point - kept[kept.count - 1]) <= 0 {
          kept.removeLast()
        }
        kept.append(point)
      }
      return kept
    }
    guard corners.count > 2 else { return corners }
    return chain(corners).dropLast() + chain(corners.reversed()).dropLast()
  }
}
