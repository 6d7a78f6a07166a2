/// DOTA labels, a file per image: `x1 y1 x2 y2 x3 y3 x4 y4 class [difficult]`, after optional `imagesource:` and `gsd:` lines.
///
/// Pixels from 0. A tenth column is a flag, of which any number but 0 means difficult, as long as all its values are whole numbers, in a
/// result as well; in a truth it is nothing else. Other values are confidences.
struct DOTARows: BoxRows, ImageRows {
  static let textColumns: UInt32 = 1 << 8
  static let format = BoxFormat.dota

  var image: Int32 = 0
  private let options: BoxReadingOptions
  private var names = ClassNames()
  private var tenth = OptionalColumn<Double>(empty: 0)

  init(_ options: BoxReadingOptions) { self.options = options }

  func skips(_ line: UnsafeBufferPointer<UInt8>) -> Bool { DOTARows.isHeading(line) }

  /// Whether a line tells of the image instead of a box.
  static func isHeading(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.starts(with: "imagesource:".utf8) || line.starts(with: "gsd:".utf8)
  }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(9...10, named: "9 or 10")
    if options.role == .truth, row.count == 10, row[9] != row[9].rounded() { throw .notAnInteger(column: 9) }
    let corners = row.corners(from: 0)
    table.classIndices.append(try names.index(of: row.text(0)))
    table.frames.append(image)
    table.ids.append(-1)
    table.append(corners, keeps: options.keepsCorners)
    tenth.append(row.count == 10 ? row[9] : 0)
  }

  mutating func finish(_ table: inout BoxTable) {
    table.classes = names.names
    // Labels are given as detections and as results too: their flag, mostly 0 throughout, must not read as a probability of 0.
    if options.role != .truth, tenth.values.contains(where: { $0 != $0.rounded() }) {
      table.confidences = tenth.values
      table.settleScores(options.scores)
    } else if !tenth.values.isEmpty {
      table.difficult = tenth.values.map { $0 != 0 }
    }
  }
}
