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

  /// Coordinates beyond this many metres are refused: squares of such numbers would not stay finite.
  public static let maximumCoordinate = BoxLimits.maximumPosition

  /// Whether the first line of numbers of a file has a point's four columns, which no format of boxes has.
  public static func isKept(inFile path: String) throws(RecordsError) -> Bool {
    try LineReader(path: path).peek { text in
      let lines = text.split(maxSplits: 100) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      let line = lines.first { $0.first { !RowScanner.isBlank($0) }.map { "0123456789+-.".utf8.contains($0) } ?? false }
      return line.map { ColumnSeparator(guessedFrom: text).columns(of: $0).count == 4 } ?? false
    }
  }

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
      guard abs(row[2]) <= maximumCoordinate, abs(row[3]) <= maximumCoordinate else {
        throw .other("the point lies beyond \(Int32.max) metres; is its unit another?")
      }
      table.ids.append(try row.identity(1))
      table.frames.append(frame)
      table.points.append(Point(row[2], row[3]))
    }
    return table
  }

  /// The usual step from a frame to the next one: the most frequent difference of neighbouring frames, of equals the smallest; 1 for one frame.
  public var usualStep: Int32 {
    let frames = Set(self.frames).sorted()
    var counts: [Int32: Int] = [:]
    for (earlier, later) in zip(frames, frames.dropFirst()) {
      let (step, overflows) = later.subtractingReportingOverflow(earlier)
      if !overflows { counts[step, default: 0] += 1 }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 1
  }

  /// A sentence about frames that are not as far apart as usual; nil where there are none.
  ///
  /// - Parameter name: What the table is called in it.
  public func unevenness(in name: String) -> String? {
    let frames = Set(self.frames).sorted()
    let step = Int(usualStep)
    let uneven = zip(frames, frames.dropFirst()).count { Int($1) - Int($0) != step }
    return uneven == 0
      ? nil : "\(uneven) of \(frames.count - 1) steps between the frames of \(name) are not \(step) long; each counts by its length"
  }

  /// How many rows repeat an agent in a frame; the last of them counts.
  public var repeatedRows: Int {
    var places = Set<SIMD2<Int32>>(minimumCapacity: count)
    return frames.indices.count { !places.insert(SIMD2(frames[$0], ids[$0])).inserted }
  }

  /// A sentence about rows that repeat an agent in a frame; nil where there are none.
  ///
  /// - Parameter name: What the table is called in it.
  public func repetition(in name: String) -> String? {
    let rows = repeatedRows
    return rows == 0
      ? nil : "\(rows) row\(rows == 1 ? "" : "s") of \(name) repeat\(rows == 1 ? "s" : "") an agent in a frame; the last one counts"
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
