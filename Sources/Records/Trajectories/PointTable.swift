import Geometry

/// Tracks of points on the ground: the four-column pedestrian text `frame id x y`, blanks or tabs or commas, metres.
public struct PointTable: Sendable, Equatable {
  /// Frame numbers as the file has them (neighbouring steps of the usual files are 10 apart).
  public var frames: [Int32] = []
  /// Identities as the file has them.
  public var ids: [Int32] = []
  /// Metres.
  public var points: [Point] = []

  /// A table without rows.
  public init() {}

  /// The number of rows.
  public var count: Int { frames.count }

  /// A file with more rows is refused.
  public static let maximumRows = 50_000_000

  /// Reads a file, gzipped or not.
  public static func read(path: String) throws(RecordsError) -> PointTable {
    try read(try LineReader(path: path))
  }

  /// Reads the bytes of such a file.
  public static func read(bytes: some Collection<UInt8>, name: String) throws(RecordsError) -> PointTable {
    try read(LineReader(ByteSource(bytes: bytes, name: name)))
  }

  private static func read(_ reader: LineReader) throws(RecordsError) -> PointTable {
    var table = PointTable()
    let separator = try reader.peek { ColumnSeparator(guessedFrom: $0) }
    try reader.forEachRow(separator, limit: (maximumRows, "rows")) { row throws(RowProblem) in
      try row.require(4...4, named: "4 (frame, id, x, y)")
      let frame = try row.frame(0)
      table.ids.append(try row.identity(1))
      table.frames.append(frame)
      table.points.append(Point(row[2], row[3]))
    }
    return table
  }

  /// The table as tab separated text.
  public var text: TextBuffer {
    var text = TextBuffer(capacity: 32 * count)
    for row in frames.indices {
      text.append(Int(frames[row]))
      text.append("\t")
      text.append(Int(ids[row]))
      text.append("\t", exact: points[row].x)
      text.append("\t", exact: points[row].y)
      text.append("\n")
    }
    return text
  }
}
