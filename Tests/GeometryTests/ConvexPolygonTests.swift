import Foundation
import Testing

@testable import Geometry

/// A second way to the intersection of two convex polygons: the corners of each inside the other and the crossings of their edges, in order
/// around their middle.
enum NaiveIntersection {
  static func area(_ a: [Point], _ b: [Point]) -> Double {
    var corners = a.filter { isInside($0, b) } + b.filter { isInside($0, a) }
    for (p, q) in edges(a) {
      for (r, s) in edges(b) {
        if let crossing = crossing(p, q, r, s) { corners.append(crossing) }
      }
    }
    guard corners.count > 2 else { return 0 }
    let middle = corners.reduce(.zero, +) / Double(corners.count)
    corners.sort { ($0 - middle).angle < ($1 - middle).angle }
    return abs(edges(corners).reduce(0) { $0 + ($1.0 - middle).cross($1.1 - middle) }) / 2
  }

  private static func edges(_ polygon: [Point]) -> [(Point, Point)] {
    polygon.indices.map { (polygon[$0], polygon[($0 + 1) % polygon.count]) }
  }

  private static func isInside(_ point: Point, _ polygon: [Point]) -> Bool {
    edges(polygon).allSatisfy { ($0.1 - $0.0).cross(point - $0.0) >= 0 }
  }

  /// Where two segments cross, by Cramer's rule.
  private static func crossing(_ p: Point, _ q: Point, _ r: Point, _ s: Point) -> Point? {
    let (d, e) = (q - p, s - r)
    let determinant = d.cross(e)
    guard determinant != 0 else { return nil }
    let (t, u) = ((r - p).cross(e) / determinant, (r - p).cross(d) / determinant)
    return (0...1).contains(t) && (0...1).contains(u) ? p + d * t : nil
  }
}

@Suite struct ConvexPolygonTests {
  private let square = [Point(0, 0), Point(2, 0), Point(2, 2), Point(0, 2)]

  @Test func theAreaIsPositiveClockwiseOnTheScreen() {
    #expect(ConvexPolygon.area(square) == 4)
    #expect(ConvexPolygon.area(square.reversed()) == -4)
    #expect(ConvexPolygon.area([Point(0, 0), Point(3, 0), Point(0, 4)]) == 6)
    #expect(ConvexPolygon.area([]) == 0)
    #expect(ConvexPolygon.area([Point(1, 1), Point(5, 5)]) == 0)
  }

  @Test func aRegularPolygonHasTheAreaOfItsFormula() {
    for count in 3...12 {
      let corners = (0..<count).map { Point(angle: 2 * .pi * Double($0) / Double(count)) * 3 }
      #expect(ConvexPolygon.area(corners).isNear(4.5 * Double(count) * sin(2 * .pi / Double(count))))
    }
  }

  @Test func aSquareTurnedByAnEighthLeavesTheRegularOctagon() {
    let turned = OrientedBox(center: Point(1, 1), width: 2, height: 2, angle: .pi / 4).corners
    #expect(ConvexPolygon.intersection(square, turned).count == 8)
    // Eight triangles of height 1 over half a side of tan(π/8) = √2 − 1.
    #expect(ConvexPolygon.intersectionArea(square, turned).isNear(8 * (2.0.squareRoot() - 1)))
  }

  @Test func aCornerOfATriangleIsCutOff() {
    // The triangle x + y ≤ 3 leaves of the square all but its corner x + y > 3, half a unit.
    let triangle = [Point(0, 0), Point(3, 0), Point(0, 3)]
    #expect(ConvexPolygon.intersectionArea(square, triangle).isNear(3.5))
    #expect(ConvexPolygon.intersectionArea(triangle, square).isNear(3.5))
  }

  @Test func whatOnlyTouchesSharesNothing() {
    let beside = square.map { $0 + Point(2, 0) }
    let atTheCorner = square.map { $0 + Point(2, 2) }
    #expect(ConvexPolygon.intersectionArea(square, beside) == 0)
    #expect(ConvexPolygon.intersectionArea(square, atTheCorner) == 0)
    #expect(ConvexPolygon.intersection(square, square.map { $0 + Point(9, 0) }).isEmpty)
  }

  @Test func aPolygonMeetsItselfInItself() {
    #expect(ConvexPolygon.intersection(square, square) == square)
  }

  @Test func whatHasNoInsideMeetsNothing() {
    for degenerate in [[], [Point(1, 1)], [Point(0, 0), Point(2, 2)]] {
      #expect(ConvexPolygon.intersection(square, degenerate).isEmpty)
      #expect(ConvexPolygon.intersectionArea(square, degenerate) == 0)
      #expect(ConvexPolygon.intersectionArea(degenerate, square) == 0)
    }
  }

  @Test func clippingAgreesWithCornersAndCrossings() {
    var noise = Noise()
    for _ in 0..<2000 {
      let (a, b) = (noise.box(), noise.box())
      let shared = ConvexPolygon.intersectionArea(a.corners, b.corners)
      #expect(shared.isWithin(1e-9, of: NaiveIntersection.area(a.corners, b.corners)))
      #expect(shared.isWithin(1e-9, of: ConvexPolygon.intersectionArea(b.corners, a.corners)))
      #expect(shared <= min(a.area, b.area) + 1e-9)
    }
  }
}
