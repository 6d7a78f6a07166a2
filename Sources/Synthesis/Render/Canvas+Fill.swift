import Geometry

/// How a polygon is painted.
struct Paint {
  var color: Canvas.Pixel
  /// The planes of the faces that bound it: the least inverse depth of them is where a ray enters a convex solid.
  var planes: [DepthPlane]
  /// The id that is written where the pixel's centre is inside, with the depth; nil for a face of a solid that is there already.
  var id: UInt16?
  /// The share of light that the shadow of high things takes from it.
  var shadow: Float = 0
}

extension Canvas {
  /// Paints a convex polygon where it is nearer than what is there.
  ///
  /// A pixel at the edge takes the share of the colour that the polygon covers.
  mutating func fill(_ corners: [Point], with paint: Paint) {
    let spans = PolygonSpans(corners, height: height)
    let width = width
    // All indices are row · width + column with row < height and column < width, by the ranges that `PolygonSpans` and `columns` give.
    colors.withUnsafeMutableBufferPointer { colors in
      ids.withUnsafeMutableBufferPointer { ids in
        inverseDepths.withUnsafeMutableBufferPointer { depths in
          highShades.withUnsafeBufferPointer { shades in
            for row in spans.rows {
              let (left, right) = spans.lines(ofRow: row)
              let middle = paint.id == nil ? nil : spans.span(at: Double(row) + 0.5)
              let y = Float(row) + 0.5
              for column in columns(left: left, right: right, width: width) {
                let x = Float(column)
                let share = coverage(x, left: left, right: right)
                guard share > 0 else { continue }
                let i = row * width + column
                let depth = Canvas.depth(paint.planes, x + 0.5, y)
                // A tolerance of 1e-5 lets a face match the depth that its own solid has written.
                guard depth >= depths[i] * 0.99999 else { continue }
                let light = 1 - paint.shadow * shades[i]
                colors[i] += (paint.color * light - colors[i]) * share
                if let id = paint.id, let middle, middle.left <= Double(x) + 0.5, Double(x) + 0.5 < middle.right {
                  ids[i] = id
                  depths[i] = depth
                }
              }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func depth(_ planes: [DepthPlane], _ x: Float, _ y: Float) -> Float {
    var least = Float.infinity
    for plane in planes { least = min(least, plane.x * x + plane.y * y + plane.z) }
    return least
  }

  /// Marks a convex polygon of the ground as in shadow.
  mutating func shade(_ corners: [Point], isHigh: Bool, strength: Float = 1) {
    let spans = PolygonSpans(corners, height: height)
    for row in spans.rows {
      let (left, right) = spans.lines(ofRow: row)
      for column in columns(left: left, right: right, width: width) {
        let share = strength * coverage(Float(column), left: left, right: right)
        let i = row * width + column
        shades[i] = max(shades[i], share)
        if isHigh { highShades[i] = max(highShades[i], share) }
      }
    }
  }
}

extension ConvexPolygon {
  /// The corners of the convex hull, clockwise on the screen (Andrew's monotone chain, 1979).
  static func hull(_ points: [Point]) -> [Point] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    guard sorted.count > 2 else { return sorted }
    func chain(_ points: some Sequence<Point>) -> [Point] {
      var kept: [Point] = []
      for p in points {
        while kept.count > 1, (kept[kept.count - 1] - kept[kept.count - 2]).cross(p - kept[kept.count - 1]) <= 0 {
          kept.removeLast()
        }
        kept.append(p)
      }
      kept.removeLast()
      return kept
    }
    return chain(sorted) + chain(sorted.reversed())
  }
}
