internal import COpenCV
public import Geometry

/// A flat board of known points that a camera is calibrated with.
public struct BoardPattern: Hashable, Sendable {
  /// What is printed on it.
  public enum Kind: Hashable, Sendable {
    /// Black and white squares; its points are the corners where two black ones meet.
    case chessboard
    /// Rows of dark circles.
    case circles
    /// Rows of dark circles, every other one moved by half a step.
    case asymmetricCircles
    /// A chessboard with a marker in each white square, found in part too.
    ///
    /// `markerShare`: the side of a marker as a share of the square's; `dictionary`: one of `Dictionary`.
    case charuco(dictionary: Dictionary, markerShare: Double)
  }

  /// OpenCV's predefined sets of markers.
  public enum Dictionary: String, CaseIterable, Sendable {
    case bits4x50 = "4x4_50"
    case bits4x100 = "4x4_100"
    case bits4x250 = "4x4_250"
    case bits5x100 = "5x5_100"
    case bits5x250 = "5x5_250"
    case bits6x250 = "6x6_250"

    /// OpenCV's number (`PREDEFINED_DICTIONARY_NAME`).
    var number: Int32 {
      switch self {
      case .bits4x50: 0
      case .bits4x100: 1
      case .bits4x250: 2
      case .bits5x100: 5
      case .bits5x250: 6
      case .bits6x250: 10
      }
    }
  }

  /// What is printed on it.
  public var kind: Kind
  /// Points in a row: inner corners, or circles.
  public var columns: Int
  /// Rows of points.
  public var rows: Int

  /// How many points a side may have.
  public static let sides = 2...100

  /// - Parameters: As the properties of their names; the sides within `sides`.
  public init(_ kind: Kind, columns: Int, rows: Int) {
    precondition(BoardPattern.sides.contains(columns) && BoardPattern.sides.contains(rows), "a board of 2 to 100 points a side")
    self.kind = kind
    self.columns = columns
    self.rows = rows
  }

  /// The number of its points.
  public var pointCount: Int { columns * rows }

  /// Where its points lie on the board by their numbers: x to the right and y down, or OpenCV's frame of a ChArUco board; the unit is a square's
  /// side, or the step between circles.
  ///
  /// - Throws: `ImagingError` for a ChArUco board that its dictionary has too few markers for.
  public func points() throws(ImagingError) -> [Point] {
    if case .charuco = kind { return try charucoLayout().corners }
    return (0..<pointCount).map { index in
      let (row, column) = (Double(index / columns), Double(index % columns))
      guard kind == .asymmetricCircles else { return Point(column, row) }
      // OpenCV's convention: neighbours in a row are two steps apart, rows one.
      return Point(2 * column + Double(index / columns % 2), row)
    }
  }

  var native: sxcv_board {
    var board = sxcv_board(
      kind: 0, columns: Int32(clamping: columns), rows: Int32(clamping: rows), marker_share: 0, dictionary: 0)
    switch kind {
    case .chessboard: board.kind = Int32(SXCV_CHESSBOARD)
    case .circles: board.kind = Int32(SXCV_CIRCLES)
    case .asymmetricCircles: board.kind = Int32(SXCV_ASYMMETRIC_CIRCLES)
    case .charuco(let dictionary, let share):
      board.kind = Int32(SXCV_CHARUCO)
      (board.marker_share, board.dictionary) = (share, dictionary.number)
    }
    return board
  }

  /// Where a ChArUco board has its corners and its markers' corners, in squares.
  ///
  /// - Throws: `ImagingError` for another board, or where its dictionary has too few markers.
  public func charucoLayout() throws(ImagingError) -> (corners: [Point], markers: [[Point]]) {
    var corners = [Double](repeating: 0, count: 2 * pointCount)
    var markers = [Double](repeating: 0, count: 8 * (columns + 1) * (rows + 1))
    var count = 0
    try OpenCVCall.check("lay out a board of \(columns)×\(rows)") {
      sxcv_charuco_layout(native, &corners, corners.count, &markers, markers.count, &count, $0)
    }
    func pairs(_ numbers: ArraySlice<Double>) -> [Point] {
      stride(from: numbers.startIndex, to: numbers.endIndex, by: 2).map { Point(numbers[$0], numbers[$0 + 1]) }
    }
    return (pairs(corners[...]), (0..<count).map { pairs(markers[8 * $0..<8 * $0 + 8]) })
  }

  /// The bits of a marker, row by row, true for white, its black border included.
  ///
  /// - Throws: `ImagingError` where the dictionary has no such marker.
  public static func marker(_ number: Int, of dictionary: Dictionary) throws(ImagingError) -> (bits: [Bool], side: Int) {
    var bits = [UInt8](repeating: 0, count: 100)
    var side: Int32 = 0
    try OpenCVCall.check("draw marker \(number)") {
      sxcv_marker_bits(dictionary.number, Int32(clamping: number), &bits, bits.count, &side, $0)
    }
    return (bits.prefix(Int(side * side)).map { $0 != 0 }, Int(side))
  }
}

/// The points of a board that were found in a picture.
public struct BoardSighting: Sendable, Equatable {
  /// Which of the board's points they are, by rising number.
  public var numbers: [Int]
  /// Where they are, in this package's pixels.
  public var points: [Point]

  /// - Parameters: As the properties of their names.
  public init(numbers: [Int], points: [Point]) {
    self.numbers = numbers
    self.points = points
  }
}

extension BoardPattern {
  /// Looks for the board in a grey picture.
  ///
  /// - Parameter isQuick: Whether a picture without a board is left early, at the price of missing some with one.
  /// - Returns: nil where there is none.
  public func find(in image: Image, isQuick: Bool = false) throws(ImagingError) -> BoardSighting? {
    var points = [sxcv_point](repeating: sxcv_point(), count: pointCount)
    var numbers = [Int32](repeating: 0, count: pointCount)
    var count = 0
    try OpenCVCall.check("look for a board of \(columns)×\(rows)") { message in
      image.withView { sxcv_find_board($0, native, isQuick ? 1 : 0, &points, &numbers, points.count, &count, message) }
    }
    guard count > 0 else { return nil }
    let order = (0..<count).sorted { numbers[$0] < numbers[$1] }
    return BoardSighting(
      numbers: order.map { Int(numbers[$0]) }, points: order.map { Point(Double(points[$0].x) + 0.5, Double(points[$0].y) + 0.5) })
  }
}
