/// Evenly spaced numbers that bytes stand for: number = scale · (byte − zero). Zero itself is always one of them.
public struct ByteGrid: Sendable, Hashable {
  /// From one number to the next, above zero.
  public let scale: Float
  /// The byte that stands for zero.
  public let zero: Int
  /// Whether bytes run from −128 to 127; else from 0 to 255.
  public let isSigned: Bool

  /// - Returns: nil for a scale that is not finite and positive, or a zero that is no byte.
  public init?(scale: Float, zero: Int, isSigned: Bool) {
    guard scale.isFinite, scale > 0, (isSigned ? -128...127 : 0...255).contains(zero) else { return nil }
    (self.scale, self.zero, self.isSigned) = (scale, zero, isSigned)
  }

  /// The unsigned grid whose numbers reach from `low` to `high`, both widened to hold zero.
  ///
  /// - Returns: nil where a bound is not finite, or both are zero.
  public init?(low: Float, high: Float) {
    let (low, high) = (min(low, 0), max(high, 0))
    // One step less than there are bytes.
    let scale = (high - low) / 255
    guard scale.isFinite, scale > 0 else { return nil }
    // Bounded: low lies between −255 scales and zero.
    self.init(scale: scale, zero: Int((-low / scale).rounded(.toNearestOrEven)), isSigned: false)
  }

  /// The bytes of the grid.
  public var bytes: ClosedRange<Int> { isSigned ? -128...127 : 0...255 }

  /// Bytes 0 to 255 that stand for themselves.
  package static let plain = ByteGrid(unit: false)
  /// Bytes −128 to 127 that stand for themselves.
  package static let plainSigned = ByteGrid(unit: true)

  private init(unit isSigned: Bool) { (scale, zero, self.isSigned) = (1, 0, isSigned) }

  /// The byte of the grid's number that is nearest, ties to even; no number becomes zero.
  package func byte(_ value: Double) -> Int {
    let level = (value / Double(scale)).rounded(.toNearestOrEven) + Double(zero)
    guard !level.isNaN else { return zero }
    // Bounded: cut off at the ends of a byte.
    return Int(min(max(level, Double(bytes.lowerBound)), Double(bytes.upperBound)))
  }

  /// The number that a byte stands for.
  package func number(_ byte: Int) -> Double { Double(scale) * Double(byte - zero) }
}
