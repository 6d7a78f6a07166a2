import Geometry

/// KITTI tracking labels and results: `frame id type truncated occluded alpha left top right bottom h w l x y z rotation_y [score]`.
///
/// Blank separated; frames and ids from 0, id −1 for DontCare; pixels from 0; metres.
struct KITTIRows: BoxRows {
  static let textColumns: UInt32 = 1 << 2
  static let format = BoxFormat.kitti

  /// The types of the tracking benchmark; others are listed behind them.
  static let classes = ["Car", "Van", "Truck", "Pedestrian", "Person", "Cyclist", "Tram", "Misc", "DontCare"]

  private let options: BoxReadingOptions
  private var columns = 0
  private var names = ClassNames(known: classes)
  private var truncations = OptionalColumn<Float>(empty: -1)
  private var occlusions = OptionalColumn<Int8>(empty: -1)
  private var spatialBoxes = OptionalColumn<SpatialBox>(empty: .unknown)

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.requireSame(&columns, in: 17...18)
    let frame = try row.frame(0)
    let id = try row.identity(1)
    let occlusion = try row.integer(4, in: -128...127)
    let box = row.axisBox(corners: 6)
    table.classIndices.append(try names.index(of: row.text(0)))
    table.frames.append(frame)
    table.ids.append(id)
    table.axisBoxes.append(box)
    if columns == 18, options.readsScores { table.confidences.append(row[17]) }
    truncations.append(Float(row[3]))
    occlusions.append(Int8(occlusion))
    spatialBoxes.append(
      SpatialBox(
        height: row[10], width: row[11], length: row[12], x: row[13], y: row[14], z: row[15], rotationY: row[16],
        alpha: row[5]))
  }

  mutating func finish(_ table: inout BoxTable) {
    table.settleScores(options.scores)
    table.warnAboutInvertedBoxes()
    table.classes = names.names
    table.truncations = truncations.values
    table.occlusions = occlusions.values
    table.spatialBoxes = spatialBoxes.values
  }
}

extension RowScanner {
  /// An upright box in the columns left, top, right, bottom.
  ///
  /// Published results hold boxes whose right is less than their left (pushed out of the image and clipped). They are kept as they are,
  /// with a negative size: they overlap nothing, and evaluation must count them.
  func axisBox(corners column: Int) -> AxisBox {
    AxisBox(
      left: self[column], top: self[column + 1], width: self[column + 2] - self[column],
      height: self[column + 3] - self[column + 1])
  }
}

extension BoxTable {
  /// Says how many boxes have corners in the wrong order.
  mutating func warnAboutInvertedBoxes() {
    let count = axisBoxes.count { $0.width < 0 || $0.height < 0 }
    if count > 0 {
      warnings.append("\(count) box\(count == 1 ? " has" : "es have") the right or lower side before the left or upper one")
    }
  }
}
