// One conformance a type: they differ in the case of `Elements` and in how a value lies in bytes.

extension Float: TensorElement {
  public static var elementType: ElementType { .float32 }
  public static func wrap(_ values: [Float]) -> Elements { .float32(values) }
  public static func unwrap(_ elements: Elements) -> [Float]? {
    guard case .float32(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Float {
    Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Double: TensorElement {
  public static var elementType: ElementType { .float64 }
  public static func wrap(_ values: [Double]) -> Elements { .float64(values) }
  public static func unwrap(_ elements: Elements) -> [Double]? {
    guard case .float64(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
    Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Float16: TensorElement {
  public static var elementType: ElementType { .float16 }
  public static func wrap(_ values: [Float16]) -> Elements { .float16(values) }
  public static func unwrap(_ elements: Elements) -> [Float16]? {
    guard case .float16(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Float16 {
    Float16(bitPattern: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension BFloat16: TensorElement {
  public static var elementType: ElementType { .bfloat16 }
  public static var zero: BFloat16 { BFloat16(bitPattern: 0) }
  public static func wrap(_ values: [BFloat16]) -> Elements { .bfloat16(values) }
  public static func unwrap(_ elements: Elements) -> [BFloat16]? {
    guard case .bfloat16(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> BFloat16 {
    BFloat16(bitPattern: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Int8: TensorElement {
  public static var elementType: ElementType { .int8 }
  public static func wrap(_ values: [Int8]) -> Elements { .int8(values) }
  public static func unwrap(_ elements: Elements) -> [Int8]? {
    guard case .int8(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int8 {
    bytes.loadUnaligned(fromByteOffset: offset, as: Int8.self)
  }
  public func append(to bytes: inout [UInt8]) { bytes.append(UInt8(bitPattern: self)) }
}

extension Int16: TensorElement {
  public static var elementType: ElementType { .int16 }
  public static func wrap(_ values: [Int16]) -> Elements { .int16(values) }
  public static func unwrap(_ elements: Elements) -> [Int16]? {
    guard case .int16(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int16 {
    Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int16.self))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: self.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Int32: TensorElement {
  public static var elementType: ElementType { .int32 }
  public static func wrap(_ values: [Int32]) -> Elements { .int32(values) }
  public static func unwrap(_ elements: Elements) -> [Int32]? {
    guard case .int32(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
    Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: self.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Int64: TensorElement {
  public static var elementType: ElementType { .int64 }
  public static func wrap(_ values: [Int64]) -> Elements { .int64(values) }
  public static func unwrap(_ elements: Elements) -> [Int64]? {
    guard case .int64(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int64 {
    Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: self.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension UInt8: TensorElement {
  public static var elementType: ElementType { .uint8 }
  public static func wrap(_ values: [UInt8]) -> Elements { .uint8(values) }
  public static func unwrap(_ elements: Elements) -> [UInt8]? {
    guard case .uint8(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt8 {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt8.self)
  }
  public func append(to bytes: inout [UInt8]) { bytes.append(self) }
}

extension UInt16: TensorElement {
  public static var elementType: ElementType { .uint16 }
  public static func wrap(_ values: [UInt16]) -> Elements { .uint16(values) }
  public static func unwrap(_ elements: Elements) -> [UInt16]? {
    guard case .uint16(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt16 {
    UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: self.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension UInt32: TensorElement {
  public static var elementType: ElementType { .uint32 }
  public static func wrap(_ values: [UInt32]) -> Elements { .uint32(values) }
  public static func unwrap(_ elements: Elements) -> [UInt32]? {
    guard case .uint32(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: self.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension UInt64: TensorElement {
  public static var elementType: ElementType { .uint64 }
  public static func wrap(_ values: [UInt64]) -> Elements { .uint64(values) }
  public static func unwrap(_ elements: Elements) -> [UInt64]? {
    guard case .uint64(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
  public func append(to bytes: inout [UInt8]) { withUnsafeBytes(of: self.littleEndian) { bytes.append(contentsOf: $0) } }
}

extension Bool: TensorElement {
  public static var elementType: ElementType { .bool }
  public static var zero: Bool { false }
  public static func wrap(_ values: [Bool]) -> Elements { .bool(values) }
  public static func unwrap(_ elements: Elements) -> [Bool]? {
    guard case .bool(let values) = elements else { return nil }
    return values
  }
  public static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt8.self) != 0
  }
  public func append(to bytes: inout [UInt8]) { bytes.append((self ? 1 : 0) as UInt8) }
}
