import Testing

@testable import BoxEvaluation

@Suite struct AveragePrecisionTests {
  private func curve(_ flags: [Int], positives: Int) -> PrecisionRecallCurve {
    PrecisionRecallCurve(
      positives: positives,
      detections: flags.enumerated().map { (score: 1 - 0.1 * Double($0), isHit: $1 == 1) })
  }

  // Reference values of the three definitions in `docs/evaluation.md`, Boxes.
  @Test func integratesThreeWaysAsTheReferencesDo() throws {
    let first = curve([1, 1, 0, 1, 0, 1], positives: 5)
    #expect(abs(try #require(first.averagePrecision(.elevenPoint)) - 0.7045454545454546) < 1e-15)
    #expect(abs(try #require(first.averagePrecision(.allPoint)) - 0.6833333333333333) < 1e-15)
    #expect(abs(try #require(first.averagePrecision(.hundredOnePoint)) - 0.6864686468646866) < 1e-14)
    let second = curve([0, 1, 1, 0, 0, 1, 0, 1], positives: 6)
    #expect(abs(try #require(second.averagePrecision(.elevenPoint)) - 0.3787878787878788) < 1e-15)
    #expect(abs(try #require(second.averagePrecision(.allPoint)) - 0.3888888888888889) < 1e-15)
    #expect(abs(try #require(second.averagePrecision(.hundredOnePoint)) - 0.3877887788778879) < 1e-14)
  }

  @Test func aRecallOfExactlySixTenthsMissesThePointBeyondIt() throws {
    // Three of five found: recall 0.6 < 0.6000000000000001, so seven of the eleven points are reached, not eight.
    let value = try #require(curve([1, 1, 1], positives: 5).averagePrecision(.elevenPoint))
    #expect(abs(value - 6.0 / 11) < 1e-15)
  }

  @Test func perfectAndEmptyResultsScoreOneAndZero() throws {
    for style in AveragePrecisionStyle.allCases {
      #expect(abs(try #require(curve([1, 1, 1], positives: 3).averagePrecision(style)) - 1) < 1e-14)
      #expect(curve([], positives: 3).averagePrecision(style) == 0)
      #expect(curve([0, 0], positives: 0).averagePrecision(style) == nil)
    }
  }
}
