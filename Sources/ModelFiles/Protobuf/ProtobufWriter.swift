/// Writes the fields of one protobuf message in the order in which they are given.
///
/// Source: Protocol Buffers, "Encoding" (protobuf.dev/programming-guides/encoding). Numbers of lists are packed.
package struct ProtobufWriter {
  /// The message so far.
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// An integer, also where it is zero: ONNX tells a size of zero from none.
  package mutating func add(_ number: Int, _ value: Int64) {
    key(number, wire: 0)
    varint(UInt64(bitPattern: value))
  }

  package mutating func add(_ number: Int, _ value: Float) {
    key(number, wire: 5)
    value.bitPattern.append(to: &bytes)
  }

  package mutating func add(_ number: Int, _ text: String) { add(number, Array(text.utf8)) }

  package mutating func add(_ number: Int, _ message: ProtobufWriter) { add(number, message.bytes) }

  package mutating func add(_ number: Int, _ content: [UInt8]) {
    key(number, wire: 2)
    varint(UInt64(content.count))
    bytes += content
  }

  package mutating func add(_ number: Int, _ values: [Int64]) {
    var list = ProtobufWriter()
    for value in values { list.varint(UInt64(bitPattern: value)) }
    add(number, list)
  }

  package mutating func add(_ number: Int, _ values: [Float]) {
    var list: [UInt8] = []
    for value in values { value.bitPattern.append(to: &list) }
    add(number, list)
  }

  private mutating func key(_ number: Int, wire: UInt64) { varint(UInt64(number) << 3 | wire) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
