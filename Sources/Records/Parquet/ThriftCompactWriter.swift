/// Writes structures in Thrift's compact protocol, as far as Parquet's metadata need it.
///
/// Thrift, "Compact protocol encoding": fields in ascending order, each with the distance to the one before and its type in one byte.
struct ThriftCompactWriter {
  private enum Kind: UInt8 {
    case integer32 = 5, integer64 = 6, binary = 8, list = 9, structure = 12
  }

  private(set) var bytes: [UInt8] = []
  /// The number of the field written last, of each structure that is open.
  private var last: [Int] = [0]

  mutating func integer32(_ field: Int, _ value: Int) {
    begin(field, .integer32)
    zigzag(value)
  }

  mutating func integer64(_ field: Int, _ value: Int) {
    begin(field, .integer64)
    zigzag(value)
  }

  mutating func text(_ field: Int, _ text: String) {
    begin(field, .binary)
    plain(text)
  }

  mutating func structure(_ field: Int, _ body: (inout ThriftCompactWriter) -> Void) {
    begin(field, .structure)
    nested(body)
  }

  mutating func structures<Element>(
    _ field: Int, _ elements: [Element], _ body: (inout ThriftCompactWriter, Element) -> Void
  ) {
    begin(field, .list)
    listHead(elements.count, .structure)
    for element in elements { nested { body(&$0, element) } }
  }

  mutating func integers(_ field: Int, _ values: [Int]) {
    begin(field, .list)
    listHead(values.count, .integer32)
    for value in values { zigzag(value) }
  }

  mutating func texts(_ field: Int, _ texts: [String]) {
    begin(field, .list)
    listHead(texts.count, .binary)
    for text in texts { plain(text) }
  }

  /// Ends the outermost structure.
  mutating func end() { bytes.append(0) }

  private mutating func nested(_ body: (inout ThriftCompactWriter) -> Void) {
    last.append(0)
    body(&self)
    last.removeLast()
    bytes.append(0)
  }

  private mutating func begin(_ field: Int, _ kind: Kind) {
    let distance = field - last[last.count - 1]
    assert((1...15).contains(distance))
    bytes.append(UInt8(distance) << 4 | kind.rawValue)
    last[last.count - 1] = field
  }

  private mutating func listHead(_ count: Int, _ kind: Kind) {
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      bytes.appendVariable(UInt64(count))
    }
  }

  private mutating func plain(_ text: String) {
    bytes.appendVariable(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  private mutating func zigzag(_ value: Int) { bytes.appendVariable(value.zigzag) }
}

extension [UInt8] {
  /// Appends a number in groups of seven bits, the lowest first (ULEB128).
  mutating func appendVariable(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Appends the bytes of a number, the lowest first.
  mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

extension Int {
  /// Small numbers of either sign as small ones without.
  var zigzag: UInt64 { UInt64(bitPattern: Int64(self << 1 ^ self >> (Int.bitWidth - 1))) }
}
