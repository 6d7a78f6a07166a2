import Geometry
import Imaging

/// Follows corners from frame to frame and from the left picture to the right one (pyramidal Lucas–Kanade, forwards and back).
final class PointFollower {
  /// The side of the window in pixels and the halvings: a point may go 100 pixels and more.
  private static let flow = settings(levels: 4)
  /// Where a point is foreseen it lies within some twenty pixels of it.
  private static let nearFlow = settings(levels: 1)
  /// The way back begins where it should end, so that the finest picture tells whether it stays there.
  private static let returnFlow = settings(levels: 0)
  /// Forwards and back must end so near to the start, in pixels (the README of KITTI's excerpt names this recipe).
  private static let returnDistance = 0.5
  /// The least strength of a corner as a share of the strongest one's, and the distance of two, in pixels.
  private static let quality = 0.005
  /// New corners are at least this far from each other and from points that are followed, in pixels.
  static let spacing = 12.0
  /// The most points that are followed.
  static let mostPoints = 800

  private var before: ImagePyramid
  private var now: ImagePyramid
  private let right: ImagePyramid

  init() throws {
    func pyramid() throws -> ImagePyramid { try ImagePyramid(levels: Self.flow.levels, maximumWindow: Self.flow.window) }
    (before, now, right) = (try pyramid(), try pyramid(), try pyramid())
  }

  /// Takes the next frame.
  func load(left: Image, right image: Image?) throws {
    swap(&before, &now)
    try now.fill(left)
    if let image { try right.fill(image) }
  }

  private static func settings(levels: Int) -> OpticalFlow.Settings {
    OpticalFlow.Settings(window: 21, levels: levels, iterations: 30, epsilon: 0.01)
  }

  /// Where points of the frame before are now.
  ///
  /// - Parameter foreseen: Where each should be by what is known of it; nil: anywhere around its place.
  func advance(_ points: [Point], foreseen: [Point?]) throws -> [Point?] { try follow(points, foreseen, before, now) }

  /// Where points of the left picture are in the right one.
  ///
  /// - Parameter foreseen: As of `advance`.
  func across(_ points: [Point], foreseen: [Point?]) throws -> [Point?] { try follow(points, foreseen, now, right) }

  /// Looks near where points are foreseen, then around their places for those that are not, or are not there.
  private func follow(_ points: [Point], _ foreseen: [Point?], _ from: ImagePyramid, _ to: ImagePyramid) throws -> [Point?] {
    var found = [Point?](repeating: nil, count: points.count)
    func look(_ places: [Int], _ guesses: [Point], _ settings: OpticalFlow.Settings) throws {
      let ends = try follow(places.map { points[$0] }, guesses, from, to, settings)
      for (place, end) in zip(places, ends) { found[place] = end }
    }
    let near = points.indices.filter { foreseen[$0] != nil }
    try look(near, near.compactMap { foreseen[$0] }, Self.nearFlow)
    let rest = points.indices.filter { found[$0] == nil }
    try look(rest, rest.map { points[$0] }, Self.flow)
    return found
  }

  private func follow(
    _ points: [Point], _ guesses: [Point], _ from: ImagePyramid, _ to: ImagePyramid, _ settings: OpticalFlow.Settings
  ) throws -> [Point?] {
    guard !points.isEmpty else { return [] }
    let there = try OpticalFlow.track(points, guesses: guesses, from: from, to: to, settings: settings)
    let targets = zip(there, points).map { $0 ?? $1 }
    let back = try OpticalFlow.track(targets, guesses: points, from: to, to: from, settings: Self.returnFlow)
    return points.indices.map { index in
      guard let target = there[index], let home = back[index], (home - points[index]).length <= Self.returnDistance else {
        return nil
      }
      return target
    }
  }

  /// Corners away from the points that are followed, the strongest first.
  func newCorners(_ image: Image, besides points: [Point]) throws -> [Point] {
    let room = Self.mostPoints - points.count
    guard room > 0 else { return [] }
    let taken = OccupiedPlaces(points, spacing: Self.spacing, width: image.width, height: image.height)
    let corners = try OpticalFlow.corners(
      of: image, maximumCount: 2 * Self.mostPoints, quality: Self.quality, spacing: Self.spacing)
    return Array(corners.lazy.filter { !taken.isNear($0) }.prefix(room))
  }
}

/// Which parts of a picture hold a point.
private struct OccupiedPlaces {
  private let spacing: Double
  private let columns: Int
  private let rows: Int
  private var cells: [[Point]]

  init(_ points: [Point], spacing: Double, width: Int, height: Int) {
    self.spacing = spacing
    columns = Int(bounded: Double(width) / spacing, in: 0...100_000) + 1
    rows = Int(bounded: Double(height) / spacing, in: 0...100_000) + 1
    cells = [[Point]](repeating: [], count: columns * rows)
    for point in points {
      let (column, row) = place(point)
      cells[row * columns + column].append(point)
    }
  }

  private func place(_ point: Point) -> (column: Int, row: Int) {
    (Int(bounded: point.x / spacing, in: 0...columns - 1), Int(bounded: point.y / spacing, in: 0...rows - 1))
  }

  func isNear(_ point: Point) -> Bool {
    let (column, row) = place(point)
    for y in max(0, row - 1)...min(rows - 1, row + 1) {
      for x in max(0, column - 1)...min(columns - 1, column + 1)
      where cells[y * columns + x].contains(where: { ($0 - point).length < spacing }) { return true }
    }
    return false
  }
}
