import Geometry
import TestSupport
import Testing

@testable import ForecastEvaluation

@Suite struct ForecastScoresTests {
  private func path(_ values: [Double]) -> [PredictedPosition] { values.map { PredictedPosition(Point($0, 0)) } }

  @Test func displacementsAndMinimaAreTakenSeparately() throws {
    let sample = ForecastSample(
      hypotheses: [path([1, 1, 3]), path([2, 2, 2.5]), path([0, 0, 9])], truth: Array(repeating: .zero, count: 3))
    let scores = try #require(ForecastScores([sample]))
    #expect(abs(scores.averageDisplacement - 5.0 / 3) < 1e-15)
    #expect(scores.finalDisplacement == 3)
    // The best mean is the first hypothesis', the best end the second's.
    #expect(abs(scores.minimumAverageDisplacement - 5.0 / 3) < 1e-15)
    #expect(scores.minimumFinalDisplacement == 2.5)
    #expect(scores.missRate == 1)
    #expect(scores.hypotheses == 3)
    var settings = ForecastScores.Settings()
    settings.hypothesisLimit = 1
    #expect(try #require(ForecastScores([sample], settings: settings)).minimumFinalDisplacement == 3)
    settings.missDistance = 3
    #expect(try #require(ForecastScores([sample], settings: settings)).missRate == 0)
  }

  @Test func samplesWeighTheSameWhateverTheirHorizon() throws {
    let short = ForecastSample(hypotheses: [path([3])], truth: [.zero])
    let long = ForecastSample(hypotheses: [path([1, 1, 1])], truth: Array(repeating: .zero, count: 3))
    #expect(try #require(ForecastScores([short, long])).averageDisplacement == 2)
  }

  @Test func ellipsesOfAConsistentForecastCoverTheirShare() throws {
    var random = TestRandom(seed: 11)
    let covariance = SymmetricMatrix2(xx: 4, xy: 1, yy: 2)
    // Rows of the Cholesky factor of the covariance.
    let (a, b, c) = (2.0, 0.5, 1.75.squareRoot())
    let samples = (0..<20_000).map { _ -> ForecastSample in
      // Twelve uniforms minus six: near enough to a normal for coverage within a hundredth.
      let u = (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() }
      let v = (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() }
      return ForecastSample(
        hypotheses: [[PredictedPosition(Point(5, 5), covariance: covariance)]], truth: [Point(5 + a * u, 5 + b * u + c * v)])
    }
    let scores = try #require(ForecastScores(samples))
    for coverage in scores.coverage { #expect(abs(coverage.covered - coverage.level) < 0.01) }
    #expect(abs(try #require(scores.meanSquaredMahalanobis) - 2) < 0.05)
    #expect(abs(ForecastScores.squaredRadius(0.95) - 5.991464547) < 1e-9)
  }

  @Test func noSamplesHaveNoScores() {
    #expect(ForecastScores([]) == nil)
  }
}

@Suite struct PedestrianWindowsTests {
  private func walk(_ agent: Int, frames: [Int]) -> [AgentPosition] {
    frames.map { AgentPosition(frame: $0, agent: agent, position: Point(Double($0), Double(agent))) }
  }

  @Test func windowsRunOverDistinctFramesAndNeedTwoAgents() {
    let frames = Array(stride(from: 0, to: 210, by: 10))
    let rows = walk(1, frames: frames) + walk(2, frames: Array(frames.dropFirst())) + walk(3, frames: [50, 60])
    let windows = PedestrianWindows()
    // 21 frames make two windows; in the first only agent 1 is there throughout.
    let samples = windows.samples(of: rows.reversed())
    #expect(samples.map(\.agent) == [1, 2])
    #expect(samples.allSatisfy { $0.window == 1 && $0.observed.count == 8 && $0.future.count == 12 && $0.frame == 80 })
    var alone = windows
    alone.minimumAgents = 1
    #expect(alone.samples(of: rows).count == 3)
  }

  @Test func gapsOfFrameNumbersAreIgnoredAndHolesAreNot() {
    let frames = (0..<20).map { $0 < 10 ? $0 : $0 + 500 }
    let windows = PedestrianWindows(minimumAgents: 1)
    let rows = walk(1, frames: frames) + walk(2, frames: frames.filter { $0 != 5 })
    #expect(windows.samples(of: rows).map(\.agent) == [1])
    #expect(windows.samples(of: []).isEmpty)
    #expect(windows.samples(of: walk(1, frames: Array(0..<19))).isEmpty)
  }

  @Test func baselinesAreTheirClosedForms() {
    let observed = [Point(0, 0), Point(1, 2), Point(2, 4), Point(4, 4)]
    #expect(BaselineForecast.still.predict(observed, steps: 2) == [Point(4, 4), Point(4, 4)])
    #expect(BaselineForecast.constantVelocity.predict(observed, steps: 2) == [Point(6, 4), Point(8, 4)])
    // Least squares over x = 0, 1, 2, 4 at 0…3: slope 1.3, mean 1.75 at 1.5.
    let line = BaselineForecast.line.predict(observed, steps: 1)[0]
    #expect(abs(line.x - (1.75 + 1.3 * 2.5)) < 1e-12)
    for baseline in BaselineForecast.allCases {
      #expect(baseline.predict([Point(1, 1)], steps: 3) == Array(repeating: Point(1, 1), count: 3))
      #expect(baseline.predict([], steps: 3).isEmpty)
    }
  }
}
