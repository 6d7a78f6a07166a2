import Geometry

/// The four corners of an oriented box in a file's order.
@frozen
public struct BoxCorners: Sendable, Hashable {
  /// The file's first corner, in its own coordinates.
  public var first: Point
  /// The file's second corner.
  public var second: Point
  /// The file's third corner.
  public var third: Point
  /// The file's fourth corner.
  public var fourth: Point

  /// Four corners in the file's order, whichever way it goes around.
  public init(_ first: Point, _ second: Point, _ third: Point, _ fourth: Point) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
  }

  /// The rectangle of the mean opposite sides; that of least area around corners in crossed order.
  public var orientedBox: OrientedBox {
    uncrossed == nil ? OrientedBox(corners: (first, second, third, fourth)) : leastRectangle
  }

  /// The same corners in an order around the box; nil where they are in one.
  ///
  /// Two sides that cross are the diagonals of the right order.
  var uncrossed: BoxCorners? {
    if BoxCorners.cross(first, second, third, fourth) { return BoxCorners(first, third, second, fourth) }
    if BoxCorners.cross(second, third, fourth, first) { return BoxCorners(first, second, fourth, third) }
    return nil
  }

  /// Whether corners in an order around the box enclose nothing: their area is half the cross product of the diagonals.
  var areOnOneLine: Bool {
    let (a, b) = (third - first, fourth - second)
    return abs(a.x * b.y - a.y * b.x) <= 1e-9
  }

  /// How far a corner may be from a rectangle's, in pixels: what rounding all four to three decimals, as `TrackTextWriter` does, makes of them.
  private static let cornerTolerance = 0.002

  /// Whether the corners are those of a rectangle, in any order around it.
  func areOfRectangle(_ box: OrientedBox) -> Bool {
    let own = [first, second, third, fourth]
    return box.corners.allSatisfy { corner in own.contains { ($0 - corner).length <= BoxCorners.cornerTolerance } }
  }

  /// Whether the inner parts of two lines cross.
  private static func cross(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> Bool {
    func side(_ p: Point, of from: Point, _ to: Point) -> Double {
      (to.x - from.x) * (p.y - from.y) - (to.y - from.y) * (p.x - from.x)
    }
    return side(c, of: a, b) * side(d, of: a, b) < 0 && side(a, of: c, d) * side(b, of: c, d) < 0
  }

  /// The rectangle of least area around the corners. One of its sides lies along a side of their hull (Freeman and Shapira, 1975,
  /// doi:10.1145/360881.360919), and of four points every such side joins two of them.
  private var leastRectangle: OrientedBox {
    let points = [first, second, third, fourth]
    var least: OrientedBox?
    for i in points.indices {
      for j in points.indices.dropFirst(i + 1) {
        let direction = points[j] - points[i]
        guard direction.length > 0 else { continue }
        let box = BoxCorners.rectangle(around: points, along: direction / direction.length)
        if least.map({ box.area < $0.area }) ?? true { least = box }
      }
    }
    return least ?? OrientedBox(center: first, width: 0, height: 0, angle: 0)
  }

  /// The rectangle around points with a side in a direction of length 1.
  private static func rectangle(around points: [Point], along u: Point) -> OrientedBox {
    let along = points.map { $0.x * u.x + $0.y * u.y }
    let across = points.map { $0.y * u.x - $0.x * u.y }
    let (a, b) = (along.min() ?? 0, along.max() ?? 0)
    let (c, d) = (across.min() ?? 0, across.max() ?? 0)
    let (p, q) = ((a + b) / 2, (c + d) / 2)
    return OrientedBox(center: Point(p * u.x - q * u.y, p * u.y + q * u.x), width: b - a, height: d - c, angle: u.angle)
  }
}

extension BoxTable {
  /// Appends the oriented box of four corners, and the corners where they are kept.
  mutating func append(_ corners: BoxCorners, keeps: Bool) {
    let around = corners.uncrossed
    if around != nil { crossedBoxes += 1 }
    if (around ?? corners).areOnOneLine { flatBoxes += 1 }
    orientedBoxes.append(corners.orientedBox)
    if keeps { self.corners.append(around ?? corners) }
  }

  /// Says how many boxes have their corners in crossed order, or on one line.
  mutating func warnAboutOddCorners() {
    if flatBoxes > 0 {
      warnings.append(
        flatBoxes == 1
          ? "1 box has its corners on one line, so that it has no area"
          : "\(flatBoxes) boxes have their corners on one line, so that they have no area")
    }
    guard crossedBoxes > 0 else { return }
    warnings.append(
      "\(crossedBoxes) box\(crossedBoxes == 1 ? " has its" : "es have their") corners in crossed order; taken as the rectangle of least area around them"
    )
  }
}
