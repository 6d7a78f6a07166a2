import Foundation

/// Reads a text line by line through one buffer: neither the file nor a list of lines is ever held in memory.
///
/// A line ends with `\n` or `\r\n`, which are not part of it; the last may end with the file. A text that was looked at (`peek`) and has
/// `\r` alone ends its lines with that.
///
/// An error leaves the reader behind what caused it: after one about a line the next call gives the line that follows.
final class LineReader {
  /// One line; the bytes are valid only inside the closure that receives them.
  struct Line {
    let bytes: UnsafeBufferPointer<UInt8>
    /// From 1.
    let number: Int
    /// False for a last line that ends with the file instead of a line feed.
    let isTerminated: Bool
  }

  private let source: ByteSource
  /// A longer line is an error, so that a file without line feeds cannot fill the memory.
  var maximumLineLength: Int
  private var buffer: [UInt8]
  /// The part of the buffer not yet given out.
  private var start = 0
  private var end = 0
  private var isAtBeginning = true
  private var isAtEnd = false
  private var lineNumber = 0
  /// The byte that ends a line.
  private var terminator = UInt8(ascii: "\n")

  var name: String { source.name }

  /// What some editors put in front of UTF-8; no part of the text.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// - Parameter maximumLineLength: A longer line is an error, so that a file without line feeds cannot fill the memory.
  init(_ source: ByteSource, maximumLineLength: Int = 1 << 20) {
    self.source = source
    self.maximumLineLength = maximumLineLength
    buffer = [UInt8](repeating: 0, count: 1 << 17)
  }

  convenience init(path: String, maximumLineLength: Int = 1 << 20) throws(RecordsError) {
    self.init(try ByteSource(path: path), maximumLineLength: maximumLineLength)
  }

  /// The first bytes of the text, up to 128 KiB, without taking them; for a guess at the format.
  func peek<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) throws(RecordsError) -> Result {
    while !isAtEnd, end < buffer.count { try fill() }
    if lineNumber == 0, indexOfTerminator(from: start) == nil, buffer[start..<end].contains(UInt8(ascii: "\r")) {
      terminator = UInt8(ascii: "\r")
    }
    return buffer.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
  }

  /// About how many lines the text has, by its length and its first 128 KiB; nil where its length is not known.
  func estimatedLineCount() throws(RecordsError) -> Int? {
    let (bytes, lines) = try peek { bytes in (bytes.count, bytes.count { $0 == terminator }) }
    guard let length = source.length, lines > 0 else { return nil }
    // Shorter lines than this make no table, and the estimate decides how much memory is set aside.
    let average = max(Double(bytes) / Double(lines), LineReader.shortestAverage)
    // Bounded: by the length of a file, for a line has a byte or more.
    return Int(Double(length) / average * 1.02) + 1
  }

  private static let shortestAverage = 12.0

  /// Takes everything that is left, for texts that do not go by lines.
  func readAll(limit: Int) throws(RecordsError) -> [UInt8] {
    var bytes: [UInt8] = []
    if let length = source.length { bytes.reserveCapacity(min(length, limit)) }
    while true {
      bytes += buffer[start..<end]
      (start, end) = (0, 0)
      guard bytes.count <= limit else {
        throw .tooLarge(path: name, reason: "it has more than \(limit >> 20) MiB, which is the limit for this format")
      }
      if isAtEnd { return bytes }
      try fill()
    }
  }

  /// Gives every remaining line.
  @inline(__always)
  func forEachLine(_ body: (Line) throws(RecordsError) -> Void) throws(RecordsError) {
    while try nextLine(body) != nil {}
  }

  /// Gives the next line; nil at the end of the text.
  @inline(__always)
  func nextLine<Result>(_ body: (Line) throws(RecordsError) -> Result) throws(RecordsError) -> Result? {
    var searched = start
    while true {
      if let feed = indexOfTerminator(from: searched) {
        return try give(start..<feed, next: feed + 1, isTerminated: true, to: body)
      }
      searched = end
      if isAtEnd {
        guard start < end else { return nil }
        return try give(start..<end, next: end, isTerminated: false, to: body)
      }
      guard end - start <= maximumLineLength else { throw try passLongLine() }
      searched -= makeRoom()
      try fill()
    }
  }

  @inline(__always)
  private func give<Result>(
    _ range: Range<Int>, next: Int, isTerminated: Bool, to body: (Line) throws(RecordsError) -> Result
  ) throws(RecordsError) -> Result {
    lineNumber += 1
    start = next
    return try buffer.withUnsafeBufferPointer { (bytes) throws(RecordsError) -> Result in
      var line = UnsafeBufferPointer(rebasing: bytes[range])
      if line.last == UInt8(ascii: "\r") { line = UnsafeBufferPointer(rebasing: line.dropLast()) }
      return try body(Line(bytes: line, number: lineNumber, isTerminated: isTerminated))
    }
  }

  @inline(__always)
  private func indexOfTerminator(from: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      // In bounds: from ≤ end ≤ buffer.count, and the buffer is never empty.
      guard from < end, let base = bytes.baseAddress,
        let found = memchr(base + from, Int32(terminator), end - from)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Moves the open line to the buffer's front, or enlarges a buffer that it fills; returns by how much the bytes moved.
  private func makeRoom() -> Int {
    let length = end - start
    if start == 0 {
      if end == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
      return 0
    }
    let shift = start
    buffer.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      memmove(base, base + shift, length)
    }
    start = 0
    end = length
    return shift
  }

  /// Passes over a line that is too long, and gives the error about it.
  private func passLongLine() throws(RecordsError) -> RecordsError {
    lineNumber += 1
    repeat {
      (start, end) = (0, 0)
      try fill()
      if let feed = indexOfTerminator(from: 0) {
        start = feed + 1
        break
      }
    } while !isAtEnd
    if isAtEnd, indexOfTerminator(from: 0) == nil { start = end }
    let problem = LineProblem(line: lineNumber, reason: "longer than \(maximumLineLength) bytes; is this a text file?")
    return .malformedLines(path: name, lines: [problem], total: 1)
  }

  private func fill() throws(RecordsError) {
    let source = self.source
    let end = self.end
    let count = try buffer.withUnsafeMutableBytes { bytes in
      Result { () throws(RecordsError) in
        try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
      }
    }.get()
    if count == 0 { isAtEnd = true }
    self.end += count
    if isAtBeginning, count > 0 {
      isAtBeginning = false
      if let reason = ForeignContent.reason(buffer[..<self.end]) {
        (start, isAtEnd) = (self.end, true)
        throw .malformed(path: name, reason: reason)
      }
      if buffer.starts(with: LineReader.byteOrderMark) { start = LineReader.byteOrderMark.count }
    }
  }
}
