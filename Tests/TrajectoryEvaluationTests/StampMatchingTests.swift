import TestSupport
import Testing

@testable import TrajectoryEvaluation

@Suite struct StampMatchingTests {
  private func pairs(_ truth: [Double], _ result: [Double], within: Double, offset: Double = 0) -> [[Int]] {
    StampMatching.pairs(truth: truth, result: result, maximumDifference: within, offset: offset).map { [$0.truth, $0.result] }
  }

  @Test func eachStampOfTheShorterSideTakesItsNearest() {
    #expect(pairs([0, 1, 2, 3, 4], [1.1, 2.9], within: 0.2) == [[1, 0], [3, 1]])
    #expect(pairs([1.1, 2.9], [0, 1, 2, 3, 4], within: 0.2) == [[0, 1], [1, 3]])
    #expect(pairs([0, 1, 2], [0.4, 5], within: 0.2).isEmpty)
  }

  @Test func theEarlierOfTwoEquallyNearStampsWins() {
    #expect(pairs([0, 1, 2], [0.5], within: 1) == [[0, 0]])
    #expect(pairs([2, 0, 1], [0.5], within: 1) == [[1, 0]])
  }

  @Test func oneStampOfTheLongerSideMayServeTwice() {
    #expect(pairs([0, 10, 20], [9.9, 10.1], within: 0.5) == [[1, 0], [1, 1]])
  }

  @Test func theOffsetIsAddedToTheResult() {
    #expect(pairs([0, 1, 2], [100, 101], within: 0.1, offset: -99) == [[1, 0], [2, 1]])
    #expect(pairs([1, 2], [100, 101, 102], within: 0.1, offset: -99) == [[0, 0], [1, 1]])
  }

  @Test func theLimitCountsBeyondBothEnds() {
    #expect(pairs([0, 1], [1.5], within: 0.4).isEmpty)
    #expect(pairs([0, 1], [1.5], within: 0.6) == [[1, 0]])
    #expect(pairs([0, 1], [-0.5], within: 0.4).isEmpty)
    #expect(pairs([0, 1], [-0.5], within: 0.6) == [[0, 0]])
  }

  @Test func agreesWithANaiveTwinSortedOrNot() {
    var random = TestRandom(seed: 8)
    for round in 0..<200 {
      var long = (0..<40).map { _ in Double(random.index(below: 200)) / 10 }
      if round % 2 == 0 { long.sort() }
      let short = (0..<15).map { _ in Double(random.index(below: 400)) / 20 }
      let naive: [[Int]] = short.enumerated().compactMap { index, stamp in
        // Sorted candidates: of equal distances the earlier stamp, of equal stamps the last before it (evo's bisection).
        let best = long.indices.min { (abs(long[$0] - stamp), long[$0]) < (abs(long[$1] - stamp), long[$1]) }
        return best.flatMap { abs(long[$0] - stamp) <= 0.3 ? [$0, index] : nil }
      }
      let found = pairs(long, short, within: 0.3)
      #expect(
        found.map { [abs(long[$0[0]] - short[$0[1]]), Double($0[1])] }
          == naive.map { [abs(long[$0[0]] - short[$0[1]]), Double($0[1])] })
    }
  }
}

@Suite struct TimeUnitTests {
  @Test func unitsAreGuessedFromDatesAndSteps() {
    let seconds = (0..<20).map { 1.4e9 + Double($0) / 30 }
    for unit in TimeUnit.allCases {
      #expect(TimeUnit.guess(seconds.map { $0 / unit.secondsPerUnit }) == unit)
    }
    let short = (0..<20).map { Double($0) / 30 }
    for unit in TimeUnit.allCases where unit != .milliseconds {
      #expect(TimeUnit.guess(short.map { $0 / unit.secondsPerUnit }) == unit)
    }
    #expect(TimeUnit.guess((0..<20).map { Double($0) * 100 }) == .milliseconds)
    #expect(TimeUnit.guess([]) == .seconds)
    #expect(TimeUnit.guess([7]) == .seconds)
  }
}
