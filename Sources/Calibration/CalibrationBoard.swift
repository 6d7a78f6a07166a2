public import Geometry
public import Imaging

/// A board as it is printed: its points and their distance in metres.
public struct CalibrationBoard: Hashable, Sendable {
  /// What is on it.
  public var pattern: BoardPattern
  /// The side of a square, or the step between circles, in metres.
  public var square: Double

  /// - Parameters: As the properties of their names.
  public init(pattern: BoardPattern, square: Double) {
    self.pattern = pattern
    self.square = square
  }

  /// Where its points lie in metres, by their numbers.
  ///
  /// - Throws: `ImagingError` for a ChArUco board that its dictionary has too few markers for.
  public func points() throws(ImagingError) -> [Point] { try pattern.points().map { $0 * square } }

  /// The names of boards, for messages.
  public static let forms =
    "chessboard:COLUMNSxROWS (inner corners), circles:COLUMNSxROWS, asymmetric-circles:COLUMNSxROWS or charuco:COLUMNSxROWS[:SHARE[:DICTIONARY]] (squares)"

  /// Reads a board's name, such as `chessboard:9x6` or `charuco:7x5:0.75:4x4_50`.
  ///
  /// - Throws: `CalibrationError.noSuchBoard`.
  public static func pattern(_ text: String) throws(CalibrationError) -> BoardPattern {
    func refused(_ reason: String) -> CalibrationError { .noSuchBoard(text: text, reason: reason) }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2 else { throw refused("give \(forms)") }
    let sides = parts[1].split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
    let isCharuco = parts[0] == "charuco"
    // A ChArUco board is named by its squares, of which it has one more than inner corners.
    guard sides.count == 2, case let (columns, rows) = (sides[0] &- (isCharuco ? 1 : 0), sides[1] &- (isCharuco ? 1 : 0)),
      BoardPattern.sides.contains(columns), BoardPattern.sides.contains(rows)
    else { throw refused("its size is COLUMNSxROWS, 2 to 100 points each way") }
    guard parts.count == 2 || (isCharuco && parts.count <= 4) else { throw refused("give \(forms)") }
    switch parts[0] {
    case "chessboard": return BoardPattern(.chessboard, columns: columns, rows: rows)
    case "circles": return BoardPattern(.circles, columns: columns, rows: rows)
    case "asymmetric-circles": return BoardPattern(.asymmetricCircles, columns: columns, rows: rows)
    case "charuco":
      guard let share = parts.count > 2 ? Double(parts[2]) : 0.75, share > 0.2, share < 0.95 else {
        throw refused("the share of a marker in its square is between 0.2 and 0.95")
      }
      guard let dictionary = BoardPattern.Dictionary(rawValue: parts.count > 3 ? String(parts[3]) : "5x5_100") else {
        throw refused("its dictionary is one of \(BoardPattern.Dictionary.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return BoardPattern(.charuco(dictionary: dictionary, markerShare: share), columns: columns, rows: rows)
    default: throw refused("give \(forms)")
    }
  }
}
