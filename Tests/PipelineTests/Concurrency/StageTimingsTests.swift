import Testing

@testable import Pipeline

@Suite struct StageTimingsTests {
  @Test func quantilesLieWithinTheWidthOfABin() {
    var histogram = DurationHistogram()
    for millisecond in 1...1000 { histogram.add(.milliseconds(millisecond)) }
    let summary = histogram.summary(named: "x")
    #expect(summary.count == 1000)
    #expect(abs(summary.meanMilliseconds - 500.5) < 1e-6)
    #expect(summary.medianMilliseconds >= 500 && summary.medianMilliseconds <= 500 * 1.05)
    #expect(summary.percentile95Milliseconds >= 950 && summary.percentile95Milliseconds <= 950 * 1.05)
  }

  @Test func takesDurationsOfZeroAndOfDays() {
    var histogram = DurationHistogram()
    histogram.add(.zero)
    histogram.add(.seconds(1_000_000))
    #expect(histogram.count == 2)
    #expect(histogram.quantile(0.5) == 0.001)
  }
}
