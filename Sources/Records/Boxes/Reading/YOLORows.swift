import Geometry

/// YOLO labels, a file per image: `class cx cy w h [confidence]`, shares of the image's width and height, classes from 0.
struct YOLORows: SizedImageRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.yolo

  var image: Int32 = 0
  var size = (width: 1.0, height: 1.0)
  private let options: BoxTableReader.Options
  private var columns = 0
  private var classes = ClassNumbering()

  init(_ options: BoxTableReader.Options) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.requireSame(&columns, in: 5...6)
    let number = try row.integer(0, in: 0...Int(Int16.max))
    let width = try row.size(3) * size.width
    let height = try row.size(4) * size.height
    classes.append(number)
    table.frames.append(image)
    table.ids.append(-1)
    table.axisBoxes.append(
      AxisBox(
        left: row[1] * size.width - width / 2, top: row[2] * size.height - height / 2, width: width, height: height))
    if columns == 6 { table.confidences.append(row[5]) }
  }

  mutating func finish(_ table: inout BoxTable) {
    classes.finish(&table, names: options.classNames)
    table.settleScores(options.scores)
  }
}

/// YOLO labels with oriented boxes: `class x1 y1 x2 y2 x3 y3 x4 y4 [confidence]`, shares of the image's width and height.
struct YOLOOrientedRows: SizedImageRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.yoloOriented

  var image: Int32 = 0
  var size = (width: 1.0, height: 1.0)
  private let options: BoxTableReader.Options
  private var columns = 0
  private var classes = ClassNumbering()

  init(_ options: BoxTableReader.Options) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.requireSame(&columns, in: 9...10)
    let number = try row.integer(0, in: 0...Int(Int16.max))
    let shares = row.corners(from: 1)
    func pixels(_ p: Point) -> Point { Point(p.x * size.width, p.y * size.height) }
    let corners = BoxCorners(pixels(shares.first), pixels(shares.second), pixels(shares.third), pixels(shares.fourth))
    classes.append(number)
    table.frames.append(image)
    table.ids.append(-1)
    table.orientedBoxes.append(corners.orientedBox)
    if columns == 10 { table.confidences.append(row[9]) }
    if options.keepsCorners { table.corners.append(corners) }
  }

  mutating func finish(_ table: inout BoxTable) {
    classes.finish(&table, names: options.classNames)
    table.settleScores(options.scores)
  }
}

/// Rows of a file per image that need the image's size.
protocol SizedImageRows: ImageRows {
  /// Pixels of the image of the file being read.
  var size: (width: Double, height: Double) { get set }
}
