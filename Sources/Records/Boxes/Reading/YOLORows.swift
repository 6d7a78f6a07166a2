import Geometry

/// YOLO labels, a file per image: `class cx cy w h [confidence] [id]`, shares of the image's width and height, classes from 0.
///
/// Rows of one folder may differ in their columns, as Ultralytics leaves the id out where it has none.
struct YOLORows: SizedImageRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.yolo

  var image: Int32 = 0
  var size = (width: 1.0, height: 1.0)
  private let options: BoxReadingOptions
  private var classes = ClassNumbering()
  private var further = YOLOFurtherColumns(after: 5)

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(5...7, named: "5 to 7 (class, cx, cy, w, h[, confidence][, id])")
    let number = try row.integer(0, in: 0...Int(Int16.max))
    let width = try row.size(3) * size.width
    let height = try row.size(4) * size.height
    try further.append(row, image: image)
    classes.append(number)
    table.frames.append(image)
    table.axisBoxes.append(
      AxisBox(
        left: row[1] * size.width - width / 2, top: row[2] * size.height - height / 2, width: width, height: height))
  }

  mutating func finish(_ table: inout BoxTable) {
    further.finish(&table)
    classes.finish(&table, names: options.classNames)
    table.settleScores(options.scores)
  }
}
