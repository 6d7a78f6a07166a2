/// Deterministic numbers for tests that need many cases: SplitMix64 (Steele, Lea, Flood, 2014), which
/// `Benchmarks/evaluation/random_sequences.py` repeats.
package struct TestRandom {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In [0, 1).
  package mutating func unit() -> Double { Double(bits() >> 11) / 9_007_199_254_740_992 }
  package mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
  package mutating func index(below count: Int) -> Int { Int(bits() % UInt64(count)) }
}
