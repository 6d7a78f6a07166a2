/// Writes a table as a Parquet file: a row group at a time, its columns packed by Zstandard, texts through a dictionary.
///
/// Parquet format, version 1 of data pages; read by Arrow, DuckDB, Polars and Spark. Every column is optional. Memory is that of one row group.
///
/// ```swift
/// let writer = try ParquetWriter(path: "tracks.parquet", columns: TrackRow.columns, overwrite: false) { RowOrder($0.track.id, $0.frame) }
/// try writer.append(row)
/// try writer.close()
/// ```
public final class ParquetWriter<Row>: TableWriter {
  /// Rows of a group: enough that the heads of its pages count for nothing, few enough to be held.
  private static var groupRows: Int { 1 << 17 }
  private static var magic: [UInt8] { Array("PAR1".utf8) }
  /// The format's number of Zstandard.
  private static var zstandard: Int { 6 }

  private struct Group {
    var columns: [Column] = []
    var rows = 0
    var bytes = 0
  }

  private struct Column {
    var encodings: [Int]
    var count: Int
    var plainBytes: Int
    var packedBytes: Int
    var dictionaryOffset: Int?
    var dataOffset: Int
  }

  private let sink: OutputSink
  private let columns: [TableColumn<Row>]
  private let order: (Row) -> RowOrder
  private var buffers: [ParquetColumnBuffer]
  /// What the rows of the open group are ordered by.
  private var keys: [RowOrder] = []
  private var groups: [Group] = []
  private var offset = 0

  /// Creates the file, which has its name once it is closed.
  ///
  /// - Parameter order: What the rows of a group are ordered by; like ones beside each other pack better.
  /// - Throws: `RecordsError` where it cannot be created.
  public init(
    path: String, columns: [TableColumn<Row>], overwrite: Bool, order: @escaping (Row) -> RowOrder
  ) throws(RecordsError) {
    sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    (self.columns, self.order) = (columns, order)
    buffers = columns.map { ParquetColumnBuffer(name: $0.name, kind: $0.kind) }
    try write(ParquetWriter.magic)
  }

  /// Adds a row.
  ///
  /// - Throws: `RecordsError` where a full group cannot be written.
  public func append(_ row: Row) throws(RecordsError) {
    for (index, column) in columns.enumerated() { buffers[index].append(column.value(row)) }
    keys.append(order(row))
    if keys.count == ParquetWriter.groupRows { try endGroup() }
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: `RecordsError` where it cannot be written.
  public func close() throws(RecordsError) {
    if !keys.isEmpty { try endGroup() }
    let footer = footer
    try write(footer)
    var end: [UInt8] = []
    end.appendLittleEndian(UInt32(footer.count))
    try write(end + ParquetWriter.magic)
    try sink.close()
  }

  private func endGroup() throws(RecordsError) {
    // Equal keys keep the order in which they came, so that the same rows always give the same bytes.
    let order = keys.indices.sorted { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] < keys[$1] }
    var group = Group(rows: keys.count)
    for index in buffers.indices {
      let column = try write(try buffers[index].takeChunk(order: order))
      group.columns.append(column)
      group.bytes += column.plainBytes
    }
    groups.append(group)
    keys.removeAll(keepingCapacity: true)
  }

  private func write(_ chunk: ParquetColumnBuffer.Chunk) throws(RecordsError) -> Column {
    let start = offset
    if let dictionary = chunk.dictionary { try write(dictionary.bytes) }
    let dataOffset = offset
    try write(chunk.data.bytes)
    return Column(
      encodings: chunk.encodings.map(\.rawValue), count: chunk.count,
      plainBytes: (chunk.dictionary?.plainCount ?? 0) + chunk.data.plainCount, packedBytes: offset - start,
      dictionaryOffset: chunk.dictionary == nil ? nil : start, dataOffset: dataOffset)
  }

  private func write(_ bytes: [UInt8]) throws(RecordsError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(RecordsError) in try sink.write(bytes) }
    }
    try result.get()
    offset += bytes.count
  }

  // MARK: - The footer

  private var footer: [UInt8] {
    var file = ThriftCompactWriter()
    file.integer32(1, 1)
    file.structures(2, [nil] + buffers.map { Optional($0) }) { ParquetWriter.appendSchema(&$0, $1, columns: buffers.count) }
    file.integer64(3, groups.reduce(0) { $0 + $1.rows })
    file.structures(4, groups) { writer, group in
      writer.structures(1, Array(zip(buffers, group.columns))) { ParquetWriter.appendColumn(&$0, $1.0, $1.1) }
      writer.integer64(2, group.bytes)
      writer.integer64(3, group.rows)
    }
    file.text(6, "sextant")
    file.end()
    return file.bytes
  }

  /// - Parameter column: nil for the root.
  private static func appendSchema(_ writer: inout ThriftCompactWriter, _ column: ParquetColumnBuffer?, columns: Int) {
    guard let column else {
      writer.text(4, "schema")
      writer.integer32(5, columns)
      return
    }
    writer.integer32(1, column.type)
    // Optional.
    writer.integer32(3, 1)
    writer.text(4, column.name)
    guard column.kind == .text else { return }
    // UTF-8, in the older and the newer way of saying it.
    writer.integer32(6, 0)
    writer.structure(10) { $0.structure(1) { _ in } }
  }

  private static func appendColumn(_ writer: inout ThriftCompactWriter, _ buffer: ParquetColumnBuffer, _ column: Column) {
    writer.integer64(2, column.dictionaryOffset ?? column.dataOffset)
    writer.structure(3) { data in
      data.integer32(1, buffer.type)
      data.integers(2, column.encodings)
      data.texts(3, [buffer.name])
      data.integer32(4, zstandard)
      data.integer64(5, column.count)
      data.integer64(6, column.plainBytes)
      data.integer64(7, column.packedBytes)
      data.integer64(9, column.dataOffset)
      if let offset = column.dictionaryOffset { data.integer64(11, offset) }
    }
  }
}
