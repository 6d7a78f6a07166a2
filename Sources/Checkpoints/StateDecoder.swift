/// Values of bytes that `StateEncoder` wrote; what does not fit is an error, and no more is allocated than the bytes can hold.
public struct StateDecoder {
  private init() {}

  /// The value of bytes, which must hold nothing else.
  ///
  /// - Throws: `DecodingError` for bytes that are no such value.
  public static func value<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    try read(bytes) { decoder in try Value(from: decoder) }
  }

  /// Hands the bytes to a reader that must use up all of them.
  ///
  /// - Throws: What the reader throws; `DecodingError` for bytes that are left.
  public static func read<Result>(_ bytes: [UInt8], _ body: (any Decoder) throws -> Result) throws -> Result {
    let input = StateInput(bytes)
    let result = try body(StateValueDecoder(input: input))
    guard input.left == 0 else { throw StateInput.malformed("there are \(input.left) bytes more than it should have") }
    return result
  }
}

/// The bytes with the place up to which they were read.
final class StateInput {
  private let bytes: [UInt8]
  private var place = 0
  /// How deep values lie within each other: none of the program's own lies deeper than a tenth of this.
  private var depth = 0
  private static let greatestDepth = 200

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var left: Int { bytes.count - place }

  static func malformed(_ reason: String) -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: reason))
  }

  private func take(_ count: Int) throws -> Range<Int> {
    guard count >= 0, count <= left else { throw StateInput.malformed("it ends too early") }
    place += count
    return place - count..<place
  }

  func raw<Value: BitwiseCopyable>(_ zero: Value) throws -> Value {
    let range = try take(MemoryLayout<Value>.size)
    // The range has the size of the value, and lies within the bytes.
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self) }
  }

  func integer() throws -> Int { Int(Int64(littleEndian: try raw(Int64(0)))) }

  func flag() throws -> Bool {
    switch try raw(UInt8(0)) {
    case 0: return false
    case 1: return true
    default: throw StateInput.malformed("a yes or no is neither")
    }
  }

  func text() throws -> String {
    guard let text = String(validating: bytes[try take(try integer())], as: UTF8.self) else {
      throw StateInput.malformed("a text is no UTF-8")
    }
    return text
  }

  /// The count of an array; every element takes at least a byte.
  func count() throws -> Int {
    let count = try integer()
    guard (0...left).contains(count) else { throw StateInput.malformed("an array is longer than what is there") }
    return count
  }

  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let whole = try whole(type) as? Value { return whole }
    depth += 1
    defer { depth -= 1 }
    guard depth <= StateInput.greatestDepth else { throw StateInput.malformed("values lie too deep within each other") }
    return try Value(from: StateValueDecoder(input: self))
  }

  /// An array that was copied as a whole; nil for values of other types.
  private func whole(_ type: any Any.Type) throws -> Any? {
    if type == [UInt8].self { return try numbers(UInt8(0)) }
    if type == [Float].self { return try numbers(Float(0)) }
    if type == [Double].self { return try numbers(0.0) }
    if type == [SIMD2<Float>].self { return try numbers(SIMD2<Float>.zero) }
    return nil
  }

  private func numbers<Number: BitwiseCopyable>(_ zero: Number) throws -> [Number] {
    let count = try integer()
    let (size, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Number>.stride)
    guard !overflows else { throw StateInput.malformed("an array is longer than what is there") }
    let range = try take(size)
    return bytes.withUnsafeBytes { bytes in
      [Number](unsafeUninitializedCapacity: count) { room, filled in
        // The range holds just as many bytes as the room.
        UnsafeMutableRawBufferPointer(room).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
        filled = count
      }
    }
  }
}

/// The decoder that a value's own `init(from:)` is given.
struct StateValueDecoder: Decoder {
  let input: StateInput
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(StoredFields<Key>(input: input))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { StoredElements(input: input, total: try input.count()) }

  func singleValueContainer() -> any SingleValueDecodingContainer { StoredSingle(input: input) }
}

/// The fields of a structure, which come in its order.
private struct StoredFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let input: StateInput
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) throws -> Bool { try !input.flag() }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try input.flag() }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try input.text() }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try input.raw(0.0) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try input.raw(Float(0)) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try input.integer() }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try input.value(type) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedDecodingContainer<Nested> {
    KeyedDecodingContainer(StoredFields<Nested>(input: input))
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    StoredElements(input: input, total: try input.count())
  }
  func superDecoder() -> any Decoder { StateValueDecoder(input: input) }
  func superDecoder(forKey key: Key) -> any Decoder { StateValueDecoder(input: input) }
}

/// The elements of an array.
private struct StoredElements: UnkeyedDecodingContainer {
  let input: StateInput
  let total: Int
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { total }
  var isAtEnd: Bool { currentIndex >= total }

  init(input: StateInput, total: Int) { (self.input, self.total) = (input, total) }

  private mutating func next() throws {
    guard !isAtEnd else { throw StateInput.malformed("an array is too short") }
    currentIndex += 1
  }

  mutating func decodeNil() -> Bool { false }
  mutating func decode(_ type: Bool.Type) throws -> Bool {
    try next()
    return try input.flag()
  }
  mutating func decode(_ type: String.Type) throws -> String {
    try next()
    return try input.text()
  }
  mutating func decode(_ type: Double.Type) throws -> Double {
    try next()
    return try input.raw(0.0)
  }
  mutating func decode(_ type: Float.Type) throws -> Float {
    try next()
    return try input.raw(Float(0))
  }
  mutating func decode(_ type: Int.Type) throws -> Int {
    try next()
    return try input.integer()
  }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next()
    return try input.value(type)
  }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    try next()
    return KeyedDecodingContainer(StoredFields<Nested>(input: input))
  }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next()
    return StoredElements(input: input, total: try input.count())
  }
  mutating func superDecoder() -> any Decoder { StateValueDecoder(input: input) }
}

/// A value without parts.
private struct StoredSingle: SingleValueDecodingContainer {
  let input: StateInput
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }
  func decode(_ type: Bool.Type) throws -> Bool { try input.flag() }
  func decode(_ type: String.Type) throws -> String { try input.text() }
  func decode(_ type: Double.Type) throws -> Double { try input.raw(0.0) }
  func decode(_ type: Float.Type) throws -> Float { try input.raw(Float(0)) }
  func decode(_ type: Int.Type) throws -> Int { try input.integer() }
  func decode(_ type: Int8.Type) throws -> Int8 { try input.raw(Int8(0)) }
  func decode(_ type: Int16.Type) throws -> Int16 { Int16(littleEndian: try input.raw(Int16(0))) }
  func decode(_ type: Int32.Type) throws -> Int32 { Int32(littleEndian: try input.raw(Int32(0))) }
  func decode(_ type: Int64.Type) throws -> Int64 { Int64(littleEndian: try input.raw(Int64(0))) }
  func decode(_ type: UInt.Type) throws -> UInt { UInt(UInt64(littleEndian: try input.raw(UInt64(0)))) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try input.raw(UInt8(0)) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { UInt16(littleEndian: try input.raw(UInt16(0))) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { UInt32(littleEndian: try input.raw(UInt32(0))) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { UInt64(littleEndian: try input.raw(UInt64(0))) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try input.value(type) }
}
