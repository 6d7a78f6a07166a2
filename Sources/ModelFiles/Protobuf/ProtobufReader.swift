/// Reads the fields of one protobuf message in their order, without a copy.
///
/// Source: Protocol Buffers, "Encoding" (protobuf.dev/programming-guides/encoding): a key is a varint of field number · 8 + wire type.
/// Groups (wire types 3 and 4) have been out of use since 2008 and are refused.
struct ProtobufReader {
  /// One field's content as it lies in the message.
  enum Content {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(ByteRegion)
  }

  struct Field {
    let number: Int
    let content: Content
  }

  private let region: ByteRegion
  private var position = 0
  /// Messages that this one lies in.
  private let depth: Int

  /// - Throws: `ModelFileError.tooLarge` for messages nested deeper than `ModelLimits.messageDepth`.
  init(_ region: ByteRegion, depth: Int = 0) throws {
    guard depth <= ModelLimits.messageDepth else {
      throw ModelFileError.tooLarge("\(region.file.name): messages are nested deeper than \(ModelLimits.messageDepth).")
    }
    self.region = region
    self.depth = depth
  }

  /// A reader of a message within this one.
  func nested(_ region: ByteRegion) throws -> ProtobufReader { try ProtobufReader(region, depth: depth + 1) }

  /// The next field; nil at the message's end.
  mutating func next() throws -> Field? {
    guard position < region.count else { return nil }
    let key = try varint()
    let number = key >> 3
    // Field numbers have 29 bits.
    guard number > 0, number < 1 << 29 else { throw malformed("has a field numbered \(number)") }
    let content: Content
    switch key & 7 {
    case 0: content = .varint(try varint())
    case 1: content = .fixed64(try fixed(8))
    case 2: content = .bytes(try bytes())
    case 5: content = .fixed32(UInt32(try fixed(4)))
    default: throw malformed("has a field of wire type \(key & 7)")
    }
    return Field(number: Int(number), content: content)
  }

  private mutating func varint() throws -> UInt64 {
    let start = position
    let limit = region.count
    let (value, end) = region.withBytes { bytes -> (UInt64, Int?) in
      var value: UInt64 = 0
      // A varint of 64 bits takes at most ten bytes; position < limit keeps the index inside.
      for index in 0..<10 where start + index < limit {
        let byte = bytes[start + index]
        value |= UInt64(byte & 0x7F) << UInt64(7 * index)
        if byte < 0x80 { return (value, start + index + 1) }
      }
      return (0, nil)
    }
    guard let end else { throw malformed("has a number that does not end") }
    position = end
    return value
  }

  private mutating func fixed(_ count: Int) throws -> UInt64 {
    guard let part = region.part(offset: position, count: count) else { throw malformed("ends within a number") }
    position += count
    return part.withBytes { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  }

  private mutating func bytes() throws -> ByteRegion {
    let count = try varint()
    guard let count = Int(exactly: count), let part = region.part(offset: position, count: count) else {
      throw malformed("has a field of \(count) bytes where \(region.count - position) are left")
    }
    position += part.count
    return part
  }

  func malformed(_ fault: String) -> ModelFileError {
    .malformed("\(region.file.name): is no whole protobuf file: a message \(fault); fetch it again.")
  }
}

extension ProtobufReader {
  /// Calls `body` with every field to the end.
  mutating func readEach(_ body: (Field, ProtobufReader) throws -> Void) throws {
    while let field = try next() { try body(field, self) }
  }

  /// The numbers of a repeated varint field, packed or not, added to `values`.
  func append(_ field: Field, to values: inout [Int64]) throws {
    switch field.content {
    case .varint(let value): values.append(Int64(bitPattern: value))
    case .bytes(let packed):
      var reader = try nested(packed)
      while reader.position < packed.count { values.append(Int64(bitPattern: try reader.varint())) }
    default: throw malformed("has a field \(field.number) that is no list of integers")
    }
  }

  /// The numbers of a repeated 32-bit float field, packed or not, added to `values`.
  func append(_ field: Field, to values: inout [Float]) throws {
    switch field.content {
    case .fixed32(let bits): values.append(Float(bitPattern: bits))
    case .bytes(let packed): try append(packed, size: 4) { values.append(Float(bitPattern: UInt32($0))) }
    default: throw malformed("has a field \(field.number) that is no list of 32-bit floats")
    }
  }

  /// The numbers of a repeated 64-bit float field, packed or not, added to `values`.
  func append(_ field: Field, to values: inout [Double]) throws {
    switch field.content {
    case .fixed64(let bits): values.append(Double(bitPattern: bits))
    case .bytes(let packed): try append(packed, size: 8) { values.append(Double(bitPattern: $0)) }
    default: throw malformed("has a field \(field.number) that is no list of 64-bit floats")
    }
  }

  private func append(_ packed: ByteRegion, size: Int, _ add: (UInt64) -> Void) throws {
    guard packed.count % size == 0 else { throw malformed("has a list of \(packed.count) bytes for numbers of \(size)") }
    var reader = try nested(packed)
    while reader.position < packed.count { add(try reader.fixed(size)) }
  }

  func integer(_ field: Field) throws -> Int64 {
    guard case .varint(let value) = field.content else { throw malformed("has a field \(field.number) that is no integer") }
    return Int64(bitPattern: value)
  }

  func float(_ field: Field) throws -> Float {
    guard case .fixed32(let bits) = field.content else { throw malformed("has a field \(field.number) that is no 32-bit float") }
    return Float(bitPattern: bits)
  }

  func region(_ field: Field) throws -> ByteRegion {
    guard case .bytes(let region) = field.content else { throw malformed("has a field \(field.number) that is no block of bytes") }
    return region
  }

  func text(_ field: Field) throws -> String { try region(field).text }
}
