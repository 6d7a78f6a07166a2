import Geometry
import Imaging

/// Follows corners from frame to frame and from the left picture to the right one (pyramidal Lucas–Kanade, forwards and back).
final class PointFollower {
  /// The side of the window that is compared, in pixels.
  static let window = 21
  /// With these halvings a point may go 100 pixels and more.
  private static let flow = settings(levels: 4)
  /// Where a point is foreseen it lies within some twenty pixels of it.
  private static let nearFlow = settings(levels: 1)
  /// Where the camera's place is known as well, within a pixel or two.
  private static let closeFlow = settings(levels: 0)
  /// Within so many pixels of its foreseen place a point is no surprise.
  private static let surprise = 1.0
  /// Forwards and back must end so near to the start, in pixels (the README of KITTI's excerpt names this recipe).
  private static let returnDistance = 0.5
  /// The least strength of a corner as a share of the strongest one's, and the distance of two, in pixels.
  private static let quality = 0.005
  /// New corners are at least this far from each other and from points that are followed, in pixels.
  static let spacing = 12.0
  /// The most points that are followed.
  static let mostPoints = 800

  /// The picture in which points are known, and that in which they are looked for.
  private var before: ImagePyramid
  private var now: ImagePyramid
  private let right: ImagePyramid

  init() throws {
    func pyramid() throws -> ImagePyramid { try ImagePyramid(levels: Self.flow.levels, maximumWindow: Self.flow.window) }
    (before, now, right) = (try pyramid(), try pyramid(), try pyramid())
  }

  /// Takes the next frame.
  ///
  /// - Parameter fromLast: Whether points are followed from the frame loaded last; else from that from which they were before.
  func load(_ image: Image, fromLast: Bool = true) throws {
    if fromLast { swap(&before, &now) }
    try now.fill(image)
  }

  /// Takes the right picture of the frame loaded last.
  func loadRight(_ image: Image) throws { try right.fill(image) }

  private static func settings(levels: Int) -> OpticalFlow.Settings {
    OpticalFlow.Settings(window: window, levels: levels, iterations: 30, epsilon: 0.01)
  }

  /// What is known of where a point should be.
  enum Foresight: Equatable {
    /// Anywhere around its place.
    case unknown
    /// Within some twenty pixels of there: the camera goes on as before, or as near points do.
    case near(Point)
    /// Within few pixels of there: the point's place and the camera's are known.
    case close(Point)

    /// Where to begin looking.
    fileprivate func guess(_ point: Point) -> Point {
      switch self {
      case .unknown: point
      case .near(let place), .close(let place): place
      }
    }

    fileprivate var settings: OpticalFlow.Settings {
      switch self {
      case .unknown: PointFollower.flow
      case .near: PointFollower.nearFlow
      case .close: PointFollower.closeFlow
      }
    }
  }

  /// Where points of the frame from which they are followed are now.
  func advance(_ points: [Point], _ foresights: [Foresight]) throws -> [Point?] { try follow(points, foresights, before, now) }

  /// Where points of the left picture are in the right one.
  func across(_ points: [Point], _ foresights: [Foresight]) throws -> [Point?] { try follow(points, foresights, now, right) }

  private func follow(
    _ points: [Point], _ foresights: [Foresight], _ from: ImagePyramid, _ to: ImagePyramid
  ) throws -> [Point?] {
    var found = [Point?](repeating: nil, count: points.count)
    for settings in [Self.flow, Self.nearFlow, Self.closeFlow] {
      let places = points.indices.filter { foresights[$0].settings == settings }
      guard !places.isEmpty else { continue }
      let guesses = places.map { foresights[$0].guess(points[$0]) }
      let there = try OpticalFlow.track(places.map { points[$0] }, guesses: guesses, from: from, to: to, settings: settings)
      for (place, end) in zip(places, there) { found[place] = end }
    }
    try dropDoubtful(&found, points, foresights, from, to)
    return found
  }

  /// Leaves out what does not come back to its start. A point that is where its place and the camera's foresee it needs no proof.
  private func dropDoubtful(
    _ found: inout [Point?], _ points: [Point], _ foresights: [Foresight], _ from: ImagePyramid, _ to: ImagePyramid
  ) throws {
    let doubtful = points.indices.filter { index in
      guard let end = found[index] else { return false }
      guard case .close(let place) = foresights[index] else { return true }
      return (end - place).length > Self.surprise
    }
    guard !doubtful.isEmpty else { return }
    let starts = doubtful.map { points[$0] }
    // The way back begins where it should end, so that the finest picture tells whether it stays there.
    let homes = try OpticalFlow.track(
      doubtful.compactMap { found[$0] }, guesses: starts, from: to, to: from, settings: Self.closeFlow)
    for (index, home) in zip(doubtful, homes) where home.map({ ($0 - points[index]).length > Self.returnDistance }) ?? true {
      found[index] = nil
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
