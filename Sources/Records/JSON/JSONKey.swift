/// A key of an object, compared without making a string of it.
struct JSONKey {
  let bytes: UnsafeBufferPointer<UInt8>

  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Lets a key be matched against literals in a `switch`.
  @inline(__always)
  static func ~= (literal: StaticString, key: JSONKey) -> Bool {
    literal.utf8CodeUnitCount == key.bytes.count
      && key.bytes.elementsEqual(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }
}
