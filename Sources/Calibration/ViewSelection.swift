import Geometry

/// A picture that was left out, and why.
public struct DroppedView: Sendable, Equatable {
  /// The picture's name for people.
  public var name: String
  /// Its place among the pictures looked at, from 0.
  public var index: Int
  /// Why, as the end of a sentence.
  public var reason: String

  /// - Parameters: As the properties of their names.
  public init(name: String, index: Int, reason: String) {
    self.name = name
    self.index = index
    self.reason = reason
  }
}

/// Which views a calibration takes: sharp ones that differ from each other.
public struct ViewSelection: Sendable {
  /// A camera of 9 parameters needs two views at least; a third one tells whether they fit.
  public static let leastViews = 3
  /// An edge wider than this many pixels, and than twice the middle view's, moves corners by more than their noise. Chosen with the pictures of
  /// OpenCV's `left*.jpg` in sight, whose edges take 2 to 4 pixels.
  static let blurredWidth = 5.0
  /// Two views whose points lie closer than this share of the picture's diagonal in the mean tell the same: 8 pixels of 640×480. Chosen with the same
  /// pictures in sight, all of which differ by more.
  static let redundantShare = 0.01
  /// More views than these cost time and tell no more.
  static let mostViews = 100
  /// Fewer points of a board, as a ChArUco board seen in part has, do not determine its pose well.
  static let leastPoints = 8

  /// The views that are taken, in their order.
  public private(set) var kept: [BoardView] = []
  /// The others.
  public private(set) var dropped: [DroppedView] = []

  /// - Parameter diagonal: The picture's, in pixels.
  public init(_ views: [BoardView], diagonal: Double) {
    let widths = views.map(\.edgeWidth).sorted()
    let limit = widths.isEmpty ? 0 : max(Self.blurredWidth, 2 * widths[widths.count / 2])
    for view in views {
      if view.sighting.points.count < Self.leastPoints {
        drop(view, "only \(view.sighting.points.count) points of the board were found")
      } else if view.edgeWidth > limit {
        drop(view, "blurred: its edges take \(Self.tenths(view.edgeWidth)) pixels")
      } else if let twin = kept.first(where: { Self.isAlike($0, view, within: Self.redundantShare * diagonal) }) {
        drop(view, "as \(twin.name)")
      } else {
        kept.append(view)
      }
    }
    thin()
  }

  /// Leaves views out evenly where there are too many.
  private mutating func thin() {
    guard kept.count > Self.mostViews else { return }
    let all = kept
    kept = []
    for (index, view) in all.enumerated() {
      if index * Self.mostViews / all.count == kept.count, kept.count < Self.mostViews {
        kept.append(view)
      } else {
        drop(view, "there are \(all.count) good views, more than help")
      }
    }
  }

  private mutating func drop(_ view: BoardView, _ reason: String) {
    dropped.append(DroppedView(name: view.name, index: view.index, reason: reason))
  }

  /// The mean distance of the points that both views have.
  private static func isAlike(_ a: BoardView, _ b: BoardView, within limit: Double) -> Bool {
    let places = Dictionary(zip(a.sighting.numbers, a.sighting.points), uniquingKeysWith: { first, _ in first })
    let distances = zip(b.sighting.numbers, b.sighting.points).compactMap { number, point in
      places[number].map { ($0 - point).length }
    }
    // Few common points are another part of the board.
    guard distances.count >= leastPoints, 2 * distances.count >= b.sighting.points.count else { return false }
    return distances.reduce(0, +) / Double(distances.count) < limit
  }

  private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
