import Foundation
import Geometry
import Records
import TestSupport
import Testing

@testable import ForecastEvaluation

@Suite struct PedestrianForecastsTests {
  private func points(_ name: String) throws -> PointTable {
    try PointTable.read(path: SharedData.path("pedestrian-trajectories/\(name).txt.gz"))
  }

  /// ADE and FDE as the README has them: constant velocity, still, line.
  struct Row: Sendable {
    var name: String
    var windows: Int
    var pairs: Int
    var velocity: (Double, Double)
    var pairsOfOne: Int
    var velocityOfOne: (Double, Double)
    var still: (Double, Double)
    var line: (Double, Double)
  }

  static let rows = [
    Row(
      name: "biwi_eth", windows: 70, pairs: 181, velocity: (0.9954, 2.2344), pairsOfOne: 364, velocityOfOne: (1.0755, 2.2819),
      still: (2.843, 4.824), line: (1.021, 2.184)),
    Row(
      name: "biwi_hotel", windows: 301, pairs: 1053, velocity: (0.3227, 0.6169), pairsOfOne: 1197, velocityOfOne: (0.3194, 0.6142),
      still: (1.150, 2.089), line: (0.256, 0.468)),
    Row(
      name: "students001", windows: 425, pairs: 14295, velocity: (0.4582, 1.0221), pairsOfOne: 14295,
      velocityOfOne: (0.4582, 1.0221), still: (1.165, 2.128), line: (0.657, 1.278)),
    Row(
      name: "students003", windows: 522, pairs: 10039, velocity: (0.6182, 1.3688), pairsOfOne: 10039,
      velocityOfOne: (0.6182, 1.3688), still: (1.635, 2.967), line: (0.851, 1.644)),
    Row(
      name: "crowds_zara01", windows: 602, pairs: 2253, velocity: (0.4313, 0.9604), pairsOfOne: 2356,
      velocityOfOne: (0.4272, 0.9524), still: (2.506, 4.612), line: (0.609, 1.192)),
    Row(
      name: "crowds_zara03", windows: 561, pairs: 2354, velocity: (0.4668, 1.0608), pairsOfOne: 2488,
      velocityOfOne: (0.4639, 1.0538), still: (2.130, 3.898), line: (0.661, 1.307)),
    Row(
      name: "uni_examples", windows: 188, pairs: 489, velocity: (0.5719, 1.2603), pairsOfOne: 621, velocityOfOne: (0.5938, 1.3170),
      still: (3.232, 5.933), line: (0.760, 1.485)),
  ]

