import Geometry

/// The rows of a convex polygon in the picture, each as four lines' spans: the exact cover of a pixel along x, four samples along y.
struct PolygonSpans {
  private let corners: [Point]
  /// The rows that it touches, within the picture.
  let rows: Range<Int>

  /// - Parameter corners: Convex, in either order, finite.
  init(_ corners: [Point], height: Int) {
    self.corners = corners
    var top = Double.infinity
    var bottom = -Double.infinity
    for corner in corners {
      top = min(top, corner.y)
      bottom = max(bottom, corner.y)
    }
    // Compared before the conversion, which would trap for a corner far outside.
    guard corners.count > 2, top < Double(height), bottom > 0 else {
      rows = 0..<0
      return
    }
    let first = Int(bounded: top, in: 0...height)
    let last = Int(bounded: bottom.rounded(.up), in: 0...height)
    rows = first..<max(first, last)
  }

  /// The extent of a convex polygon along x on the line y; nil where it does not reach.
  static func span(of corners: [Point], at y: Double) -> (left: Double, right: Double)? {
    guard var a = corners.last else { return nil }
    var left = Double.infinity
    var right = -Double.infinity
    for b in corners {
      if (a.y <= y) != (b.y <= y) {
        let x = a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y))
        left = min(left, x)
        right = max(right, x)
      }
      a = b
    }
    return left < right ? (left, right) : nil
  }

  func span(at y: Double) -> (left: Double, right: Double)? { PolygonSpans.span(of: corners, at: y) }

  /// The spans of the four lines of a row, empty ones as (∞, −∞).
  func lines(ofRow row: Int) -> (left: SIMD4<Float>, right: SIMD4<Float>) {
    var left = SIMD4<Float>(repeating: .infinity)
    var right = SIMD4<Float>(repeating: -.infinity)
    for i in 0..<4 {
      guard let span = span(at: Double(row) + (Double(i) + 0.5) / 4) else { continue }
      left[i] = Float(span.left)
      right[i] = Float(span.right)
    }
    return (left, right)
  }
}

/// The columns that some line of a row touches, within the picture.
func columns(left: SIMD4<Float>, right: SIMD4<Float>, width: Int) -> Range<Int> {
  let low = left.min()
  let high = right.max()
  guard low < Float(width), high > 0 else { return 0..<0 }
  // Bounded: inside the picture by the guard.
  let first = Int(max(0, low))
  return first..<max(first, Int(min(Float(width), high).rounded(.up)))
}

/// The share of the pixel in column x that the four lines cover.
@inline(__always)
func coverage(_ x: Float, left: SIMD4<Float>, right: SIMD4<Float>) -> Float {
  let from = pointwiseMax(left, SIMD4(repeating: x))
  let to = pointwiseMin(right, SIMD4(repeating: x + 1))
  let length = pointwiseMax(to - from, SIMD4<Float>.zero)
  return length.sum() * 0.25
}
