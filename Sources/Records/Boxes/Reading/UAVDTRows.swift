import Geometry

/// UAVDT: `frame,id,left,top,width,height,out-of-view,occlusion,class`; frames and ids from 1, pixels from 0.
///
/// A row counts where out-of-view is 1. The files of ignore regions have −1 as occlusion and class.
struct UAVDTRows: BoxRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.uavdt

  static let classes = ["car", "truck", "bus"]

  private let options: BoxReadingOptions
  private var classes = ClassNumbering()
  private var occlusions = OptionalColumn<Int8>(empty: -1)

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(9...9, named: "9")
    let frame = try row.frame(0)
    let id = try row.identity(1)
    let width = try row.size(4)
    let height = try row.size(5)
    let outOfView = try row.integer(6, in: -1...3)
    let occlusion = try row.integer(7, in: -1...4)
    let number = try row.integer(8, in: ClassNumbering.range)
    table.frames.append(frame)
    table.ids.append(id)
    table.axisBoxes.append(AxisBox(left: row[2], top: row[3], width: width, height: height))
    // Bounded: whole numbers in their ranges, by `RowScanner.integer`.
    table.considered.append(outOfView == 1)
    table.visibilities.append(Float(outOfView))
    occlusions.append(Int8(occlusion))
    classes.append(number)
  }

  mutating func finish(_ table: inout BoxTable) {
    table.occlusions = occlusions.values
    classes.finish(&table, names: options.classNames, known: UAVDTRows.classes)
  }
}
