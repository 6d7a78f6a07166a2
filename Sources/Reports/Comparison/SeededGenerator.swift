/// Random numbers that a seed fixes on every machine.
///
/// - Source: SplitMix64: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators, 2014, doi:10.1145/2660193.2660195.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A whole number in 0 ..< bound; the bias of the remainder is below bound / 2⁶⁴.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A real number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
