import Foundation
import NetworkDetection
import NetworkGraph
import Testing

/// Scores as probabilities.
@Suite struct ScoreCalibrationTests {
  /// Groups whose shares are those of a known function give that function back.
  @Test(arguments: [(1.0, 0.0), (0.6, -1.5), (2.2, 0.7)]) func knownFunctionIsFound(slope: Double, offset: Double) throws {
    let truth = ScoreCalibration(slope: slope, offset: offset)
    let groups = (1..<20).map { (number: Int) -> (score: Double, share: Double, count: Int) in
      let score = Double(number) / 20
      return (score, truth.probability(score), 10 + 5 * number)
    }
    let found = try #require(ScoreCalibration(fitting: groups))
    #expect(abs(found.slope - slope) < 1e-9 && abs(found.offset - offset) < 1e-9)
    // The closed form: the log-odds of a score of ¾ are ln 3.
    let logOdds = slope * log(3.0) + offset
    #expect(abs(found.probability(0.75) - 1 / (1 + exp(-logOdds))) < 1e-9)
    #expect(found.probability(0) > 0 && found.probability(1) < 1)
  }

  @Test func whatTellsNothingGivesNone() {
    #expect(ScoreCalibration(fitting: []) == nil)
    #expect(ScoreCalibration(fitting: [(0.5, 0.5, 100)]) == nil)
    #expect(ScoreCalibration(fitting: [(0.5, 0.5, 100), (0.5, 0.2, 100)]) == nil)
    #expect(ScoreCalibration(fitting: [(0.2, 0.9, 100), (0.8, 0.1, 100)]) == nil)
    #expect(ScoreCalibration(fitting: [(0.2, 0, 100), (0.8, 1, 100)]) == nil)
  }
}
