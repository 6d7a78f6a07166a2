// One conformance a type: they differ in the case of `Elements` and in how a value lies in bytes.

/// Integers lie in bytes as they are, the lowest byte first.
extension TensorElement where Self: FixedWidthInteger & BitwiseCopyable {
  /// The integer of `byteCount` little-endian bytes at `offset`; the caller has checked that they lie inside.
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Self {
    Self(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Self.self))
  }
  /// Appends the integer's bytes, the lowest first.
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Float: TensorElement {
  /// In files a 32-bit float (IEEE 754 binary32).
  public static var elementType: ElementType { .float32 }
  /// The values as the case `float32`.
  public static func wrap(_ values: [Float]) -> Elements { .float32(values) }
  /// The values of the case `float32`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [Float]? {
    guard case .float32(let values) = elements else { return nil }
    return values
  }
  /// The number whose bit pattern stands at `offset`, the lowest byte first; the caller has checked that 4 bytes lie inside.
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Float {
    Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }
  /// Appends the 4 bytes of the bit pattern, the lowest first.
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Double: TensorElement {
  /// In files a 64-bit float (IEEE 754 binary64).
  public static var elementType: ElementType { .float64 }
  /// The values as the case `float64`.
  public static func wrap(_ values: [Double]) -> Elements { .float64(values) }
  /// The values of the case `float64`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [Double]? {
    guard case .float64(let values) = elements else { return nil }
    return values
  }
  /// The number whose bit pattern stands at `offset`, the lowest byte first; the caller has checked that 8 bytes lie inside.
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
    Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
  }
  /// Appends the 8 bytes of the bit pattern, the lowest first.
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Float16: TensorElement {
  /// In files a 16-bit float (IEEE 754 binary16).
  public static var elementType: ElementType { .float16 }
  /// The values as the case `float16`.
  public static func wrap(_ values: [Float16]) -> Elements { .float16(values) }
  /// The values of the case `float16`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [Float16]? {
    guard case .float16(let values) = elements else { return nil }
    return values
  }
  /// The number whose bit pattern stands at `offset`, the lowest byte first; the caller has checked that 2 bytes lie inside.
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Float16 {
    Float16(bitPattern: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }
  /// Appends the 2 bytes of the bit pattern, the lowest first.
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension BFloat16: TensorElement {
  /// In files the upper half of a 32-bit float.
  public static var elementType: ElementType { .bfloat16 }
  /// Positive zero.
  public static var zero: BFloat16 { BFloat16(bitPattern: 0) }
  /// The values as the case `bfloat16`.
  public static func wrap(_ values: [BFloat16]) -> Elements { .bfloat16(values) }
  /// The values of the case `bfloat16`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [BFloat16]? {
    guard case .bfloat16(let values) = elements else { return nil }
    return values
  }
  /// The number whose bit pattern stands at `offset`, the lowest byte first; the caller has checked that 2 bytes lie inside.
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> BFloat16 {
    BFloat16(bitPattern: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }
  /// Appends the 2 bytes of the bit pattern, the lowest first.
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Int8: TensorElement {
  /// In files a signed byte.
  public static var elementType: ElementType { .int8 }
  /// The values as the case `int8`.
  public static func wrap(_ values: [Int8]) -> Elements { .int8(values) }
  /// The values of the case `int8`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [Int8]? {
    guard case .int8(let values) = elements else { return nil }
    return values
  }
}

extension Int16: TensorElement {
  /// In files a signed integer of 16 bits.
  public static var elementType: ElementType { .int16 }
  /// The values as the case `int16`.
  public static func wrap(_ values: [Int16]) -> Elements { .int16(values) }
  /// The values of the case `int16`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [Int16]? {
    guard case .int16(let values) = elements else { return nil }
    return values
  }
}

extension Int32: TensorElement {
  /// In files a signed integer of 32 bits.
  public static var elementType: ElementType { .int32 }
  /// The values as the case `int32`.
  public static func wrap(_ values: [Int32]) -> Elements { .int32(values) }
  /// The values of the case `int32`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [Int32]? {
    guard case .int32(let values) = elements else { return nil }
    return values
  }
}

extension Int64: TensorElement {
  /// In files a signed integer of 64 bits.
  public static var elementType: ElementType { .int64 }
  /// The values as the case `int64`.
  public static func wrap(_ values: [Int64]) -> Elements { .int64(values) }
  /// The values of the case `int64`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [Int64]? {
    guard case .int64(let values) = elements else { return nil }
    return values
  }
}

extension UInt8: TensorElement {
  /// In files a byte.
  public static var elementType: ElementType { .uint8 }
  /// The values as the case `uint8`.
  public static func wrap(_ values: [UInt8]) -> Elements { .uint8(values) }
  /// The values of the case `uint8`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [UInt8]? {
    guard case .uint8(let values) = elements else { return nil }
    return values
  }
}

extension UInt16: TensorElement {
  /// In files an unsigned integer of 16 bits.
  public static var elementType: ElementType { .uint16 }
  /// The values as the case `uint16`.
  public static func wrap(_ values: [UInt16]) -> Elements { .uint16(values) }
  /// The values of the case `uint16`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [UInt16]? {
    guard case .uint16(let values) = elements else { return nil }
    return values
  }
}

extension UInt32: TensorElement {
  /// In files an unsigned integer of 32 bits.
  public static var elementType: ElementType { .uint32 }
  /// The values as the case `uint32`.
  public static func wrap(_ values: [UInt32]) -> Elements { .uint32(values) }
  /// The values of the case `uint32`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [UInt32]? {
    guard case .uint32(let values) = elements else { return nil }
    return values
  }
}

extension UInt64: TensorElement {
  /// In files an unsigned integer of 64 bits.
  public static var elementType: ElementType { .uint64 }
  /// The values as the case `uint64`.
  public static func wrap(_ values: [UInt64]) -> Elements { .uint64(values) }
  /// The values of the case `uint64`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [UInt64]? {
    guard case .uint64(let values) = elements else { return nil }
    return values
  }
}

extension Bool: TensorElement {
  /// In files a byte that is 0 or 1.
  public static var elementType: ElementType { .bool }
  /// What a tensor of zeros holds: false.
  public static var zero: Bool { false }
  /// The values as the case `bool`.
  public static func wrap(_ values: [Bool]) -> Elements { .bool(values) }
  /// The values of the case `bool`; nil for any other.
  public static func unwrap(_ elements: Elements) -> [Bool]? {
    guard case .bool(let values) = elements else { return nil }
    return values
  }
  /// True for any byte but 0.
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt8.self) != 0
  }
  /// Appends 1 or 0.
  public func append(to bytes: inout [UInt8]) { bytes.append((self ? 1 : 0) as UInt8) }
}
