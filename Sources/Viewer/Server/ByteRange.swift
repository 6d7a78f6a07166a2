/// The bytes that a request asks for (RFC 9110, 14.1.2): one range, or all.
struct ByteRange: Equatable {
  /// The request asks for bytes that are not there.
  struct NotSatisfiable: Error {}

  let bytes: Range<Int>
  let isWhole: Bool

  /// - Parameters:
  ///   - header: The Range header; nil, several ranges and what cannot be read stand for the whole, as the RFC allows.
  ///   - size: Of the file.
  /// - Throws: `NotSatisfiable`.
  init(_ header: String?, size: Int) throws(NotSatisfiable) {
    let ends = ByteRange.ends(header)
    guard let ends else {
      (bytes, isWhole) = (0..<size, true)
      return
    }
    isWhole = false
    switch (ByteRange.number(ends.0), ByteRange.number(ends.1)) {
    case (nil, let last?) where ends.0.isEmpty:
      guard last > 0, size > 0 else { throw NotSatisfiable() }
      bytes = max(0, size - min(last, size))..<size
    case (let first?, let last) where last != nil || ends.1.isEmpty:
      guard first < size, last ?? first >= first else { throw NotSatisfiable() }
      bytes = first..<min(size - 1, last ?? size - 1) + 1
    default: throw NotSatisfiable()
    }
  }

  /// The two sides of a single range; nil where the header asks for none.
  private static func ends(_ header: String?) -> (String, String)? {
    guard let header, header.hasPrefix("bytes="), !header.contains(",") else { return nil }
    let ends = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    return ends.count == 2 ? (ends[0], ends[1]) : nil
  }

  /// Digits alone; nil for anything else and for what 64 bits do not hold.
  private static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return Int(text)
  }
}
