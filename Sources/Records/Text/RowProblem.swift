/// What is wrong with one row; the text is made only when someone asks for it.
enum RowProblem: Error {
  case columnCount(found: Int, expected: String)
  /// Columns count from 0 here and from 1 in the text.
  case notANumber(column: Int)
  case empty(column: Int)
  case notFinite(column: Int)
  case notAnInteger(column: Int)
  case outOfRange(column: Int, ClosedRange<Int>)
  case negativeSize(column: Int)
  case tooLong(column: Int)
  case other(String)
}

extension RowProblem {
  /// The sentence about a line: which column, what it holds, what is wrong.
  func reason(line: UnsafeBufferPointer<UInt8>, separator: ColumnSeparator) -> String {
    func column(_ index: Int) -> String {
      let field = RowProblem.field(index, of: line, separator)
      return field.isEmpty ? "column \(index + 1)" : "column \(index + 1) (\"\(field)\")"
    }
    switch self {
    case .columnCount(let found, let expected):
      return "\(found) column\(found == 1 ? "" : "s"), expected \(expected)"
    case .notANumber(let index): return "\(column(index)) is not a number"
    case .empty(let index): return "column \(index + 1) is empty"
    case .notFinite(let index): return "\(column(index)) is not a finite number"
    case .notAnInteger(let index): return "\(column(index)) is not an integer"
    case .outOfRange(let index, let range):
      return "\(column(index)) is outside \(range.lowerBound)…\(range.upperBound)"
    case .negativeSize(let index): return "\(column(index)) is a negative size"
    case .tooLong(let index): return "column \(index + 1) is longer than \(RowScanner.maximumFieldLength) characters"
    case .other(let text): return text
    }
  }

  /// The text of a column, shortened and without control characters.
  private static func field(
    _ index: Int, of line: UnsafeBufferPointer<UInt8>, _ separator: ColumnSeparator
  ) -> String {
    let fields =
      if let byte = separator.byte {
        line.split(separator: byte, maxSplits: index + 1, omittingEmptySubsequences: false)
      } else {
        line.split(maxSplits: index + 1, whereSeparator: RowScanner.isBlank)
      }
    guard index < fields.count else { return "" }
    let printable = fields[index].prefix(40).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
    return String(decoding: printable, as: UTF8.self)
  }
}
