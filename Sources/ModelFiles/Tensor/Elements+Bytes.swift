extension Elements {
  /// The elements that little-endian bytes hold.
  ///
  /// - Throws: `ModelFileError.malformed` where the bytes are not a whole number of elements.
  public init(bytes: UnsafeRawBufferPointer, type: ElementType) throws {
    guard bytes.count % type.byteCount == 0 else {
      throw ModelFileError.malformed("\(bytes.count) bytes are no whole number of \(type.rawValue) elements.")
    }
    switch type {
    case .float32: self = Elements.read(bytes, Float.self)
    case .float64: self = Elements.read(bytes, Double.self)
    case .float16: self = Elements.read(bytes, Float16.self)
    case .bfloat16: self = Elements.read(bytes, BFloat16.self)
    case .int8: self = Elements.read(bytes, Int8.self)
    case .int16: self = Elements.read(bytes, Int16.self)
    case .int32: self = Elements.read(bytes, Int32.self)
    case .int64: self = Elements.read(bytes, Int64.self)
    case .uint8: self = Elements.read(bytes, UInt8.self)
    case .uint16: self = Elements.read(bytes, UInt16.self)
    case .uint32: self = Elements.read(bytes, UInt32.self)
    case .uint64: self = Elements.read(bytes, UInt64.self)
    case .bool: self = Elements.read(bytes, Bool.self)
    }
  }

  private static func read<Element: TensorElement>(_ bytes: UnsafeRawBufferPointer, _: Element.Type) -> Elements {
    let size = Element.elementType.byteCount
    // In bounds: offset + size <= (count / size) * size <= bytes.count.
    return Element.wrap((0..<bytes.count / size).map { Element.load(bytes, at: $0 * size) })
  }

  /// The elements as little-endian bytes.
  public var littleEndianBytes: [UInt8] {
    switch self {
    case .float32(let values): Elements.bytes(values)
    case .float64(let values): Elements.bytes(values)
    case .float16(let values): Elements.bytes(values)
    case .bfloat16(let values): Elements.bytes(values)
    case .int8(let values): Elements.bytes(values)
    case .int16(let values): Elements.bytes(values)
    case .int32(let values): Elements.bytes(values)
    case .int64(let values): Elements.bytes(values)
    case .uint8(let values): Elements.bytes(values)
    case .uint16(let values): Elements.bytes(values)
    case .uint32(let values): Elements.bytes(values)
    case .uint64(let values): Elements.bytes(values)
    case .bool(let values): Elements.bytes(values)
    }
  }

  private static func bytes<Element: TensorElement>(_ values: [Element]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * Element.elementType.byteCount)
    for value in values { value.append(to: &bytes) }
    return bytes
  }

  /// The same type's elements made from 64-bit floats: rounded to nearest for float types; for integers the fraction is dropped and the
  /// value held inside the type's range (NaN becomes zero); for booleans whether it is not zero.
  public static func from(_ doubles: [Double], type: ElementType) -> Elements {
    switch type {
    case .float64: .float64(doubles)
    case .float32: .float32(doubles.map { Float($0) })
    case .float16: .float16(doubles.map { Float16($0) })
    case .bfloat16: .bfloat16(doubles.map { BFloat16(Float($0)) })
    case .bool: .bool(doubles.map { $0 != 0 })
    case .int8: .int8(doubles.map { clamped($0) })
    case .int16: .int16(doubles.map { clamped($0) })
    case .int32: .int32(doubles.map { clamped($0) })
    case .int64: .int64(doubles.map { clamped($0) })
    case .uint8: .uint8(doubles.map { clamped($0) })
    case .uint16: .uint16(doubles.map { clamped($0) })
    case .uint32: .uint32(doubles.map { clamped($0) })
    case .uint64: .uint64(doubles.map { clamped($0) })
    }
  }

  /// The integer towards zero, held inside the type's range.
  private static func clamped<Integer: FixedWidthInteger>(_ value: Double) -> Integer {
    if value.isNaN { return 0 }
    return Integer(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
  }

  /// The same type's elements made from 64-bit integers: the low bits for integer types, as casts between integers have it.
  public static func from(_ integers: [Int64], type: ElementType) -> Elements {
    switch type {
    case .float64: .float64(integers.map { Double($0) })
    case .float32: .float32(integers.map { Float($0) })
    case .float16: .float16(integers.map { Float16($0) })
    case .bfloat16: .bfloat16(integers.map { BFloat16(Float($0)) })
    case .bool: .bool(integers.map { $0 != 0 })
    case .int8: .int8(integers.map { Int8(truncatingIfNeeded: $0) })
    case .int16: .int16(integers.map { Int16(truncatingIfNeeded: $0) })
    case .int32: .int32(integers.map { Int32(truncatingIfNeeded: $0) })
    case .int64: .int64(integers.map { Int64(truncatingIfNeeded: $0) })
    case .uint8: .uint8(integers.map { UInt8(truncatingIfNeeded: $0) })
    case .uint16: .uint16(integers.map { UInt16(truncatingIfNeeded: $0) })
    case .uint32: .uint32(integers.map { UInt32(truncatingIfNeeded: $0) })
    case .uint64: .uint64(integers.map { UInt64(truncatingIfNeeded: $0) })
    }
  }

  /// `count` elements of zero (false).
  public static func zeros(_ count: Int, type: ElementType) -> Elements { from([Int64](repeating: 0, count: count), type: type) }
}
