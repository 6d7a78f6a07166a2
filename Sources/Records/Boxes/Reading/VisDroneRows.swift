import Geometry

/// VisDrone's tracks, 10 columns: `frame,id,left,top,width,height,score,category,truncation,occlusion`; frames from 1, pixels from 0.
///
/// Of a truth, category 0 marks regions in which nothing counts, a row with score 0 or category 11 ("others") is neither right nor wrong.
/// Results have −1 for truncation and occlusion.
///
/// - Source: P. Zhu et al., Detection and tracking meet drones challenge, 2021, doi:10.1109/TPAMI.2021.3119563, and its toolkit's readme.
struct VisDroneRows: BoxRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.visDrone

  /// The categories from 0; the first is called as the evaluation calls regions.
  static let classes = [
    "DontCare", "pedestrian", "people", "bicycle", "car", "van", "truck", "tricycle", "awning-tricycle", "bus", "motor", "others",
  ]

  private let options: BoxReadingOptions
  private var columns = VisDroneColumns()

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(10...10, named: "10")
    let frame = try row.frame(0)
    let id = try row.identity(1)
    try columns.append(row, from: 2, options.role, to: &table)
    table.frames.append(frame)
    // A region is no object.
    table.ids.append(row[7] == 0 ? -1 : id)
  }

  mutating func finish(_ table: inout BoxTable) { columns.finish(&table, options) }
}

/// VisDrone's boxes in images, a file per image, 8 columns: `left,top,width,height,score,category,truncation,occlusion`.
struct VisDroneDetectionRows: ImageRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.visDroneDetections

  var image: Int32 = 0
  private let options: BoxReadingOptions
  private var columns = VisDroneColumns()

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(8...8, named: "8")
    try columns.append(row, from: 0, options.role, to: &table)
    table.frames.append(image)
    table.ids.append(-1)
  }

  mutating func finish(_ table: inout BoxTable) { columns.finish(&table, options) }
}

/// The eight columns that VisDrone's two formats share.
private struct VisDroneColumns {
  private var classes = ClassNumbering()
  private var truncations = OptionalColumn<Float>(empty: -1)
  private var occlusions = OptionalColumn<Int8>(empty: -1)

  mutating func append(
    _ row: borrowing RowScanner, from column: Int, _ role: BoxReadingOptions.Role, to table: inout BoxTable
  ) throws(RowProblem) {
    let width = try row.size(column + 2)
    let height = try row.size(column + 3)
    let category = try row.integer(column + 5, in: -1...VisDroneRows.classes.count - 1)
    let truncation = try row.integer(column + 6, in: -1...100)
    let occlusion = try row.integer(column + 7, in: -1...3)
    table.axisBoxes.append(AxisBox(left: row[column], top: row[column + 1], width: width, height: height))
    let score = row[column + 4]
    // Bounded: whole numbers in their ranges, by `RowScanner.integer`.
    table.confidences.append(score)
    // What the truth does not count has no class there, so that none is evaluated for it.
    let isOther = role == .truth && category == VisDroneRows.classes.count - 1
    classes.append(isOther ? -1 : category)
    truncations.append(Float(truncation))
    occlusions.append(Int8(occlusion))
    table.considered.append(category == 0 || (score != 0 && category != VisDroneRows.classes.count - 1))
  }

  func finish(_ table: inout BoxTable, _ options: BoxReadingOptions) {
    let isTruth =
      options.role == .truth || (options.role == .automatic && table.confidences.allSatisfy { $0 == 0 || $0 == 1 })
    if isTruth {
      table.confidences = []
    } else {
      table.considered = []
      table.settleScores(options.scores)
    }
    table.truncations = truncations.values
    table.occlusions = occlusions.values
    classes.finish(&table, names: options.classNames, known: VisDroneRows.classes, first: 0)
  }
}
