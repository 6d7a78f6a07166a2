import Foundation
import Geometry

/// Numbers for tests that need many cases, the same on every machine: `SplitMix64`, whose own test holds it against the published numbers, and
/// which `Benchmarks/evaluation/random_sequences.py` repeats.
package struct TestRandom: RandomNumberGenerator {
  private var generator: SplitMix64

  package init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  package mutating func next() -> UInt64 { generator.next() }

  /// In [0, 1).
  package mutating func unit() -> Double { generator.uniform() }
  /// In [−1, 1).
  package mutating func signed() -> Double { 2 * unit() - 1 }
  package mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
  package mutating func index(below count: Int) -> Int { Int(next() % UInt64(count)) }

  /// A normal deviate of unit variance (Box and Muller, 1958).
  package mutating func normal() -> Double {
    let u = Double.random(in: 1e-300..<1, using: &self)
    let v = Double.random(in: 0..<1, using: &self)
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }
}
