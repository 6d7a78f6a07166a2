import NetworkAnalysis
import TestSupport
import Testing

/// Ranges of bytes on a histogram that was worked out by hand.
struct MagnitudeHistogramTests {
  /// One number far out in the last of 16 bins of width 1.
  private let histogram = MagnitudeHistogram(counts: [0, 10, 8, 6, 4, 2, 1] + [Int](repeating: 0, count: 8) + [1], width: 1)

  @Test(arguments: [(4, 0.08301), (8, 0.73951), (12, 0.76059), (16, 0.04705)]) func divergenceIsTheDefinitions(
    bins: Int, nats: Double
  ) {
    #expect(abs(histogram.divergence(bins: bins, levels: 4) - nats) < 5e-6)
  }

  @Test func entropyTakesTheLeastDivergence() {
    // Six bins diverge by 0.01086, fewer and more by more (a twin in Python over all of 4 to 16).
    #expect(abs(histogram.divergence(bins: 6, levels: 4) - 0.01086) < 5e-6)
    #expect(histogram.entropy(levels: 4) == 6.5)
    // Without the far number the first four bins lose what lies beyond them.
    let near = MagnitudeHistogram(counts: [0, 10, 8, 6, 0, 0, 0, 0], width: 0.5)
    #expect(near.entropy(levels: 4) == 2.25)
  }

  /// Zeros, which every range tells exactly, move no limit: the one of the other numbers stays.
  @Test func entropyLeavesZerosOut() {
    var random = TestRandom(seed: 4)
    let numbers = (0..<4_000).map { _ in Float(random.normal()) }
    var (dense, sparse) = (MagnitudeHistogram(largest: 5), MagnitudeHistogram(largest: 5))
    dense.add(numbers)
    sparse.add(numbers)
    sparse.add([Float](repeating: 0, count: 200_000))
    #expect(sparse.zeroCount == 200_000 && sparse.counts[0] == dense.counts[0] + 200_000)
    #expect(sparse.entropy() == dense.entropy())
    var empty = MagnitudeHistogram(largest: 5)
    empty.add([0, 0, 0])
    #expect(empty.entropy() == 5)
  }

  @Test func percentileIsTheUpperEdge() {
    #expect(histogram.percentile(96) == 7)
    #expect(histogram.percentile(100) == 16)
    #expect(MagnitudeHistogram(counts: [0, 0], width: 2).percentile(99) == 4)
  }

  @Test func numbersFallIntoTheirBins() {
    var histogram = MagnitudeHistogram(largest: 2048)
    histogram.add([0, 0.5, -1, 1.5, 2047.5, 9999, .nan, .infinity])
    #expect(histogram.counts[0] == 2 && histogram.counts[1] == 2 && histogram.counts[2047] == 2)
    #expect(histogram.counts.reduce(0, +) == 6)
  }
}
