import Foundation
import Geometry

/// A convex block between two horizontal outlines, in its owner's coordinates: x forward, y right, z up, metres.
struct Prism: Sendable {
  /// Corners in clockwise order seen from above; the upper outline has a corner for each of the lower one.
  var lower: [SIMD2<Double>]
  var upper: [SIMD2<Double>]
  var bottom: Double
  var top: Double
  var side: SurfaceColor
  var roof: SurfaceColor
  /// The colour of the sides that look forward, such as a windscreen; nil for that of the others.
  var front: SurfaceColor?

  init(
    _ lower: [SIMD2<Double>], upper: [SIMD2<Double>]? = nil, from bottom: Double, to top: Double, side: SurfaceColor,
    roof: SurfaceColor? = nil, front: SurfaceColor? = nil
  ) {
    self.lower = lower
    self.upper = upper ?? lower
    self.bottom = bottom
    self.top = top
    self.side = side
    self.roof = roof ?? side
    self.front = front
  }
}

/// A flat patch on a solid, such as a lamp: corners in space in its owner's coordinates.
struct Patch: Sendable {
  var corners: [Vector3]
  var color: SurfaceColor

  /// A level rectangle, `x` and `y` its ranges.
  init(level elevation: Double, x: ClosedRange<Double>, y: ClosedRange<Double>, _ color: SurfaceColor) {
    corners = [
      Vector3(x.lowerBound, y.lowerBound, elevation), Vector3(x.upperBound, y.lowerBound, elevation),
      Vector3(x.upperBound, y.upperBound, elevation), Vector3(x.lowerBound, y.upperBound, elevation),
    ]
    self.color = color
  }
}

/// What an object is made of: blocks from the ground up, and patches on them.
struct Solid: Sendable {
  var prisms: [Prism]
  var patches: [Patch] = []
}

/// Outlines for prisms.
enum Outline {
  static func rectangle(x: ClosedRange<Double>, width: Double) -> [SIMD2<Double>] {
    let h = width / 2
    return [
      SIMD2(x.lowerBound, -h), SIMD2(x.upperBound, -h), SIMD2(x.upperBound, h), SIMD2(x.lowerBound, h),
    ]
  }

  /// A rectangle with its corners cut, `cut` metres along both sides.
  static func rounded(x: ClosedRange<Double>, width: Double, cut: Double) -> [SIMD2<Double>] {
    let (a, b, h) = (x.lowerBound, x.upperBound, width / 2)
    return [
      SIMD2(a + cut, -h), SIMD2(b - cut, -h), SIMD2(b, -h + cut), SIMD2(b, h - cut), SIMD2(b - cut, h),
      SIMD2(a + cut, h), SIMD2(a, h - cut), SIMD2(a, -h + cut),
    ]
  }

  static func ellipse(center: SIMD2<Double> = .zero, length: Double, width: Double, corners: Int = 8) -> [SIMD2<Double>] {
    (0..<corners).map { i in
      let angle = 2 * .pi * (Double(i) + 0.5) / Double(corners)
      return center + SIMD2(cos(angle) * length / 2, sin(angle) * width / 2)
    }
  }
}
