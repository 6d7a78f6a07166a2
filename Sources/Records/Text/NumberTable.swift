/// Columns of numbers from a comma-separated text whose first line names them.
///
/// Only the columns that are asked for are looked at: others may hold text or be missing at the end of a line, and a comma at the end of every
/// line does no harm. A line with more fields than the first line names is refused: with commas for decimal signs every number would be two.
public struct NumberTable: Sendable, Equatable {
  /// The numbers of each column that was asked for, in that order.
  public var columns: [[Double]]

  /// The number of rows.
  public var count: Int { columns.first?.count ?? 0 }

  /// A file with more rows is refused.
  public static let maximumRows = 20_000_000

  /// Reads a file, gzipped or not; `-` is standard input.
  ///
  /// - Parameter names: The columns, as the first line has them.
  /// - Throws: `RecordsError`; all bad lines together, the first ten in full.
  public static func read(path: String, columns names: [String]) throws(RecordsError) -> NumberTable {
    try read(try LineReader(path: path), names)
  }

  /// Reads the bytes of such a file.
  public static func read(bytes: some Collection<UInt8>, name: String, columns names: [String]) throws(RecordsError) -> NumberTable
  {
    try read(LineReader(ByteSource(bytes: bytes, name: name)), names)
  }

  private static func read(_ reader: LineReader, _ names: [String]) throws(RecordsError) -> NumberTable {
    let header = try reader.nextLine { line throws(RecordsError) in headerNames(line.bytes) }
    guard let header else { throw .malformed(path: reader.name, reason: "it is empty; its first line names the columns") }
    let places = try names.map { name throws(RecordsError) in
      guard let place = header.firstIndex(of: name) else {
        let known = header.prefix(24).joined(separator: ", ")
        throw .malformed(path: reader.name, reason: "it has no column \"\(name)\"; its first line names \(known)")
      }
      guard header.lastIndex(of: name) == place else {
        throw .malformed(
          path: reader.name,
          reason: "it has two columns \"\(name)\", so that nobody can tell which is meant; give each its own name")
      }
      return place
    }
    return try read(reader, places, named: header.count - (header.last?.isEmpty == true ? 1 : 0))
  }

  private static func headerNames(_ line: UnsafeBufferPointer<UInt8>) -> [String] {
    line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { field in
      String(decoding: field, as: UTF8.self).trimmed
    }
  }

  private static func read(_ reader: LineReader, _ places: [Int], named count: Int) throws(RecordsError) -> NumberTable {
    var table = NumberTable(columns: [[Double]](repeating: [], count: places.count))
    var problems = LineProblems(limit: 10)
    var row = [Double](repeating: 0, count: places.count)
    let width = (places.max() ?? 0) + 1
    var starts = [Int](repeating: 0, count: width + 1)
    try reader.forEachLine { line throws(RecordsError) in
      let found = fieldStarts(line.bytes, into: &starts)
      if found == 1, line.bytes.allSatisfy(RowScanner.isBlank) { return }
      do throws(RowProblem) {
        guard found >= width else { throw .columnCount(found: found, expected: "at least \(width)") }
        let all = fieldCount(line.bytes)
        guard all <= count else {
          throw .columnCount(found: all, expected: "at most \(count), which the first line names (decimal signs are points)")
        }
        for (index, place) in places.enumerated() {
          row[index] = try number(line.bytes, starts[place]..<starts[place + 1] - 1, column: place)
        }
        for index in places.indices { table.columns[index].append(row[index]) }
      } catch {
        problems.add(line: line.number, error.reason(line: line.bytes, separator: .comma))
      }
      guard table.count <= maximumRows else { throw .tooLarge(path: reader.name, reason: "it has more than \(maximumRows) rows") }
    }
    try problems.throwIfAny(path: reader.name)
    return table
  }

  /// Where the first fields begin, and behind them where the next one would; returns how many were found, at most as many as are asked for.
  @inline(__always)
  private static func fieldStarts(_ line: UnsafeBufferPointer<UInt8>, into starts: inout [Int]) -> Int {
    var found = 0
    for index in line.indices where line[index] == UInt8(ascii: ",") {
      found += 1
      starts[found] = index + 1
      if found == starts.count - 1 { return found }
    }
    starts[found + 1] = line.count + 1
    return found + 1
  }

  /// The fields of a line but for an empty last one.
  @inline(__always)
  private static func fieldCount(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    var (count, isEmpty) = (0, true)
    for byte in line {
      if byte == UInt8(ascii: ",") {
        (count, isEmpty) = (count + 1, true)
      } else if !RowScanner.isBlank(byte) {
        isEmpty = false
      }
    }
    return count + (isEmpty ? 0 : 1)
  }

  @inline(__always)
  private static func number(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, column: Int) throws(RowProblem) -> Double {
    guard let base = line.baseAddress else { throw .empty(column: column) }
    var start = base + range.lowerBound
    var end = base + range.upperBound
    while start < end, RowScanner.isBlank(start.pointee) { start += 1 }
    while end > start, RowScanner.isBlank((end - 1).pointee) { end -= 1 }
    guard start < end else { throw .empty(column: column) }
    guard end - start <= RowScanner.maximumFieldLength else { throw .tooLong(column: column) }
    guard let number = NumberParser.parse(start, end), number.end == end else {
      throw RowScanner.isNotFiniteWord(start, end) ? .notFinite(column: column) : .notANumber(column: column)
    }
    guard number.value.isFinite else { throw .notFinite(column: column) }
    return number.value
  }
}

extension String {
  /// The text without blanks and quotes around it.
  fileprivate var trimmed: String {
    var text = self[...]
    let outer: Set<Character> = [" ", "\t", "\"", "\u{FEFF}"]
    while let first = text.first, outer.contains(first) { text.removeFirst() }
    while let last = text.last, outer.contains(last) { text.removeLast() }
    return String(text)
  }
}
