import Geometry
import Reports
import TestSupport
import Testing

@testable import ForecastEvaluation

@Suite struct ForecastComparisonTests {
  /// Samples of random agents, some with covariances, with one to three hypotheses over one to four steps.
  private func samples(_ random: inout TestRandom, agents: Int, count: Int) -> [ForecastSample] {
    (0..<count).map { _ in
      let steps = 1 + random.index(below: 4)
      let hasCovariance = random.index(below: 4) > 0
      let hypotheses = (0..<(1 + random.index(below: 3))).map { _ in
        (0..<steps).map { _ in
          PredictedPosition(
            Point(random.uniform(-2, 2), random.uniform(-2, 2)),
            covariance: hasCovariance ? SymmetricMatrix2(xx: random.uniform(0.5, 2), xy: 0.1, yy: random.uniform(0.5, 2)) : nil)
        }
      }
      return ForecastSample(
        hypotheses: hypotheses, truth: (0..<steps).map { _ in Point(random.uniform(-2, 2), random.uniform(-2, 2)) },
        agent: random.index(below: agents))
    }
  }

  private func evaluation(_ scenes: [[ForecastSample]], name: String = "e") throws -> ForecastResultEvaluation {
    var settings = ForecastScores.Settings()
    settings.hypothesisLimit = 2
    return try ForecastResultEvaluation(
      scenes.enumerated().map { index, samples in
        ForecastScene(
          name: "s\(index)", samples: samples, agents: Set(samples.map(\.agent)).sorted(), warnings: [], settings: settings)
      }, subject: .pedestrians(PedestrianWindows(), count: 1), settings: settings, name: name)
  }

  @Test func everyColumnHasAMeaning() throws {
    var random = TestRandom(seed: 5)
    let table = ForecastTables.scenes(try evaluation([samples(&random, agents: 3, count: 40)]))
    #expect(table.columns.contains { $0.name.hasPrefix("coverage") })
    for name in table.columns.map(\.name) where name != "scene" {
      #expect(MetricGlossary.definition(of: name) != nil, "\(name)")
    }
  }

  /// A draw's scores must be those of the samples of the parts written out as often as they were drawn.
  private func check(_ scores: ForecastPartScores, _ parts: [[ForecastSample]], _ random: inout TestRandom) throws {
    var settings = ForecastScores.Settings()
    settings.hypothesisLimit = 2
    let drawn = parts.indices.map { _ in random.index(below: parts.count) }
    var occurrences = Array(repeating: 0, count: parts.count)
    for index in drawn { occurrences[index] += 1 }
    let expected = try #require(ForecastScores(drawn.flatMap { parts[$0] }, settings: settings)).figures
    #expect(scores.names.map(\.field) == expected.map(\.name))
    for (name, pair) in zip(scores.names, zip(scores.scores(occurrences), expected)) {
      #expect(abs(pair.0 - pair.1.value) < 1e-12, "\(name.field)")
    }
  }

  @Test func aDrawOfScenesScoresAsTheScenesWrittenOut() throws {
    var random = TestRandom(seed: 4)
    for _ in 0..<20 {
      let scenes = (0..<5).map { _ in samples(&random, agents: 4, count: 3 + random.index(below: 9)) }
      try check(ForecastPartScores(scenesOf: evaluation(scenes)), scenes, &random)
    }
  }

  @Test func aDrawOfAgentsScoresAsTheirSamplesWrittenOut() throws {
    var random = TestRandom(seed: 6)
    for _ in 0..<20 {
      let all = samples(&random, agents: 6, count: 60)
      let parts = (0..<6).map { agent in all.filter { $0.agent == agent } }
      try check(ForecastPartScores(Array(0..<6), of: evaluation([all])), parts, &random)
    }
  }

  @Test func scenesAreDrawnWhereThereAreSeveralAndAgentsOtherwise() throws {
    var random = TestRandom(seed: 1)
    let first = samples(&random, agents: 5, count: 40)
    let second = samples(&random, agents: 5, count: 30)
    let bootstrap = PairedBootstrap(draws: 30)
    let one = try ResultComparison(forecasts: [("a", evaluation([first])), ("b", evaluation([first]))], bootstrap: bootstrap)
    #expect(one.parts == "agents" && one.count == 5 && one.statement.contains("5 agents"))
    #expect(one.rows.allSatisfy { $0.intervals[0].map { $0.low == 0 && $0.high == 0 } ?? false })
    let two = try ResultComparison(
      forecasts: [("a", evaluation([first, second])), ("b", evaluation([second, first]))], bootstrap: bootstrap)
    #expect(two.parts == "scenes" && two.count == 2 && !two.rows.isEmpty)
    #expect(throws: EvaluationError.self) {
      try ResultComparison(forecasts: [("a", evaluation([first])), ("b", evaluation([first, second]))])
    }
  }

  @Test func pagesShowCurvesBarsAndPaths() throws {
    var random = TestRandom(seed: 3)
    let scenes = (0..<3).map { _ in samples(&random, agents: 9, count: 50) }
    let found = try evaluation(scenes)
    let page = ForecastReport(ReportedResults([("a", found), ("b", found)], truth: "t", warnings: ["odd"])).html
    for part in [
      "error over the horizon", "within a final error", "coverage of the ellipses", "ADE by scene", "the largest final errors",
      "pooled", "odd",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(!page.contains("nan"))
  }
}

