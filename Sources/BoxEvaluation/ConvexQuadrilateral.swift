import Geometry

/// Four corners of a convex outline that is no rectangle, as annotators of oriented boxes draw them.
public struct ConvexQuadrilateral: Sendable, Hashable {
  /// Clockwise on the screen.
  public let corners: [Point]
  /// Square pixels.
  public let area: Double

  /// nil for corners that cross themselves, turn inwards or enclose nothing; either sense of rotation is taken.
  public init?(_ first: Point, _ second: Point, _ third: Point, _ fourth: Point) {
    let given = [first, second, third, fourth]
    let turns = given.indices.map { index in
      (given[(index + 1) % 4] - given[index]).cross(given[(index + 2) % 4] - given[(index + 1) % 4])
    }
    guard given.allSatisfy(\.isFinite), turns.allSatisfy({ $0 >= 0 }) || turns.allSatisfy({ $0 <= 0 }) else { return nil }
    // Relative to a corner: far from the origin the shoelace formula would lose digits.
    let signed = ConvexPolygon.area(given.map { $0 - first })
    guard abs(signed) > .ulpOfOne else { return nil }
    corners = signed > 0 ? given : given.reversed()
    area = abs(signed)
  }

  /// The rectangle of the mean opposite sides.
  public var orientedBox: OrientedBox { OrientedBox(corners: (corners[0], corners[1], corners[2], corners[3])) }
}
