/// The type of a tensor's elements.
public enum ElementType: String, Sendable, CaseIterable {
  case float32, float64, float16, bfloat16
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case bool

  /// Bytes of one element in memory and in every file format.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// Whether it is a float type of any width.
  public var isFloat: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    default: false
    }
  }

  /// Whether it is a float type that kernels widen to 32 bits before they compute.
  public var isHalf: Bool { self == .float16 || self == .bfloat16 }
}

/// A Swift type that a tensor can hold.
public protocol TensorElement: Sendable, Equatable {
  /// The type's name in files and messages.
  static var elementType: ElementType { get }
  /// Zero, or false.
  static var zero: Self { get }
  /// The values as a tensor's elements.
  static func wrap(_ values: [Self]) -> Elements
  /// The values, where they are of this type.
  static func unwrap(_ elements: Elements) -> [Self]?
  /// The value of `byteCount` little-endian bytes at `offset`; the caller has checked that they lie inside.
  static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Self
  /// Appends the value as `byteCount` little-endian bytes.
  func append(to bytes: inout [UInt8])
}

/// A 32-bit float's upper half: 8 bits of exponent, 8 significant bits.
public struct BFloat16: Sendable, Equatable {
  /// Sign, exponent and significant bits, from the highest bit on.
  public let bitPattern: UInt16

  /// The number that 16 bits stand for.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// Rounds to nearest, ties to even; a NaN stays one.
  public init(_ value: Float) {
    let bits = value.bitPattern
    // The quiet bit is set, so that a NaN whose payload lies in the lower half does not become an infinity.
    bitPattern = value.isNaN ? UInt16(bits >> 16) | 0x40 : UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
  }

  /// The same number as a 32-bit float, exactly.
  public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}

/// The elements of a tensor, of one type, in row-major order.
public enum Elements: Sendable, Equatable {
  case float32([Float]), float64([Double]), float16([Float16]), bfloat16([BFloat16])
  case int8([Int8]), int16([Int16]), int32([Int32]), int64([Int64])
  case uint8([UInt8]), uint16([UInt16]), uint32([UInt32]), uint64([UInt64])
  case bool([Bool])
}
