/// Splits a row into numbers and texts; one instance is reused for all rows of a file.
struct RowScanner {
  /// More columns than any format here has.
  static let maximumColumns = 24
  /// A longer number or name is no number and no name.
  static let maximumFieldLength = 512

  let separator: ColumnSeparator
  /// Bit n is set where column n holds text.
  let textColumns: UInt32
  /// Columns before this one must be there and, unless text, be finite numbers; those behind may be missing.
  private(set) var count = 0
  /// How many bytes the number read last has: `1` and `1.0` are one number but not one spelling.
  private(set) var lastLength = 0
  /// The byte between columns; a blank where runs of blanks separate them.
  private let separatorByte: UInt8
  private var numbers = InlineArray<24, Double>(repeating: 0)
  private var texts = InlineArray<2, UnsafeBufferPointer<UInt8>>(repeating: UnsafeBufferPointer(start: nil, count: 0))

  init(separator: ColumnSeparator, textColumns: UInt32 = 0) {
    self.separator = separator
    self.textColumns = textColumns
    separatorByte = separator.byte ?? UInt8(ascii: " ")
  }

  /// A numeric column. Only columns below `count` hold this row's numbers.
  @inline(__always)
  subscript(column: Int) -> Double { numbers[column] }

  /// The first or second text column; valid as long as the line is.
  func text(_ index: Int) -> UnsafeBufferPointer<UInt8> { texts[index] }

  /// Splits a line. Blanks around fields and at the end of the line are dropped.
  mutating func scan(_ line: UnsafeBufferPointer<UInt8>) throws(RowProblem) {
    count = 0
    guard let base = line.baseAddress else { return }
    // Every dereference is guarded by cursor < end.
    var cursor = base
    let end = base + line.count
    var textCount = 0
    RowScanner.skipBlanks(&cursor, end)
    while cursor < end {
      guard count < RowScanner.maximumColumns else {
        throw .columnCount(found: count + 1, expected: "at most \(RowScanner.maximumColumns)")
      }
      if textColumns >> UInt32(count) & 1 == 1, textCount < 2 {
        texts[textCount] = try scanText(&cursor, end)
        textCount += 1
      } else {
        numbers[count] = try scanNumber(&cursor, end)
      }
      count += 1
      try finishField(&cursor, end)
    }
  }

  @inline(__always)
  private mutating func scanNumber(_ cursor: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) throws(RowProblem) -> Double {
    guard let number = NumberParser.parse(cursor, end) else {
      if separator != .blank, cursor < end, cursor.pointee == separatorByte { throw .empty(column: count) }
      throw RowScanner.isNotFiniteWord(cursor, end) ? .notFinite(column: count) : .notANumber(column: count)
    }
    guard number.end - cursor <= RowScanner.maximumFieldLength else { throw .tooLong(column: count) }
    guard number.value.isFinite else { throw .notFinite(column: count) }
    lastLength = number.end - cursor
    cursor = number.end
    return number.value
  }

  private func scanText(
    _ cursor: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) throws(RowProblem) -> UnsafeBufferPointer<UInt8> {
    let start = cursor
    while cursor < end, !isSeparator(cursor.pointee) { cursor += 1 }
    var stop = cursor
    while stop > start, RowScanner.isBlank((stop - 1).pointee) { stop -= 1 }
    guard stop > start else { throw .empty(column: count) }
    guard stop - start <= RowScanner.maximumFieldLength else { throw .tooLong(column: count) }
    return UnsafeBufferPointer(start: start, count: stop - start)
  }

  /// Behind a field: a separator and a further field, or the end of the line.
  @inline(__always)
  private func finishField(_ cursor: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) throws(RowProblem) {
    guard cursor < end else { return }
    let behind = cursor
    RowScanner.skipBlanks(&cursor, end)
    guard cursor < end else { return }
    switch separator {
    case .comma, .semicolon:
      guard cursor.pointee == separatorByte else { throw .notANumber(column: count - 1) }
      // One separator at the end of a line ends its last column.
      cursor += 1
      RowScanner.skipBlanks(&cursor, end)
    case .blank:
      guard cursor > behind else { throw .notANumber(column: count - 1) }
    }
  }

  @inline(__always)
  private func isSeparator(_ byte: UInt8) -> Bool {
    separator == .blank ? RowScanner.isBlank(byte) : byte == separatorByte
  }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  @inline(__always)
  private static func skipBlanks(_ cursor: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
    while cursor < end, isBlank(cursor.pointee) { cursor += 1 }
  }

  /// Whether the field is a spelling of NaN or infinity.
  static func isNotFiniteWord(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
    let word = UnsafeBufferPointer(start: start, count: min(end - start, 4))
    let text = String(decoding: word, as: UTF8.self).lowercased()
    return ["nan", "inf", "-nan", "-inf", "+nan", "+inf"].contains { text.hasPrefix($0) }
  }
}

// MARK: - Checked columns

extension RowScanner {
  /// An integer column, which may be written as `1.000000`.
  @inline(__always)
  func integer(_ column: Int, in range: ClosedRange<Int>) throws(RowProblem) -> Int {
    let value = numbers[column]
    guard value == value.rounded(.towardZero) else { throw .notAnInteger(column: column) }
    // Bounded: both ends of every range used are exact as doubles.
    guard value >= Double(range.lowerBound), value <= Double(range.upperBound) else { throw .outOfRange(column: column, range) }
    return Int(value)
  }

  /// A width or a height.
  @inline(__always)
  func size(_ column: Int) throws(RowProblem) -> Double {
    guard numbers[column] >= 0 else { throw .negativeSize(column: column) }
    return numbers[column]
  }

  @inline(__always)
  func require(_ counts: ClosedRange<Int>, named expected: @autoclosure () -> String) throws(RowProblem) {
    guard counts.contains(count) else { throw .columnCount(found: count, expected: expected()) }
  }
}
