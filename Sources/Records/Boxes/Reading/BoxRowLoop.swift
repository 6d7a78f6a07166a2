/// The loop over a file's rows, the same for all text formats.
enum BoxRowLoop {
  /// Reads a file that is a table by itself.
  static func read<Rows: BoxRows>(
    _ reader: LineReader, _ separator: ColumnSeparator, _ options: BoxReadingOptions, _ rows: Rows
  ) throws(RecordsError) -> BoxTable {
    var rows = rows
    var table = BoxTable(format: Rows.format)
    try append(reader, separator, options, &rows, to: &table)
    rows.finish(&table)
    table.warnAboutOddCorners()
    table.settleFrames(first: Rows.format.firstFrame)
    return table
  }

  /// Whether a line begins with `#`, as numpy.savetxt's headings do.
  @inline(__always)
  static func isComment(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.first { !RowScanner.isBlank($0) } == UInt8(ascii: "#")
  }

  /// Appends a file's rows to a table that others may follow into.
  static func append<Rows: BoxRows>(
    _ reader: LineReader, _ separator: ColumnSeparator, _ options: BoxReadingOptions, _ rows: inout Rows,
    to table: inout BoxTable
  ) throws(RecordsError) {
    var scanner = RowScanner(separator: separator, textColumns: Rows.textColumns)
    var problems = LineProblems(limit: options.listedBadLines)
    if let lines = try reader.estimatedLineCount() { table.reserve(min(lines, options.maximumRows)) }
    try reader.forEachLine { line throws(RecordsError) in
      do throws(RowProblem) {
        guard !isComment(line.bytes), !rows.skips(line.bytes) else { return }
        try scanner.scan(line.bytes)
        guard scanner.count > 0 else { return }
        try rows.append(scanner, to: &table)
        if options.keepsLines { table.lines.append(Int32(clamping: line.number)) }
      } catch {
        problems.add(line: line.number, error.reason(line: line.bytes, separator: separator))
      }
      guard table.count <= options.maximumRows else {
        throw .tooLarge(
          path: reader.name, reason: "it has more than \(options.maximumRows) boxes; split it into sequences")
      }
    }
    try problems.throwIfAny(path: reader.name)
  }
}

extension BoxTable {
  /// Sets memory aside for further rows, so that growing columns are not copied and hold no more than they need.
  fileprivate mutating func reserve(_ rows: Int) {
    guard isEmpty else { return }
    frames.reserveCapacity(rows)
    ids.reserveCapacity(rows)
    if format.isOriented { orientedBoxes.reserveCapacity(rows) } else { axisBoxes.reserveCapacity(rows) }
    confidences.reserveCapacity(rows)
  }
}
