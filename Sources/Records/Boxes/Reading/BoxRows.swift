/// What a text format adds to the reader: how one row becomes an entry of the table.
protocol BoxRows {
  /// Bit n is set where column n holds text.
  static var textColumns: UInt32 { get }
  static var format: BoxFormat { get }
  /// Checks the row and appends it whole, or throws and leaves the table as it was. Frames are appended as the file has them.
  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem)
  /// Whether a line is no row but, say, a heading.
  func skips(_ line: UnsafeBufferPointer<UInt8>) -> Bool
  /// Moves what was collected beside the table into it and decides what only the whole file decides.
  mutating func finish(_ table: inout BoxTable)
}

extension BoxRows {
  @inline(__always)
  func skips(_ line: UnsafeBufferPointer<UInt8>) -> Bool { false }
}

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
    table.warnAboutCrossedBoxes()
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

  /// Turns the file's frame numbers, which should begin at `first`, into frames from 0.
  mutating func settleFrames(first: Int32) {
    guard first == 1, let lowest = frames.min() else { return }
    guard lowest > 0 else {
      warnings.append("frames begin at 0 where \(format.rawValue) counts from 1; taken as counting from 0")
      firstFrame = 0
      return
    }
    for row in frames.indices { frames[row] -= 1 }
  }

  /// Turns the file's scores into probabilities, or drops a column that says −1 throughout.
  mutating func settleScores(_ kind: BoxReadingOptions.ScoreKind) {
    guard !confidences.isEmpty else { return }
    if kind != .logit, confidences.allSatisfy({ $0 == -1 }) {
      confidences = []
      return
    }
    // A truth's flags are no scores, whatever numbers they are.
    guard considered.isEmpty || kind == .logit else { return }
    let isProbability = confidences.allSatisfy { $0 >= 0 && $0 <= 1 }
    guard kind == .logit || !isProbability else { return }
    if kind == .automatic {
      warnings.append("scores outside [0, 1] are taken as logits, probability = 1 / (1 + exp(-score))")
    }
    rawScores = confidences
    for row in confidences.indices { confidences[row] = Logistic.probability(confidences[row]) }
  }
}
