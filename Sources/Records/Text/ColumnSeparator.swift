/// How the columns of a text are separated.
enum ColumnSeparator: Sendable {
  case comma
  case semicolon
  /// Runs of blanks and tabs.
  case blank

  /// Commas or semicolons if the first line of numbers has them (TrackEval guesses from the first line in the same way).
  ///
  /// - Parameter text: The beginning of a text; comments and headings are passed over as long as a line of numbers follows.
  init(guessedFrom text: UnsafeBufferPointer<UInt8>) {
    let lines = text.split(maxSplits: 100) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { $0.drop(while: RowScanner.isBlank) }.filter { !$0.isEmpty && $0.first != UInt8(ascii: "#") }
    let line = lines.first { $0.first.map { "0123456789+-.".utf8.contains($0) } ?? false } ?? lines.first
    guard let line else {
      self = .blank
      return
    }
    self = line.contains(UInt8(ascii: ",")) ? .comma : line.contains(UInt8(ascii: ";")) ? .semicolon : .blank
  }

  /// The byte between two columns; nil for runs of blanks.
  var byte: UInt8? {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .blank: nil
    }
  }

  /// The columns of a line, empty ones too where a byte separates them; one separator at the line's end ends the last column.
  func columns(of line: some Collection<UInt8>) -> [[UInt8]] {
    let text = line.filter { $0 != UInt8(ascii: "\r") }
    guard let byte else { return text.split(whereSeparator: RowScanner.isBlank).map(Array.init) }
    let columns = text.split(separator: byte, omittingEmptySubsequences: false).map { column in
      Array(column.drop(while: RowScanner.isBlank).reversed().drop(while: RowScanner.isBlank).reversed())
    }
    return columns.count > 1 && columns.last?.isEmpty == true ? columns.dropLast() : columns
  }
}
