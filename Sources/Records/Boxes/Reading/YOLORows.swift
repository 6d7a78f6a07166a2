import Geometry

/// YOLO labels, a file per image: `class cx cy w h [confidence] [id]`, shares of the image's width and height, classes from 0.
///
/// Rows of one folder may differ in their columns, as Ultralytics leaves the id out where it has none.
struct YOLORows: SizedImageRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.yolo

  var image: Int32 = 0
  var size: (width: Double, height: Double)?
  private let options: BoxReadingOptions
  private var classes = ClassNumbering()
  private var further = YOLOFurtherColumns(after: 5)

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(5...7, named: "5 to 7 (class, cx, cy, w, h[, confidence][, id])")
    let size = try knownSize()
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

/// YOLO labels with oriented boxes: `class x1 y1 x2 y2 x3 y3 x4 y4 [confidence] [id]`, shares of the image's width and height.
struct YOLOOrientedRows: SizedImageRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.yoloOriented

  var image: Int32 = 0
  var size: (width: Double, height: Double)?
  private let options: BoxReadingOptions
  private var classes = ClassNumbering()
  private var further = YOLOFurtherColumns(after: 9)

  init(_ options: BoxReadingOptions) { self.options = options }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(9...11, named: "9 to 11 (class, four corners[, confidence][, id])")
    let size = try knownSize()
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

/// Rows of a file per image that need the image's size.
protocol SizedImageRows: ImageRows {
  /// Pixels of the image of the file being read; nil where nobody told.
  var size: (width: Double, height: Double)? { get set }
}

extension SizedImageRows {
  /// The image's size, or the sentence that it is not known.
  func knownSize() throws(RowProblem) -> (width: Double, height: Double) {
    guard let size else { throw .other("its boxes are shares of an image whose size is not known; give the size") }
    return size
  }
}

/// What stands behind a YOLO box: a confidence, an identity, or both in this order.
///
/// A single further column is an identity where all its values are whole numbers, written without a point, and either one is above 1 or
/// no image has one twice (a video with one object); else a confidence. The table's warnings say where that was a guess.
struct YOLOFurtherColumns {
  private let columns: Int
  private var first: [Double] = []
  private var second: [Int32] = []
  private var images: [Int32] = []
  private var hasSecond = false
  private var areWhole = true
  private static let missing = Double.infinity

  /// - Parameter columns: How many columns the class and the box take.
  init(after columns: Int) { self.columns = columns }

  mutating func append(_ row: borrowing RowScanner, image: Int32) throws(RowProblem) {
    let count = row.count - columns
    let id = count > 1 ? try row.identity(columns + 1) : -1
    second.append(id)
    first.append(count > 0 ? row[columns] : YOLOFurtherColumns.missing)
    images.append(image)
    if count > 1 { hasSecond = true }
    if count == 1, areWhole {
      let value = row[columns]
      // As long as its digits: "1", not "1.0".
      let isWhole = value >= 0 && value <= Double(Int32.max) && value == value.rounded()
      let length = row.lastLength
      areWhole = isWhole && length == String(Int(isWhole ? value : 0)).count
    }
  }

  func finish(_ table: inout BoxTable) {
    let present = first.filter { $0 != YOLOFurtherColumns.missing }
    table.ids = second
    guard !present.isEmpty else { return }
    if hasSecond || !areIdentities(present) {
      table.confidences = first.map { $0 == YOLOFurtherColumns.missing ? 1 : $0 }
      return
    }
    // In range as whole numbers up to 2³¹ − 1.
    table.ids = first.map { $0 == YOLOFurtherColumns.missing ? -1 : Int32($0) }
    table.warnings.append("column \(columns + 1) holds whole numbers only and is taken as identities, not as confidences")
  }

  private func areIdentities(_ present: [Double]) -> Bool {
    guard areWhole else { return false }
    if present.contains(where: { $0 > 1 }) { return true }
    let named = zip(images, first).filter { $0.1 != YOLOFurtherColumns.missing }.map(\.0)
    return present.allSatisfy { $0 == 1 } && named.count > 1 && Set(named).count == named.count
  }
}