@Suite struct ForecastProfileTests {
  private func sample(_ errors: [Double], agent: Int, variance: Double? = nil) -> ForecastSample {
    ForecastSample(
      hypotheses: [
        errors.map { PredictedPosition(Point($0, 0), covariance: variance.map { SymmetricMatrix2(xx: $0, xy: 0, yy: $0) }) }
      ], truth: errors.map { _ in .zero }, agent: agent)
  }

  @Test func errorsAreByHorizon() {
    let found = ForecastProfile.horizons((0...10).map { sample([1, Double($0)], agent: $0) })
    #expect(found.map(\.horizon) == [1, 2] && found.map(\.mean) == [1, 5] && found.map(\.positions) == [11, 11])
    #expect(abs(found[1].ninetyPercent - 9) < 1e-12)
  }

  /// Distances at the medians of the ellipses: half of them lie inside from the median level on.
  @Test func coverageIsTheShareInsideEachEllipse() {
    let radius = ForecastScores.squaredRadius(0.5).squareRoot()
    let curve = ForecastProfile.calibration([sample([radius * 0.999, radius * 1.001, 0, 9], agent: 0, variance: 1)])
    #expect(curve.first { $0.level == 0.45 }?.covered == 0.25 && curve.first { $0.level == 0.5 }?.covered == 0.5)
    #expect(curve.first { $0.level == 0.55 }?.covered == 0.75 && curve.last?.level == 0.99)
    #expect(ForecastProfile.calibration([sample([1], agent: 0)]).isEmpty)
  }

  @Test func cumulativeSharesEndAtOne() {
    let curve = ForecastProfile.cumulative((1...1000).map { Double($0) })
    #expect(curve.count <= 202 && curve.first?.y == 0 && curve.last?.x == 1000 && curve.last?.y == 1)
    #expect(curve.dropFirst().allSatisfy { abs($0.y - $0.x / 1000) < 1e-12 })
    #expect(ForecastProfile.cumulative([]).isEmpty)
  }

  @Test func theWorstAreOneAnAgent() {
    let samples = [
      sample([3], agent: 1), sample([9], agent: 2), sample([8], agent: 2), sample([4], agent: 3), sample([4], agent: 4),
    ]
    #expect(ForecastProfile.worst(samples, count: 3, hypothesisLimit: nil) == [1, 3, 4])
    #expect(ForecastProfile.worst(samples, count: 0, hypothesisLimit: nil).isEmpty)
  }
}

@Suite struct ForecastFilesTests {
  @Test func scenesPairByNameWithoutEndings() throws {
    let scratch = try ScratchFolder()
    for name in ["truth/b.txt.gz", "truth/a.txt", "truth/README.md", "result/a.csv", "result/b.txt", "result/c.txt"] {
      try scratch.write("x", to: name)
    }
    let folder = scratch.url.path
    let files = try ForecastFiles(truth: "\(folder)/truth", result: "\(folder)/result")
    #expect(files.scenes.map(\.name) == ["a", "b"])
    #expect(files.scenes.map(\.result) == ["\(folder)/result/a.csv", "\(folder)/result/b.txt"])
    #expect(files.warnings.count == 1 && files.warnings[0].contains("c.txt"))
    #expect(
      try ForecastFiles(truth: "\(folder)/truth", result: nil).scenes.map(\.truth) == [
        "\(folder)/truth/a.txt", "\(folder)/truth/b.txt.gz",
      ])
    #expect(try ForecastFiles(truth: "\(folder)/truth/b.txt.gz", result: "\(folder)/result/c.txt").scenes.map(\.name) == ["b"])
  }

  @Test func whatIsMissingIsNamed() throws {
    let scratch = try ScratchFolder()
    for name in ["truth/a.txt", "truth/b.txt", "result/a.txt", "empty/README.md"] { try scratch.write("x", to: name) }
    let folder = scratch.url.path
    for (truth, result) in [
      ("truth", "none"), ("truth", "empty"), ("truth", "result/a.txt"), ("empty", "result"),
    ] {
      #expect(throws: EvaluationError.self, "\(truth) \(result)") {
        try ForecastFiles(truth: "\(folder)/\(truth)", result: "\(folder)/\(result)")
      }
    }
    let lacking = try ForecastFiles(truth: "\(folder)/truth", result: "\(folder)/result")
    #expect(lacking.scenes.map(\.name) == ["a"])
    #expect(lacking.warnings == ["\(folder)/result has no file of sequence b; the sequence is left out"])
    #expect(throws: EvaluationError.self) {
      try ForecastFiles(truth: "\(folder)/truth", result: "\(folder)/result", choice: SequenceChoice(isStrict: true))
    }
    let chosen = try ForecastFiles(truth: "\(folder)/truth", result: nil, choice: SequenceChoice(names: ["b"]))
    #expect(chosen.scenes.map(\.name) == ["b"])
    for (truth, result) in [("empty", nil), ("none", nil), (nil, "empty"), (nil, "none"), ("-", nil)] as [(String?, String?)] {
      #expect(throws: EvaluationError.self) {
        try ForecastFiles(truth: truth.map { $0 == "-" ? $0 : "\(folder)/\($0)" }, result: result.map { "\(folder)/\($0)" })
      }
    }
  }
}
