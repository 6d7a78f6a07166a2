import Geometry

/// YOLO labels with oriented boxes: `class x1 y1 x2 y2 x3 y3 x4 y4 [confidence] [id]`, shares of the image's width and height.
struct YOLOOrientedRows: SizedImageRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.yoloOriented

  var image: Int32 = 0
  var size = (width: 1.0, height: 1.0)
  private let options: BoxReadingOptions
  private var classes = ClassNumbering()
  private var further = YOLOFurtherColumns(after: 9)

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(9...11, named: "9 to 11 (class, four corners[, confidence][, id])")
    let number = try row.integer(0, in: 0...Int(Int16.max))
    try further.append(row, image: image)
    let shares = row.corners(from: 1)
    func pixels(_ p: Point) -> Point { Point(p.x * size.width, p.y * size.height) }
    let corners = BoxCorners(pixels(shares.first), pixels(shares.second), pixels(shares.third), pixels(shares.fourth))
    classes.append(number)
    table.frames.append(image)
    table.append(corners, keeps: options.keepsCorners)
  }

  mutating func finish(_ table: inout BoxTable) {
    further.finish(&table)
    classes.finish(&table, names: options.classNames)
    table.settleScores(options.scores)
  }
}
