import Geometry

/// Random numbers that a seed fixes on every machine, as resampling and searches draw them: those of `SplitMix64`.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var numbers: SplitMix64

  /// - Parameter seed: Any number; each begins another part of one sequence of 2⁶⁴ numbers.
  public init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

  /// 64 random bits.
  public mutating func next() -> UInt64 { numbers.next() }

  /// A whole number in 0 ..< bound; the bias of the remainder is below bound / 2⁶⁴.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A real number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { numbers.uniform() }
}
