import Testing

@testable import BoxEvaluation

@Suite struct CalibrationTests {
  @Test func expectedErrorIsTheOracle() throws {
    let confidences = [0.1, 0.35, 0.62, 0.62, 0.8, 0.95, 1, 0]
    let correct = [false, true, true, false, true, true, true, false]
    for bins in [10, 15] {
      let calibration = try #require(Calibration(confidences: confidences, correct: correct, binCount: bins))
      #expect(abs(calibration.expectedError - 0.155) < 1e-15)
      #expect(calibration.bins.reduce(0) { $0 + $1.count } == 8)
    }
  }

  @Test func maximumErrorIsTheWorstBin() throws {
    let calibration = try #require(Calibration(confidences: [0.35, 0.95, 0.95], correct: [true, true, false]))
    #expect(abs(calibration.maximumError - 0.65) < 1e-15)
  }

  @Test func everyBorderBelongsToTheBinBelowIt() throws {
    for bins in [3, 7, 10, 15, 20] {
      for border in 1...bins {
        let value = Double(border) / Double(bins)
        let calibration = try #require(Calibration(confidences: [value], correct: [true], binCount: bins))
        #expect(calibration.bins[border - 1].count == 1)
      }
      let zero = try #require(Calibration(confidences: [0], correct: [false], binCount: bins))
      #expect(zero.bins[0].count == 1)
    }
  }

  @Test func noConfidencesHaveNoCalibration() {
    #expect(Calibration(confidences: [], correct: []) == nil)
  }
}
