import Geometry
import Records

/// How boxes in space show in the picture, learnt from detections that tell both.
///
/// Of a rectified camera a corner (X, Y, Z) of a box shows at u = f X/Z + c + t/Z, v = g Y/Z + d + s/Z, where t and s are what a camera beside
/// the origin has (the fourth column of KITTI's projection matrices). The left side of the box in the picture is that of the corner with the
/// least X/Z, and so for the other sides; so each pair of boxes gives two equations for (f, c, t) and two for (g, d, s), which are linear.
struct PictureProjection: Sendable {
  private let across: Line
  private let down: Line
  /// What boxes are cut to: as far as detections reach.
  private let picture: AxisBox

  /// One coordinate of the picture by one of space.
  private struct Line: Sendable {
    var slope, offset, shift: Double

    func callAsFunction(_ ratio: Double, depth: Double) -> Double { slope * ratio + offset + shift / depth }
  }

  /// A side of a box in the picture with the corner that it shows.
  private struct Pair {
    var ratio, depth, pixel: Double
  }

  /// Metres; what is nearer to the camera's plane is taken to be at this distance.
  private static let leastDepth = 0.1
  /// Fewer sides say too little of three numbers.
  private static let fewestPairs = 20
  /// Pixels; a side as near to the outermost one of all may be cut by the picture's edge.
  private static let edge = 2.0

  /// - Returns: Nil where the table has too few pairs of boxes, or they are of no such camera.
  init?(_ table: BoxTable) {
    var (left, right, top, bottom): ([Pair], [Pair], [Pair], [Pair]) = ([], [], [], [])
    for row in 0..<table.spatialBoxes.count where table.spatialBoxes[row].isKnown {
      let corners = table.spatialBoxes[row].corners
      guard corners.allSatisfy({ $0.z > PictureProjection.leastDepth }) else { continue }
      let hull = table.axisBoxes[row]
      let across = corners.map { Pair(ratio: $0.x / $0.z, depth: $0.z, pixel: 0) }
      let down = corners.map { Pair(ratio: $0.y / $0.z, depth: $0.z, pixel: 0) }
      left.append(PictureProjection.least(across, hull.left))
      right.append(PictureProjection.most(across, hull.right))
      top.append(PictureProjection.least(down, hull.top))
      bottom.append(PictureProjection.most(down, hull.bottom))
    }
    let corner = (left.map(\.pixel).min() ?? 0, top.map(\.pixel).min() ?? 0)
    picture = AxisBox(
      left: corner.0, top: corner.1, width: (right.map(\.pixel).max() ?? 0) - corner.0,
      height: (bottom.map(\.pixel).max() ?? 0) - corner.1)
    let limits = (picture.left + Self.edge, picture.right - Self.edge, picture.top + Self.edge, picture.bottom - Self.edge)
    guard
      let across = PictureProjection.fit(left.filter { $0.pixel > limits.0 } + right.filter { $0.pixel < limits.1 }),
      let down = PictureProjection.fit(top.filter { $0.pixel > limits.2 } + bottom.filter { $0.pixel < limits.3 })
    else { return nil }
    (self.across, self.down) = (across, down)
  }

  /// The box in the picture that a box in space shows as, cut to the picture; nil where nothing of it is ahead of the camera or inside.
  func box(of spatial: SpatialBox) -> AxisBox? {
    let corners = spatial.corners
    guard corners.contains(where: { $0.z > PictureProjection.leastDepth }) else { return nil }
    let hull = AxisBox(
      around: corners.map { corner in
        let depth = max(corner.z, PictureProjection.leastDepth)
        return Point(across(corner.x / depth, depth: depth), down(corner.y / depth, depth: depth))
      })
    let (left, right) = (max(hull.left, picture.left), min(hull.right, picture.right))
    let (top, bottom) = (max(hull.top, picture.top), min(hull.bottom, picture.bottom))
    guard right - left >= 1, bottom - top >= 1 else { return nil }
    return AxisBox(left: left, top: top, width: right - left, height: bottom - top)
  }

  // MARK: - Fitting

  private static func least(_ pairs: [Pair], _ pixel: Double) -> Pair {
    var pair = pairs.min { $0.ratio < $1.ratio } ?? Pair(ratio: 0, depth: 1, pixel: 0)
    pair.pixel = pixel
    return pair
  }

  private static func most(_ pairs: [Pair], _ pixel: Double) -> Pair {
    var pair = pairs.max { $0.ratio < $1.ratio } ?? Pair(ratio: 0, depth: 1, pixel: 0)
    pair.pixel = pixel
    return pair
  }

  /// Least squares twice: the second time without what lies far from the first one's line.
  private static func fit(_ pairs: [Pair]) -> Line? {
    guard let first = solve(pairs) else { return nil }
    let errors = pairs.map { abs($0.pixel - first($0.ratio, depth: $0.depth)) }
    let limit = farthestErrors * errors.sorted()[errors.count / 2]
    guard let line = solve(zip(pairs, errors).filter { $0.1 <= limit }.map(\.0)), line.slope > 0 else { return nil }
    return line
  }

  /// Medians of the errors.
  private static let farthestErrors = 4.0

  private static func solve(_ pairs: [Pair]) -> Line? {
    guard pairs.count >= fewestPairs else { return nil }
    var matrix = [Double](repeating: 0, count: 9)
    var right = [Double](repeating: 0, count: 3)
    for pair in pairs {
      let row = [pair.ratio, 1, 1 / pair.depth]
      for i in 0..<3 {
        right[i] += row[i] * pair.pixel
        for j in 0..<3 { matrix[3 * i + j] += row[i] * row[j] }
      }
    }
    guard let factor = CholeskyFactor(matrix, size: 3, leastPivot: { leastPivot * $0 }) else { return nil }
    let x = factor.solve(right)
    return Line(slope: x[0], offset: x[1], shift: x[2])
  }

  /// The part of a diagonal element that its pivot keeps at least: below it boxes of one depth and place would tell nothing.
  private static let leastPivot = 1e-9
}
