/// Values as bytes, for checkpoints: every field in the order in which its type encodes it, without names.
///
/// Numbers are 8 bytes of little-endian order (bytes one, Float four), texts and arrays begin with their count, optionals with a byte that is 0 for
/// nil. So only the program that wrote the bytes can read them, which `CheckpointFile` sees to. Dictionaries, whose order is not fixed, enumerations
/// with values, and optionals within arrays have no such form: types that hold them encode something else in their stead.
public struct StateEncoder {
  private init() {}

  /// The bytes of a value.
  ///
  /// - Throws: `EncodingError` for a value that has no such form.
  public static func bytes(of value: some Encodable) throws -> [UInt8] {
    let output = StateOutput()
    try output.append(value)
    return output.bytes
  }
}

/// The bytes so far.
final class StateOutput {
  var bytes: [UInt8] = []

  func append(raw value: some BitwiseCopyable) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }

  func append(_ value: Int) { append(raw: Int64(value).littleEndian) }

  func append(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  func append(_ text: String) {
    append(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  func append<Value: Encodable>(_ value: Value) throws {
    // Arrays of plain numbers, in which most bytes are, are copied as a whole.
    if Value.self == [UInt8].self, let numbers = value as? [UInt8] {
      append(whole: numbers)
    } else if Value.self == [Float].self, let numbers = value as? [Float] {
      append(whole: numbers)
    } else if Value.self == [Double].self, let numbers = value as? [Double] {
      append(whole: numbers)
    } else if Value.self == [SIMD2<Float>].self, let numbers = value as? [SIMD2<Float>] {
      append(whole: numbers)
    } else {
      try value.encode(to: StateValueEncoder(output: self))
    }
  }

  private func append<Number: BitwiseCopyable>(whole numbers: [Number]) {
    append(numbers.count)
    numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Writes a count at a place that was kept for it.
  func patch(_ count: Int, at place: Int) {
    withUnsafeBytes(of: Int64(count).littleEndian) { count in
      for (offset, byte) in count.enumerated() { bytes[place + offset] = byte }
    }
  }
}

/// The encoder that a value's own `encode(to:)` is given.
struct StateValueEncoder: Encoder {
  let output: StateOutput
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(StateFields<Key>(output: output))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { StateElements(output: output) }

  func singleValueContainer() -> any SingleValueEncodingContainer { StateSingle(output: output) }
}

/// The fields of a structure.
private struct StateFields<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let output: StateOutput
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) { output.append(false) }
  func encode(_ value: Bool, forKey key: Key) { output.append(value) }
  func encode(_ value: String, forKey key: Key) { output.append(value) }
  func encode(_ value: Double, forKey key: Key) { output.append(raw: value) }
  func encode(_ value: Float, forKey key: Key) { output.append(raw: value) }
  func encode(_ value: Int, forKey key: Key) { output.append(value) }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try output.append(value) }

  // The usual ones leave a nil out; here each optional says whether it is there.
  func encodeIfPresent(_ value: Bool?, forKey key: Key) { if let value = present(value) { output.append(value) } }
  func encodeIfPresent(_ value: String?, forKey key: Key) { if let value = present(value) { output.append(value) } }
  func encodeIfPresent(_ value: Double?, forKey key: Key) { if let value = present(value) { output.append(raw: value) } }
  func encodeIfPresent(_ value: Float?, forKey key: Key) { if let value = present(value) { output.append(raw: value) } }
  func encodeIfPresent(_ value: Int?, forKey key: Key) { if let value = present(value) { output.append(value) } }
  // Each of these has a usual one of its own, which the general one below does not replace.
  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try some(value) }
  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws { try some(value) }

  private func some<Value: Encodable>(_ value: Value?) throws {
    if let value = present(value) { try output.append(value) }
  }

  private func present<Value>(_ value: Value?) -> Value? {
    output.append(value != nil)
    return value
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
    KeyedEncodingContainer(StateFields<Nested>(output: output))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { StateElements(output: output) }
  func superEncoder() -> any Encoder { StateValueEncoder(output: output) }
  func superEncoder(forKey key: Key) -> any Encoder { StateValueEncoder(output: output) }
}

/// The elements of an array, behind their count, which is known last.
private struct StateElements: UnkeyedEncodingContainer {
  let output: StateOutput
  private let place: Int
  private(set) var count = 0
  var codingPath: [any CodingKey] { [] }

  init(output: StateOutput) {
    self.output = output
    place = output.bytes.count
    output.append(0)
  }

  private mutating func next() {
    count += 1
    output.patch(count, at: place)
  }

  mutating func encodeNil() throws { throw StateSingle.noForm("a missing element of an array") }
  mutating func encode(_ value: Bool) {
    next()
    output.append(value)
  }
  mutating func encode(_ value: String) {
    next()
    output.append(value)
  }
  mutating func encode(_ value: Double) {
    next()
    output.append(raw: value)
  }
  mutating func encode(_ value: Float) {
    next()
    output.append(raw: value)
  }
  mutating func encode(_ value: Int) {
    next()
    output.append(value)
  }
  mutating func encode<Value: Encodable>(_ value: Value) throws {
    next()
    try output.append(value)
  }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    next()
    return KeyedEncodingContainer(StateFields<Nested>(output: output))
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    next()
    return StateElements(output: output)
  }
  mutating func superEncoder() -> any Encoder { StateValueEncoder(output: output) }
}

/// A value without parts.
private struct StateSingle: SingleValueEncodingContainer {
  let output: StateOutput
  var codingPath: [any CodingKey] { [] }

  func encodeNil() throws { throw StateSingle.noForm("an optional that is no field") }
  func encode(_ value: Bool) { output.append(value) }
  func encode(_ value: String) { output.append(value) }
  func encode(_ value: Double) { output.append(raw: value) }
  func encode(_ value: Float) { output.append(raw: value) }
  func encode(_ value: Int) { output.append(value) }
  func encode(_ value: Int8) { output.append(raw: value) }
  func encode(_ value: Int16) { output.append(raw: value.littleEndian) }
  func encode(_ value: Int32) { output.append(raw: value.littleEndian) }
  func encode(_ value: Int64) { output.append(raw: value.littleEndian) }
  func encode(_ value: UInt) { output.append(raw: UInt64(value).littleEndian) }
  func encode(_ value: UInt8) { output.append(raw: value) }
  func encode(_ value: UInt16) { output.append(raw: value.littleEndian) }
  func encode(_ value: UInt32) { output.append(raw: value.littleEndian) }
  func encode(_ value: UInt64) { output.append(raw: value.littleEndian) }
  func encode(_ value: some Encodable) throws { try output.append(value) }

  static func noForm(_ what: String) -> EncodingError {
    .invalidValue(what, EncodingError.Context(codingPath: [], debugDescription: "\(what) has no form in a checkpoint"))
  }
}
