import Testing

@testable import Geometry

@Suite struct SplitMix64Tests {
  /// The first numbers of the seed 1234567, as the reference implementation in C prints them (S. Vigna, splitmix64.c).
  @Test func givesTheReferencesNumbers() {
    var generator = SplitMix64(seed: 1_234_567)
    let numbers = (0..<5).map { _ in generator.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test func boundedAndRealNumbersFillTheirRange() {
    var generator = SplitMix64(seed: 9)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7_000 { counts[generator.next(below: 7)] += 1 }
    // Each count is binomial with the mean 1000 and the deviation 29; five deviations.
    #expect(counts.allSatisfy { abs($0 - 1_000) < 147 })
    let values = (0..<1_000).map { _ in generator.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    // The mean of 1000 uniform numbers deviates by 1/√12000.
    #expect(abs(values.reduce(0, +) / 1_000 - 0.5) < 5 / 12_000.0.squareRoot())
  }
}
