/// Random numbers that a seed fixes on every machine and for ever: fast, small, and not for secrets.
///
/// - Source: SplitMix64: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators, 2014, doi:10.1145/2660193.2660195.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
  @usableFromInline var state: UInt64

  /// The odd step of the counter: 2⁶⁴ over the golden ratio.
  @usableFromInline static var step: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  /// - Parameter seed: Any number; each begins another part of one sequence of 2⁶⁴ numbers.
  @inlinable
  public init(seed: UInt64) { state = seed }

  /// 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mixed(state)
  }

  /// A whole number in 0 ..< bound, which must be positive; its bias is at most bound / 2⁶⁴.
  @inlinable
  public mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A real number in [0, 1) with 53 random bits.
  @inlinable
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A bijective mixing of 64 bits: the finaliser of the paper (Stafford's 13th variant).
  @inlinable
  public static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
