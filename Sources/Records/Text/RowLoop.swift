extension LineReader {
  /// Calls the body with each row of numbers that is not blank.
  ///
  /// - Parameters:
  ///   - limit: The greatest number of good rows, and what a row is of, in the plural.
  ///   - skips: Whether a line is no row but, say, a comment.
  ///   - body: Appends the row whole, or throws and leaves everything as it was.
  /// - Throws: `RecordsError.malformedLines` for all bad rows together, each cause once, and `.tooLarge`.
  func forEachRow(
    _ separator: ColumnSeparator, textColumns: UInt32 = 0, limit: (count: Int, of: String),
    skips: (UnsafeBufferPointer<UInt8>) -> Bool = { _ in false },
    _ body: (borrowing RowScanner) throws(RowProblem) -> Void
  ) throws(RecordsError) {
    var scanner = RowScanner(separator: separator, textColumns: textColumns)
    var problems = LineProblems()
    var rows = 0
    try forEachLine { line throws(RecordsError) in
      guard !skips(line.bytes) else { return }
      do throws(RowProblem) {
        try scanner.scan(line.bytes)
        guard scanner.count > 0 else { return }
        try body(scanner)
        rows += 1
      } catch {
        problems.add(line: line.number, error.reason(line: line.bytes, separator: separator))
      }
      guard rows <= limit.count else { throw .tooLarge(path: name, reason: "it has more than \(limit.count) \(limit.of)") }
    }
    try problems.throwIfAny(path: name)
  }
}
