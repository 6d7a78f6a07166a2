import Geometry

/// A model of the motion with the pairs that agree with it.
struct RobustFit {
  var homography: Homography
  /// Positions in the list of pairs, rising.
  var inliers: [Int]
  /// Σ min(d², gate) over all pairs: smaller is better.
  var cost: Double

  /// How many cells of the picture hold pairs that agree.
  func coverage(of pairs: [Correspondence]) -> Int {
    RobustFit.coverage(of: inliers.lazy.map { pairs[$0].source })
  }

  /// Cells a side of the grid that coverage is counted on: as many as `Appearance` has.
  private static let cells = 8

  /// How many cells of an 8×8 grid over the scaled square [−1, 1]² hold points.
  static func coverage(of points: some Sequence<Point>) -> Int {
    var occupied: UInt64 = 0
    for point in points {
      occupied |= 1 << UInt64(cells * cell(point.y) + cell(point.x))
    }
    return occupied.nonzeroBitCount
  }
  /// The cell of a coordinate; the outermost ones reach to infinity, the first one to NaN.
  private static func cell(_ coordinate: Double) -> Int {
    // Bounded: by the first and the last cell.
    Int(min(Double(cells - 1), max(0, (coordinate + 1) * Double(cells) / 2)))
  }
}
