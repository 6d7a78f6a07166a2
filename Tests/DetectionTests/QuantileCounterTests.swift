import Testing

@testable import Detection

@Suite("Quantile counter")
struct QuantileCounterTests {
  @Test("quantiles agree with a sorted list to the width of a bin", arguments: [0.1, 0.25, 0.5, 0.8, 0.99])
  func agreesWithSorting(share: Double) {
    var noise = MovingScene.Noise(seed: 5)
    let values = (0..<2000).map { _ in Float(abs(noise.next())) * 4 }
    var counter = QuantileCounter(limit: 16, bins: 512)
    for value in values { counter.add(value) }
    let sorted = values.sorted()
    let exact = Double(sorted[min(1999, Int((2000 * share).rounded(.up)) - 1)])
    #expect(abs(counter.quantile(share) - exact) <= 16.0 / 512)
  }

  @Test("values beyond the range, NaN and emptiness are survived")
  func oddValues() {
    var counter = QuantileCounter(limit: 1, bins: 4)
    #expect(counter.quantile(0.5) == 0)
    for value in [Float.nan, -3, .infinity, 0.5] { counter.add(value) }
    #expect(counter.total == 4)
    counter.removeAll()
    #expect(counter.total == 0)
  }
}
