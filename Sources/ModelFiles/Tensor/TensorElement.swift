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
