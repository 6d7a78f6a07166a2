/// Writes a table row by row.
public protocol TableWriter<Row>: AnyObject {
  associatedtype Row
  /// Adds a row.
  func append(_ row: Row) throws(RecordsError)
  /// Completes the file and gives it its name.
  func close() throws(RecordsError)
}

/// Writes a table as comma-separated text.
public final class CSVTableWriter<Row>: TableWriter {
  private let sink: OutputSink
  private let columns: [TableColumn<Row>]
  private var text = TextBuffer()

  /// Creates the file, which has its name once it is closed.
  ///
  /// - Throws: `RecordsError` where it cannot be created.
  public init(path: String, columns: [TableColumn<Row>], overwrite: Bool) throws(RecordsError) {
    sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    self.columns = columns
    text.appendCSV(namesOf: columns)
    try sink.write(text)
  }

  /// Adds a row.
  public func append(_ row: Row) throws(RecordsError) {
    text.removeAll()
    text.appendCSV(row, columns)
    try sink.write(text)
  }

  /// Completes the file and gives it its name.
  public func close() throws(RecordsError) { try sink.close() }
}
