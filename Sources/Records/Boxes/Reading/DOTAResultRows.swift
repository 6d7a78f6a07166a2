/// DOTA results, a file `Task1_<class>.txt` per class: `image score x1 y1 x2 y2 x3 y3 x4 y4`.
struct DOTAResultRows: BoxRows {
  static let textColumns: UInt32 = 1 << 0
  static let format = BoxFormat.dotaResults

  /// The class of the file being read.
  var classIndex: Int16 = 0
  private let options: BoxReadingOptions
  private var images: ImageNames

  init(_ options: BoxReadingOptions) {
    self.options = options
    images = ImageNames(options.images.names)
  }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(10...10, named: "10")
    let corners = row.corners(from: 2)
    table.frames.append(try images.index(of: row.text(0)))
    table.ids.append(-1)
    table.classIndices.append(classIndex)
    table.append(corners, keeps: options.keepsCorners)
    table.confidences.append(row[1])
  }

  mutating func finish(_ table: inout BoxTable) {
    table.images = images.names
    table.statedFrameCount = Int32(images.names.count)
    table.settleScores(options.scores)
  }
}
