import Foundation

/// A small random generator with a fixed algorithm, so that a seed means the same scene everywhere and for ever.
///
/// Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SeededGenerator: Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// A generator of its own for one purpose of a scene, so that adding an object does not change the grass.
  init(seed: UInt64, purpose: UInt64) {
    state = SeededGenerator.mixed(seed ^ SeededGenerator.mixed(purpose &+ 0x632B_E59B_D9B4_E019))
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return SeededGenerator.mixed(state)
  }

  /// Uniform in [low, high).
  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * Double(next() >> 11) * 0x1p-53
  }

  /// Standard normal, by Box and Muller's transform.
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform(0, 1))).squareRoot()
    return radius * cos(2 * .pi * uniform(0, 1))
  }

  mutating func element<T>(of list: [T]) -> T {
    list[Int(next() % UInt64(list.count))]
  }

  /// A bijective mixing of 64 bits.
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
