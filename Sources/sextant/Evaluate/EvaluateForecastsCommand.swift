import ArgumentParser
import Evaluation
import Foundation
import Records

/// `sextant evaluate forecasts`: where objects were expected against where they went.
struct EvaluateForecastsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecasts",
    abstract: "Measure forecasts: ADE, FDE, minimum of K, miss rate, coverage of ellipses.",
    discussion: """
      A stream with forecasts ('sextant track --forecast') is compared with the boxes of --truth, or with itself without --truth; distances \
      are pixels of the frame that made the forecast. Pedestrian text (frame, id, x, y in metres) is cut into windows of observed and \
      predicted steps; --result then holds rows of 'observed_frame frame id x y [hypothesis]', or --baseline predicts.

      examples:
        sextant evaluate forecasts --truth biwi_eth.txt --baseline constant-velocity
        sextant evaluate forecasts --truth gt.txt --result tracks.ndjson
      """)

  @Option(help: ArgumentHelp("What the objects did: pedestrian text, or boxes with identities.", valueName: "file"), completion: .file())
  var truth: String?

  @Option(help: ArgumentHelp("The forecasts.", valueName: "file"), completion: .file())
  var result: String?

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
    help: ArgumentHelp("Exit with code 5 where a figure is higher: ade, fde, minade, minfde, miss_rate.", valueName: "name=value"))
  var failAbove: [String] = []

  @OptionGroup(title: "Output") var output: EvaluationOutputOptions

  func run() throws {
    try ExitStatus.reporting {
      let limits = try ScoreThresholds(failAbove)
      let settings = try scoreSettings()
      let parts = try result.map { path in
        try ForecastTable.isText(path: path) ? [textPart(path, settings)] : [streamPart(path, settings)]
      } ?? baselineParts(settings)
      let unit = parts.contains { $0.unit == "px" } ? "px" : "m"
      let table = ForecastTables.table(parts.map { ($0.name, $0.scores) }, all: nil, unit: unit, title: parts[0].title)
      try output.print(table.rendered(as: output.format))
      if let path = output.report {
        var report = HTMLReport(title: "Forecasts", statements: [("protocol", parts[0].title)])
        report.add(table)
        try output.write(report.text, to: path)
      }
      let failures = try parts.flatMap { part in try limits.thresholds.compactMap { try failure(of: $0, part) } }
      try output.exit(ifAny: failures)
    }
  }

  private struct Part {
    var name: String
    var scores: ForecastScores
    var unit: String
    var title: String
  }

  private func scoreSettings() throws -> ForecastScores.Settings {
    guard (1...10_000).contains(observed), (1...10_000).contains(predicted), minimumAgents >= 1 else {
      throw CommandError.usage("--observed, --predicted and --minimum-agents are counts of 1 or more.")
    }
    guard hypotheses.map({ $0 >= 1 }) ?? true else { throw CommandError.usage("--hypotheses: give 1 or more.") }
    guard missDistance >= 0, minimumOverlap > 0, minimumOverlap <= 1 else {
      throw CommandError.usage("--miss-distance is 0 or more and --minimum-overlap lies between 0 and 1.")
    }
    var settings = ForecastScores.Settings()
    settings.missDistance = missDistance
    settings.hypothesisLimit = hypotheses
    return settings
  }

  private var windows: PedestrianWindows {
    PedestrianWindows(observedSteps: observed, predictedSteps: predicted, minimumAgents: minimumAgents)
  }

  private func baselineParts(_ settings: ForecastScores.Settings) throws -> [Part] {
    guard let truth, !baseline.isEmpty else {
      throw CommandError.usage("There is no forecast to evaluate; give --result, or --truth and --baseline.")
    }
    let table = try PointTable.read(path: truth)
    return try baseline.map { baseline in
      try part(baseline.rawValue, PedestrianForecasts(truth: table, baseline: baseline, windows: windows), truth, settings)
    }
  }

  private func textPart(_ path: String, _ settings: ForecastScores.Settings) throws -> Part {
    guard let truth else { throw CommandError.usage("The forecasts of \(path) need what the pedestrians did; give --truth.") }
    let forecasts = try PedestrianForecasts(
      truth: PointTable.read(path: truth), forecasts: ForecastTable.read(path: path), windows: windows)
    return try part(path, forecasts, truth, settings)
  }

  private func part(
    _ name: String, _ forecasts: PedestrianForecasts, _ truth: String, _ settings: ForecastScores.Settings
  ) throws -> Part {
    if forecasts.missing > 0 {
      output.warn(["\(forecasts.missing) of \(forecasts.missing + forecasts.samples.count) samples have no forecast over all steps; left out"])
    }
    guard let scores = ForecastScores(forecasts.samples, settings: settings) else {
      throw CommandError.malformed(
        "cannot evaluate \(name): \(truth) has \(forecasts.windows) windows of \(observed) + \(predicted) steps and none with a forecast.")
    }
    let title = "\(observed) observed and \(predicted) predicted steps, \(forecasts.windows) windows of at least \(minimumAgents) pedestrians"
    return Part(name: name, scores: scores, unit: "m", title: title)
  }

  private func streamPart(_ path: String, _ settings: ForecastScores.Settings) throws -> Part {
    let table = try truth.map { try BoxTableReader.read(path: $0) }
    var matching = StreamForecasts.Settings()
    matching.minimumOverlap = minimumOverlap
    let forecasts = try StreamForecasts(stream: StreamReader(path: path), truth: table, settings: matching)
    output.warn(
      [(forecasts.unmatched, "have no truth"), (forecasts.beyondTruth, "reach beyond the truth or across a cut")]
        .filter { $0.0 > 0 }.map { "\($0.0) forecasts \($0.1); left out" })
    guard let scores = ForecastScores(forecasts.samples, settings: settings) else {
      throw CommandError.malformed(
        "cannot evaluate \(path): it has no forecast that the truth reaches; track with --forecast, or give the truth of its frames.")
    }
    let against = truth.map { "against \($0)" } ?? "against its own later tracks"
    return Part(name: path, scores: scores, unit: "px", title: "forecasts of a stream \(against)")
  }

  private func failure(of limit: ScoreThresholds.Threshold, _ part: Part) throws -> String? {
    let scores = part.scores
    let figures = [
      "ade": scores.averageDisplacement, "fde": scores.finalDisplacement, "minade": scores.minimumAverageDisplacement,
      "minfde": scores.minimumFinalDisplacement, "miss_rate": scores.missRate,
    ]
    guard let value = figures[limit.name.lowercased()] else {
      throw CommandError.usage("--fail-above \(limit.name): give ade, fde, minade, minfde or miss_rate.")
    }
    return value <= limit.least ? nil : "\(limit.name) of \(part.name) is \(value), above \(limit.least)"
  }
}

extension BaselineForecast: ExpressibleByArgument {}
