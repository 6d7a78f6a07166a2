import Geometry

/// Oriented MOT with an angle, 9 or 10 columns: `frame,id,cx,cy,w,h,angle,conf,class[,visibility]`; frames from 1, pixels from 0, radians.
///
/// The angle is the direction of the side w; sides and angle are kept as the file has them.
struct CenterAngleRows: BoxRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.centerAngle

  private let options: BoxReadingOptions
  private var columns = 0
  private var classes = ClassNumbering()
  private var visibilities = OptionalColumn<Float>(empty: -1)

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.requireSame(&columns, in: 9...10)
    let frame = try row.frame(0)
    let id = try row.identity(1)
    let width = try row.size(4)
    let height = try row.size(5)
    let number = try row.integer(8, in: ClassNumbering.range)
    table.frames.append(frame)
    table.ids.append(id)
    table.orientedBoxes.append(
      OrientedBox(center: Point(row[2], row[3]), width: width, height: height, angle: row[6]))
    table.confidences.append(row[7])
    classes.append(number)
    if columns == 10 { visibilities.append(Float(row[9])) }
  }

  mutating func finish(_ table: inout BoxTable) {
    table.settleFlags(options.role)
    table.settleScores(options.scores)
    table.visibilities = visibilities.values
    classes.finish(&table, names: options.classNames)
  }
}
