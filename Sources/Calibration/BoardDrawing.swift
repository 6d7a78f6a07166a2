import Geometry
public import Imaging

/// A board as a drawing to print, in millimetres at its true size.
public enum BoardDrawing {
  /// White around the board, in squares: the finder needs it.
  private static let margin = 1.0

  /// The drawing as an SVG file.
  ///
  /// - Throws: `ImagingError` for a ChArUco board that its dictionary has too few markers for.
  public static func svg(_ board: CalibrationBoard) throws(ImagingError) -> String {
    let pattern = board.pattern
    var shapes: String
    let (columns, rows): (Double, Double)
    switch pattern.kind {
    case .chessboard:
      (columns, rows) = (Double(pattern.columns + 1), Double(pattern.rows + 1))
      shapes = squares(pattern)
    case .charuco(let dictionary, _):
      (columns, rows) = (Double(pattern.columns + 1), Double(pattern.rows + 1))
      shapes = try charuco(pattern, dictionary, height: rows)
    case .circles, .asymmetricCircles:
      let points = try pattern.points()
      (columns, rows) = ((points.map(\.x).max() ?? 0) + 1, (points.map(\.y).max() ?? 0) + 1)
      // Neighbours of the asymmetric grid are √2 steps apart; a radius of 0.3 leaves white between circles in both.
      shapes = points.map { "<circle cx=\"\(number($0.x + 0.5))\" cy=\"\(number($0.y + 0.5))\" r=\"0.3\"/>" }.joined(
        separator: "\n")
    }
    let (width, height) = (columns + 2 * margin, rows + 2 * margin)
    let millimetres = 1000 * board.square
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width * millimetres))mm" height="\(number(height * millimetres))mm" \
      viewBox="\(-margin) \(-margin) \(number(width)) \(number(height))">
      <rect x="\(-margin)" y="\(-margin)" width="\(number(width))" height="\(number(height))" fill="white"/>
      \(shapes)
      </svg>

      """
  }

  /// Black squares where column and row are both even or both odd.
  private static func squares(_ pattern: BoardPattern) -> String {
    var shapes: [String] = []
    for row in 0...pattern.rows {
      for column in 0...pattern.columns where (row + column) % 2 == 0 { shapes.append(square(Double(column), Double(row), 1)) }
    }
    return shapes.joined(separator: "\n")
  }

  /// The squares without markers are black.
  private static func charuco(
    _ pattern: BoardPattern, _ dictionary: BoardPattern.Dictionary, height: Double
  ) throws(ImagingError) -> String {
    let layout = try pattern.charucoLayout()
    // A marker's corners go clockwise as printed; where y rises from the first to the last, y points down in the layout too.
    let isUpright = layout.markers.first.map { $0[3].y > $0[0].y } ?? true
    var white = Set<[Int]>()
    var shapes: [String] = []
    for (index, corners) in layout.markers.enumerated() {
      let (left, right) = (corners.map(\.x).min() ?? 0, corners.map(\.x).max() ?? 0)
      let ys = corners.map { isUpright ? $0.y : height - $0.y }
      let top = ys.min() ?? 0
      // Bounded: the board's own squares.
      white.insert([Int(bounded: left, in: 0...1000), Int(bounded: top, in: 0...1000)])
      let (bits, side) = try BoardPattern.marker(index, of: dictionary)
      let cell = (right - left) / Double(side)
      for bit in bits.indices where !bits[bit] {
        shapes.append(square(left + Double(bit % side) * cell, top + Double(bit / side) * cell, cell))
      }
    }
    for row in 0...pattern.rows {
      for column in 0...pattern.columns where !white.contains([column, row]) {
        shapes.append(square(Double(column), Double(row), 1))
      }
    }
    return shapes.joined(separator: "\n")
  }

  private static func square(_ x: Double, _ y: Double, _ side: Double) -> String {
    "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(side))\" height=\"\(number(side))\"/>"
  }

  /// Four decimals of a square are a few micrometres.
  private static func number(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
}
