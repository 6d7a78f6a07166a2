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
