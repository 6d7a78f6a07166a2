import Geometry

/// AB3DMOT detections, 15 columns: `frame,type,left,top,right,bottom,score,h,w,l,x,y,z,rotation_y,alpha`.
///
/// Frames from 0; the score is a logit.
struct AB3DMOTRows: BoxRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.ab3dmot

  /// The types, numbered from 1.
  static let classes = ["Pedestrian", "Car", "Cyclist"]

  private let options: BoxReadingOptions
  private var classes = ClassNumbering()

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(15...15, named: "15")
    let frame = try row.frame(0)
    let number = try row.integer(1, in: 1...AB3DMOTRows.classes.count)
    let box = row.axisBox(corners: 2)
    table.frames.append(frame)
    table.ids.append(-1)
    table.axisBoxes.append(box)
    table.confidences.append(row[6])
    classes.append(number)
    table.spatialBoxes.append(
      SpatialBox(
        height: row[7], width: row[8], length: row[9], x: row[10], y: row[11], z: row[12], rotationY: row[13],
        alpha: row[14]))
  }

  mutating func finish(_ table: inout BoxTable) {
    table.settleScores(options.scores == .probability ? .probability : .logit)
    table.warnAboutInvertedBoxes()
    classes.finish(&table, names: options.classNames, known: AB3DMOTRows.classes)
  }
}
