import Foundation
import Geometry
import Pipeline
import Testing

@testable import Tuning

@Suite struct ParameterSearchTests {
  private let space = ParameterSpace([
    TunedParameter("a", 0...10, start: 1), TunedParameter("b", 0.01...100, isLogarithmic: true, start: 50),
    TunedParameter("c", -5...5, start: -4),
  ])

  /// Highest at (7, 1, 2).
  private func hill(_ values: [Double]) -> Double {
    -pow(values[0] - 7, 2) - pow(log10(values[1]), 2) - pow(values[2] - 2, 2) - 0.3 * (values[0] - 7) * (values[2] - 2)
  }

  @Test func climbsAHillInSeveralParameters() {
    var settings = ParameterSearch.Settings()
    settings.simplexSteps = 300
    let outcome = ParameterSearch(space: space, settings: settings).run { values, _ in values.map(hill) }
    #expect(outcome.best.score > -1e-4)
    #expect(
      abs(outcome.best.values[0] - 7) < 0.05 && abs(outcome.best.values[1] - 1) < 0.05 && abs(outcome.best.values[2] - 2) < 0.05)
    #expect(outcome.best.score >= outcome.start.score)
  }

  @Test func findsAnOptimumAtTheEdge() {
    let outcome = ParameterSearch(space: space).run { values, _ in values.map { $0[0] - $0[2] } }
    #expect(abs(outcome.best.values[0] - 10) < 0.05 && abs(outcome.best.values[2] + 5) < 0.05)
  }

  @Test func isFixedByItsSeed() {
    func run(_ seed: UInt64) -> ParameterSearch.Outcome {
      var settings = ParameterSearch.Settings()
      settings.seed = seed
      settings.simplexSteps = 20
      return ParameterSearch(space: space, settings: settings).run { values, _ in values.map(hill) }
    }
    #expect(run(1) == run(1))
    #expect(run(1).trials != run(2).trials)
  }

  @Test func neverEndsBelowTheStartAndSurvivesScoresThatAreNone() {
    let outcome = ParameterSearch(space: space).run { values, _ in values.map { _ in .nan } }
    #expect(outcome.best.values == outcome.start.values)
  }

  @Test func halvesWhileTheDataGrow() {
    var settings = ParameterSearch.Settings()
    settings.candidates = 16
    settings.simplexSteps = 0
    let outcome = ParameterSearch(space: space, settings: settings).run { values, _ in values.map(hill) }
    let counts = [0.25, 0.5, 1].map { share in outcome.trials.count { $0.share == share } }
    // One of the trials on all data is the start.
    #expect(counts == [16, 8, 5])
  }

  @Test(arguments: [1, 2, 4, 5]) func scoresNoMorePointsThanAskedFor(steps: Int) {
    var settings = ParameterSearch.Settings()
    settings.candidates = 0
    settings.simplexSteps = steps
    let outcome = ParameterSearch(space: space, settings: settings).run { values, _ in values.map(hill) }
    // The start by itself, then the steps; a step that is begun is finished with its second point.
    #expect((1 + steps...2 + steps).contains(outcome.trials.count))
    #expect(outcome.best.score == outcome.trials.map(\.score).max())
  }

  @Test func valuesStayInTheirRange() {
    let parameter = TunedParameter("p", 0.1...1000, isLogarithmic: true, start: 5000)
    #expect(parameter.start == 1000)
    for share in [-1.0, 0, 0.3, 1, 2] {
      let value = parameter.value(at: share)
      #expect(value >= 0.1 * (1 - 1e-12) && value <= 1000 * (1 + 1e-12))
    }
    #expect(abs(parameter.share(of: parameter.value(at: 0.37)) - 0.37) < 1e-12)
  }
}
