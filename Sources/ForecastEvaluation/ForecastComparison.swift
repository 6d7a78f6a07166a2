import Reports

/// The scores of forecasts on any choice of the scenes, or of the agents of the only scene.
public struct ForecastPartScores: ResampledScores {
  /// The figures that tables and thresholds know.
  public let names: [ScoreName]
  /// The number of scenes or agents.
  public var count: Int { parts.count }
  private let parts: [ForecastSums]
  private let settings: ForecastScores.Settings

  /// A part for each scene.
  public init(scenesOf evaluation: ForecastResultEvaluation) {
    let parts = evaluation.scenes.map { scene in
      var sums = ForecastSums(evaluation.settings)
      for sample in scene.samples { sums.add(sample) }
      return sums
    }
    self.init(parts, evaluation)
  }

  /// A part for each of the agents, which are those of all scenes together.
  public init(_ agents: [Int], of evaluation: ForecastResultEvaluation) {
    let places = Dictionary(agents.enumerated().map { ($1, $0) }) { first, _ in first }
    var parts = agents.map { _ in ForecastSums(evaluation.settings) }
    for sample in evaluation.samples {
      if let place = places[sample.agent] { parts[place].add(sample) }
    }
    self.init(parts, evaluation)
  }

  private init(_ parts: [ForecastSums], _ evaluation: ForecastResultEvaluation) {
    self.parts = parts
    settings = evaluation.settings
    names = evaluation.scores.figures.map { ScoreName($0.name) }
  }

  /// Miss rate and coverage are.
  public func isRatio(_ name: ScoreName) -> Bool { ForecastScores.isRatio(name.field) }

  /// Every sample of the chosen parts weighs the same.
  public func scores(_ occurrences: [Int]) -> [Double] {
    var sums = ForecastSums(settings)
    for (part, times) in zip(parts, occurrences) { sums.add(part, times: times) }
    let figures = Dictionary(ForecastScores(sums)?.figures ?? []) { first, _ in first }
    return names.map { figures[$0.field] ?? .nan }
  }
}

extension ResultComparison {
  /// Compares forecasts of the same scenes: over the scenes, or over the agents where there is one scene with a truth.
  ///
  /// - Throws: `EvaluationError.inconsistent` for results of different scenes, or of pedestrians and of streams.
  public init(
    forecasts results: [(name: String, evaluation: ForecastResultEvaluation)], bootstrap: PairedBootstrap = PairedBootstrap()
  ) throws(EvaluationError) {
    guard let first = results.first else {
      self.init([], parts: "scenes", bootstrap: bootstrap)
      return
    }
    for other in results.dropFirst() {
      guard other.evaluation.unit == first.evaluation.unit else {
        throw .inconsistent(
          reason:
            "\(first.name) is in \(first.evaluation.unit) and \(other.name) in \(other.evaluation.unit); compare forecasts of one kind"
        )
      }
      let scenes = (first.evaluation.scenes.map(\.name), other.evaluation.scenes.map(\.name))
      // Two single files are of one scene, whatever they are called.
      guard scenes.0 == scenes.1 || (scenes.0.count == 1 && scenes.1.count == 1) else {
        throw .inconsistent(
          reason: "\(first.name) and \(other.name) are not of the same scenes; give folders with files of equal names")
      }
    }
    // Tracks of streams without truth have no identities in common.
    if first.evaluation.scenes.count > 1 || first.evaluation.subject == .stream(hasTruth: false) {
      self.init(results.map { ($0.name, ForecastPartScores(scenesOf: $0.evaluation)) }, parts: "scenes", bootstrap: bootstrap)
    } else {
      let agents = results.reduce(into: Set<Int>()) { $0.formUnion($1.evaluation.scenes.flatMap(\.agents)) }.sorted()
      self.init(results.map { ($0.name, ForecastPartScores(agents, of: $0.evaluation)) }, parts: "agents", bootstrap: bootstrap)
    }
  }
}
