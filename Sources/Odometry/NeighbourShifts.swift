import Geometry

/// How far points have gone whose neighbours are asked for.
struct NeighbourShifts {
  private let shifts: [(from: Point, to: Point)]

  /// Fewer tell nothing of the whole picture.
  private static let least = 30
  /// So many are kept: the nearest one is looked for among all of them.
  private static let most = 120

  /// - Parameter all: Where points were, and where they are.
  init(_ all: [(from: Point, to: Point)]) {
    let step = max(1, all.count / Self.most)
    shifts = all.count < Self.least ? [] : stride(from: 0, to: all.count, by: step).map { all[$0] }
  }

  /// Where a point should be that goes as far as its nearest neighbour.
  func foresight(_ point: Point) -> PointFollower.Foresight {
    let nearest = shifts.min { ($0.from - point).squaredLength < ($1.from - point).squaredLength }
    return nearest.map { .near(point + ($0.to - $0.from)) } ?? .unknown
  }
}
