import Geometry

/// BoxMOT's saved detections, 7 columns: `frame x1 y1 x2 y2 confidence class`; frames from 1, pixels from 0, no identities.
///
/// Where the fourth or fifth column of any row is not beyond the second or third, the two are widths and heights. The warnings say which.
struct BoxMOTRows: BoxRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.boxMOT

  private let options: BoxReadingOptions
  private var classes = ClassNumbering()
  private var boxes: [SIMD4<Double>] = []
  private var areCorners = true

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(7...7, named: "7")
    let frame = try row.frame(0)
    let number = try row.integer(6, in: ClassNumbering.range)
    for column in 3...4 where row[column] < 0 { throw .negativeSize(column: column) }
    let box = SIMD4(row[1], row[2], row[3], row[4])
    if box.z <= box.x || box.w <= box.y { areCorners = false }
    boxes.append(box)
    table.frames.append(frame)
    table.ids.append(-1)
    table.confidences.append(row[5])
    classes.append(number)
  }

  mutating func finish(_ table: inout BoxTable) {
    table.warnings.append(
      "columns 4 and 5 are taken as \(areCorners ? "the lower right corner" : "width and height"), as their values suggest")
    for box in boxes {
      let size = areCorners ? (box.z - box.x, box.w - box.y) : (box.z, box.w)
      table.axisBoxes.append(AxisBox(left: box.x, top: box.y, width: size.0, height: size.1))
    }
    table.settleScores(options.scores)
    classes.finish(&table, names: options.classNames)
  }
}
