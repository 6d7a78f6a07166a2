import Geometry

/// Oriented MOT with corners, 13 columns: `frame,id,x1,y1,x2,y2,x3,y3,x4,y4,conf,class,truncation`; frames from 1, pixels from 0.
///
/// The corners run around the box; the rectangle is that of the mean opposite sides, with `width` along the first side.
struct OrientedMOTRows: BoxRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.motOriented

  private let options: BoxReadingOptions
  private var classes = ClassNumbering()
  private var truncations = OptionalColumn<Float>(empty: -1)

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(13...13, named: "13")
    let frame = try row.frame(0)
    let id = try row.identity(1)
    let number = try row.integer(11, in: ClassNumbering.range)
    let corners = row.corners(from: 2)
    table.frames.append(frame)
    table.ids.append(id)
    table.append(corners, keeps: options.keepsCorners)
    table.confidences.append(row[10])
    classes.append(number)
    truncations.append(Float(row[12]))
  }

  mutating func finish(_ table: inout BoxTable) {
    table.settleFlags(options.role)
    table.settleScores(options.scores)
    table.truncations = truncations.values
    classes.finish(&table, names: options.classNames)
  }
}

extension RowScanner {
  /// Four corners in eight columns.
  func corners(from column: Int) -> BoxCorners {
    func corner(_ index: Int) -> Point { Point(self[column + 2 * index], self[column + 2 * index + 1]) }
    return BoxCorners(corner(0), corner(1), corner(2), corner(3))
  }
}
