import Geometry

/// Forecasts of points on the ground as text, beside the four-column text of what the points did:
/// `observed_frame frame id x y [hypothesis [xx xy yy]]`, blanks or tabs or commas.
///
/// `observed_frame` is the last frame that the forecast saw, `frame` the one that it is about, `hypothesis` a number from 0 (0 where the
/// column is missing), `xx xy yy` the covariance of the place.
public struct ForecastTable: Sendable, Equatable {
  /// The last frame that each forecast saw, as the file numbers it.
  public var observedFrames: [Int32] = []
  /// The frame that each row is about, as the file numbers it.
  public var frames: [Int32] = []
  /// Identities as the file has them.
  public var ids: [Int32] = []
  /// Forecast places, metres.
  public var points: [Point] = []
  /// Which of several forecasts a row belongs to, from 0.
  public var hypotheses: [Int32] = []

  /// The covariances of the places, m²; empty where the file has none.
  public var covariances: [SymmetricMatrix2] = []

  /// A table without rows.
  public init() {}

  /// The number of rows.
  public var count: Int { frames.count }

  /// Whether a file is such a text rather than this program's stream, whose first character opens an object.
  public static func isText(path: String) throws(RecordsError) -> Bool {
    try LineReader(path: path).peek { bytes in
      bytes.first { !RowScanner.isBlank($0) && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") } != UInt8(ascii: "{")
    }
  }

  /// Reads a file, gzipped or not.
  public static func read(path: String) throws(RecordsError) -> ForecastTable {
    try read(try LineReader(path: path))
  }

  /// Reads the bytes of such a file.
  public static func read(bytes: some Collection<UInt8>, name: String) throws(RecordsError) -> ForecastTable {
    try read(LineReader(ByteSource(bytes: bytes, name: name)))
  }

  private static func read(_ reader: LineReader) throws(RecordsError) -> ForecastTable {
    var table = ForecastTable()
    let separator = try reader.peek { ColumnSeparator(guessedFrom: $0) }
    try reader.forEachRow(separator, limit: (PointTable.maximumRows, "rows")) { row throws(RowProblem) in
      try row.require(5...9, named: "5, 6 or 9 (observed frame, frame, id, x, y[, hypothesis[, xx, xy, yy]])")
      guard row.count < 7 || row.count == 9, (row.count == 9) == (table.covariances.count == table.count) || table.count == 0 else {
        throw .columnCount(found: row.count, expected: "5 or 6, or 9 in every row")
      }
      let observed = try row.frame(0)
      let frame = try row.frame(1)
      let id = try row.identity(2)
      table.hypotheses.append(row.count > 5 ? Int32(try row.integer(5, in: 0...9999)) : 0)
      table.observedFrames.append(observed)
      table.frames.append(frame)
      table.ids.append(id)
      table.points.append(Point(row[3], row[4]))
      if row.count == 9 { table.covariances.append(SymmetricMatrix2(xx: row[6], xy: row[7], yy: row[8])) }
    }
    return table
  }
}
