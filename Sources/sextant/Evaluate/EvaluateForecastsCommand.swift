import ArgumentParser
import ForecastEvaluation
import Records
import Reports

/// `sextant evaluate forecasts`: where objects were expected against where they went.
struct EvaluateForecastsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecasts",
    abstract: "Measure forecasts: ADE, FDE, minimum of K, miss rate, coverage of ellipses.",
    discussion: """
      A stream with forecasts ('sextant track --forecast') is compared with the boxes of --truth, or with itself without --truth; distances \
      are pixels of the frame that made the forecast. Pedestrian text (frame, id, x, y in metres) is cut into windows of observed and \
      predicted steps; --result then holds rows of 'observed_frame frame id x y [hypothesis]', or --baseline predicts.

      Truth and result are a file each, or a folder each with a file of equal name for each scene. Several results and baselines stand side \
      by side, each against the first; intervals are drawn from the scenes, or from the agents of the only scene.

      examples:
        sextant evaluate forecasts --truth biwi_eth.txt --baseline constant-velocity
        sextant evaluate forecasts --truth scenes --compare theirs ours --baseline still --report report.html
        sextant evaluate forecasts --truth gt.txt --result tracks.ndjson
      """)

  @Option(
    help: ArgumentHelp("What the objects did: pedestrian text, or boxes with identities.", valueName: "path"), completion: .file())
  var truth: String?

  @OptionGroup var compared: ComparedResultOptions

  @OptionGroup var folders: SequenceOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Predict pedestrians by constant-velocity, still or line.", valueName: "name"))
  var baseline: [BaselineForecast] = []

  @Option(help: ArgumentHelp("Observed steps of a window.", valueName: "n"))
  var observed = 8

  @Option(help: ArgumentHelp("Predicted steps of a window.", valueName: "n"))
  var predicted = 12

  @Option(help: ArgumentHelp("A window counts with at least this many pedestrians.", valueName: "n"))
  var minimumAgents = 2

  @Option(help: ArgumentHelp("Only the first K hypotheses.", valueName: "k"))
  var hypotheses: Int?

  @Option(help: ArgumentHelp("A final error beyond this is a miss.", valueName: "distance"))
  var missDistance = 2.0

  @Option(help: ArgumentHelp("Least overlap of a track and its truth.", valueName: "iou"))
  var minimumOverlap = 0.5

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Exit with code 5 where a figure of a result is higher, such as ade=0.5,miss_rate=0.1.", valueName: "name=value"))
  var failAbove: [String] = []

  @OptionGroup(title: "Output") var output: EvaluationOutputOptions

  /// One result or baseline, read and measured.
  private struct Evaluated {
    var name: String
    var evaluation: ForecastResultEvaluation
    var warnings: [String]
  }

  func run() throws {
    try ExitStatus.reporting {
      let most = try ScoreThresholds(failAbove, option: "--fail-above")
      let least = try output.thresholds
      try output.checkFiles(reads: compared.reads + [(truth, "the truth")])
      let results = try evaluated()
      // Before anything is printed: a name that no score has is a mistake in the command.
      let failures = try results.flatMap { result in
        let scores = Dictionary(result.evaluation.scores.figures.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return try most.excesses(of: result.name) { scores[$0.lowercased()] }
          + least.failures(of: result.name) { scores[$0.lowercased()] }
      }
      let pairs = results.map { ($0.name, $0.evaluation) }
      let comparison = results.count > 1 ? try ResultComparison(forecasts: pairs, bootstrap: compared.bootstrap) : nil
      let warnings = output.warnings(of: results.map { ($0.name, $0.warnings) })
      output.warn(warnings)
      try output.print(output.text(results.map(printed), comparison: comparison))
      if let path = output.report {
        let report = ForecastReport(
          ReportedResults(pairs, truth: truth ?? "the streams' own later tracks", comparison: comparison, warnings: warnings))
        try output.write(report.html, to: path)
      }
      try output.exit(ifAny: failures)
    }
  }

  /// The results in the order of --result, --compare and --baseline.
  private func evaluated() throws -> [Evaluated] {
    let settings = try scoreSettings()
    var matching = StreamForecasts.Settings()
    matching.minimumOverlap = minimumOverlap
    let named = compared.paths.isEmpty ? [] : try compared.named()
    guard truth != nil || baseline.isEmpty, !named.isEmpty || !baseline.isEmpty else {
      throw CommandError.usage("there is no forecast to evaluate; give --result, --compare, or --truth and --baseline")
    }
    let files = try named.map { result in
      let files = try ForecastFiles(truth: truth, result: result.path, choice: folders.choice())
      let evaluation = try ForecastResultEvaluation(
        result.name, scenes: files.scenes, windows: windows, matching: matching, settings: settings)
      return Evaluated(name: result.name, evaluation: evaluation, warnings: files.warnings + evaluation.warnings)
    }
    return try files
      + baseline.map { baseline in
        let scenes = try ForecastFiles(truth: truth, result: nil, choice: folders.choice()).scenes
        let evaluation = try ForecastResultEvaluation(baseline: baseline, scenes: scenes, windows: windows, settings: settings)
        return Evaluated(name: baseline.rawValue, evaluation: evaluation, warnings: evaluation.warnings)
      }
  }

  private func printed(_ result: Evaluated) -> EvaluatedResult {
    let table = ForecastTables.scenes(result.evaluation)
    return EvaluatedResult(
      name: result.name, tables: [table], figures: table, json: ForecastTables.json(result.evaluation, warnings: result.warnings))
  }

  // MARK: - Options

  private func scoreSettings() throws -> ForecastScores.Settings {
    guard (1...10_000).contains(observed), (1...10_000).contains(predicted), minimumAgents >= 1 else {
      throw CommandError.usage("--observed, --predicted and --minimum-agents are counts from 1, steps to 10000")
    }
    guard hypotheses.map({ $0 >= 1 }) ?? true else { throw CommandError.usage("--hypotheses: give 1 or more") }
    guard missDistance >= 0, missDistance.isFinite, minimumOverlap > 0, minimumOverlap <= 1 else {
      throw CommandError.usage("--miss-distance is 0 or more and --minimum-overlap lies between 0 and 1")
    }
    var settings = ForecastScores.Settings()
    settings.missDistance = missDistance
    settings.hypothesisLimit = hypotheses
    return settings
  }

  private var windows: PedestrianWindows {
    PedestrianWindows(observedSteps: observed, predictedSteps: predicted, minimumAgents: minimumAgents)
  }
}

extension BaselineForecast: ExpressibleByArgument {}