  @Test(.enabled(if: SharedData.isPresent, SharedData.message), arguments: rows)
  func baselinesHaveTheFiguresOfTheReadme(row: Row) throws {
    let truth = try points(row.name)
    func check(_ baseline: BaselineForecast, _ expected: (Double, Double), _ pairs: Int, agents: Int = 2, tolerance: Double) throws
    {
      let forecasts = PedestrianForecasts(truth: truth, baseline: baseline, windows: PedestrianWindows(minimumAgents: agents))
      let scores = try #require(ForecastScores(forecasts.samples))
      #expect(scores.samples == pairs)
      #expect(abs(scores.averageDisplacement - expected.0) < tolerance)
      #expect(abs(scores.finalDisplacement - expected.1) < tolerance)
      if agents == 2 { #expect(forecasts.windows == row.windows) }
    }
    try check(.constantVelocity, row.velocity, row.pairs, tolerance: 0.00005001)
    try check(.constantVelocity, row.velocityOfOne, row.pairsOfOne, agents: 1, tolerance: 0.00005001)
    try check(.still, row.still, row.pairs, tolerance: 0.0005001)
    try check(.line, row.line, row.pairs, tolerance: 0.0005001)
  }

  @Test(.enabled(if: SharedData.isPresent, SharedData.message)) func twoFilesMakeOneBenchmark() throws {
    let samples = try ["students001", "students003"].flatMap {
      PedestrianForecasts(truth: try points($0), baseline: .constantVelocity, windows: PedestrianWindows()).samples
    }
    let scores = try #require(ForecastScores(samples))
    #expect(scores.samples == 24334)
    #expect(abs(scores.averageDisplacement - 0.5242) < 0.00005001 && abs(scores.finalDisplacement - 1.1651) < 0.00005001)
  }

  // MARK: Forecasts from a file

  @Test func aFileOfForecastsScoresAsItsBaselineDoes() throws {
    // Three walkers on lines, bent at the end; the file holds what constant velocity predicts and a second, perfect hypothesis.
    var text = ""
    for frame in 0..<24 {
      for agent in 1...3 {
        let x = Double(frame) * 0.4 + (frame > 18 ? 0.1 * Double(frame - 18) : 0)
        text += "\(frame * 10)\t\(agent)\t\(x)\t\(Double(agent))\n"
      }
    }
    let truth = try PointTable.read(bytes: Array(text.utf8), name: "truth")
    let windows = PedestrianWindows()
    let baseline = PedestrianForecasts(truth: truth, baseline: .constantVelocity, windows: windows)
    let rows = (0..<truth.count).map {
      AgentPosition(frame: Int(truth.frames[$0]), agent: Int(truth.ids[$0]), position: truth.points[$0])
    }
    var file = ""
    for sample in windows.samples(of: rows) where sample.agent != 3 {
      let predicted = BaselineForecast.constantVelocity.predict(sample.observed, steps: 12)
      for (step, frame) in sample.futureFrames.enumerated() {
        file += "\(sample.frame) \(frame) \(sample.agent) \(predicted[step].x) \(predicted[step].y) 0\n"
        file += "\(sample.frame) \(frame) \(sample.agent) \(sample.future[step].x) \(sample.future[step].y) 1\n"
      }
    }
    let table = try ForecastTable.read(bytes: Array(file.utf8), name: "forecasts")
    let read = PedestrianForecasts(truth: truth, forecasts: table, windows: windows)
    #expect(read.missing == 5)
    #expect(read.samples.count == 10)
    let scores = try #require(ForecastScores(read.samples))
    let expected = try #require(ForecastScores(baseline.samples))
    #expect(abs(scores.averageDisplacement - expected.averageDisplacement) < 1e-12)
    #expect(scores.minimumAverageDisplacement < 1e-12)
    #expect(scores.hypotheses == 2)
  }

  @Test func whatBelongsToNoSampleIsTold() throws {
    let rows = (0..<21).flatMap { frame in (1...2).map { "\(frame) \($0) \(frame) \($0)\n" } }.joined()
    let truth = try PointTable.read(bytes: Array((rows + "0 1 5 5\n").utf8), name: "truth")
    func steps(_ observed: Int, _ agent: Int, _ frames: Range<Int>, _ hypothesis: Int = 0) -> String {
      frames.map { "\(observed) \($0) \(agent) 0 0 \(hypothesis)\n" }.joined()
    }
    // Whole; a second hypothesis that is too short; one row twice; an unknown agent; a start within no window.
    let text = steps(7, 1, 8..<20) + steps(7, 1, 8..<19, 1) + steps(7, 1, 8..<9) + steps(7, 9, 8..<20) + steps(3, 2, 4..<16)
    let found = PedestrianForecasts(
      truth: truth, forecasts: try ForecastTable.read(bytes: Array(text.utf8), name: "f"), windows: PedestrianWindows())
    #expect(
      found.samples.count == 1 && found.samples[0].hypotheses.count == 1 && found.samples[0].agent == 1
        && found.samples[0].frame == 7)
    #expect(found.samples[0].observed.count == 8 && found.agents == [1, 2] && found.windows == 2)
    #expect(
      found.warnings == [
        "1 row of the truth repeats an agent in a frame; the last one counts",
        "3 of 4 samples have no forecast over all steps; left out",
        "1 forecasts are of agents that the truth does not have (9); left out",
        "1 forecasts belong to no sample of a window that counts (first: observed frame 3, agent 2); left out",
        "1 hypotheses do not cover all steps of their sample; left out",
        "1 rows repeat a frame of a hypothesis; the last one counts",
      ])
  }

  @Test func badLinesOfForecastsAreNamed() {
    for (text, line) in [("1 2 3 4\n", 1), ("0 10 1 0 0\n0 20 1 x 0\n", 2), ("0 10 1 0 0 -1\n", 1), ("0 10 1 nan 0\n", 1)] {
      do {
        _ = try ForecastTable.read(bytes: Array(text.utf8), name: "f")
        Issue.record("\(text) was read")
      } catch RecordsError.malformedLines(_, let lines, _) {
        #expect(lines.first?.line == line)
      } catch {
        Issue.record("\(error)")
      }
    }
  }
}
