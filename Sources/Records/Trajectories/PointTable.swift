import Geometry

/// Tracks of points on the ground: the four-column pedestrian text `frame id x y`, blanks or tabs or commas, metres.
public struct PointTable: Sendable, Equatable {
  /// Frame numbers as the file has them (neighbouring steps of the usual files are 10 apart).
  public var frames: [Int32] = []
  public var ids: [Int32] = []
  /// Metres.
  public var points: [Point] = []

  public init() {}

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
    let separator = try reader.peek { ColumnSeparator(guessedFrom: $0) }
    var table = PointTable()
    var scanner = RowScanner(separator: separator)
    var problems = LineProblems(limit: 10)
    try reader.forEachLine { line throws(RecordsError) in
      do throws(RowProblem) {
        try scanner.scan(line.bytes)
        guard scanner.count > 0 else { return }
        try scanner.require(4...4, named: "4 (frame, id, x, y)")
        let frame = try scanner.frame(0)
        table.ids.append(try scanner.identity(1))
        table.frames.append(frame)
        table.points.append(Point(scanner[2], scanner[3]))
      } catch {
        problems.add(line: line.number, error.reason(line: line.bytes, separator: separator))
      }
      guard table.count <= maximumRows else { throw .tooLarge(path: reader.name, reason: "it has more than \(maximumRows) rows") }
    }
    try problems.throwIfAny(path: reader.name)
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
