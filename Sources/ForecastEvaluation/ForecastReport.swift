import Geometry
import Reports

/// The page that `sextant evaluate forecasts --report` writes.
public struct ForecastReport: Sendable {
  private let subject: ReportedResults<ForecastResultEvaluation>
  private var results: [(name: String, evaluation: ForecastResultEvaluation)] { subject.results }
  /// So many of the worst samples are shown as paths.
  private static let shownPaths = 6

  /// A page of one or several results of one truth.
  public init(_ subject: ReportedResults<ForecastResultEvaluation>) { self.subject = subject }

  private var unit: String { results[0].evaluation.unit }
  private var isStream: Bool { unit == "px" }

  /// The page as a whole, which needs no other file.
  public var html: String {
    var report = subject.page("Forecasts", protocolText: ForecastTables.protocolText(results[0].evaluation))
    for result in results {
      report.heading(results.count > 1 ? result.name : "Scenes")
      report.add(ForecastTables.scenes(result.evaluation).withoutTitle)
    }
    report.heading("Errors")
    report.add(horizons)
    report.add(finalErrors)
    if let calibration { report.add(calibration) }
    if results[0].evaluation.scenes.count > 1 || results.count > 1 {
      for figure in ["ADE", "FDE"] { report.add(bars(figure)) }
    }
    for result in results { addPaths(of: result, to: &report) }
    return report.text
  }

  // MARK: - Curves and bars

  private var horizons: LinePlot {
    let profiles = results.map { ForecastProfile.horizons($0.evaluation.samples) }
    let greatest = profiles.joined().reduce(0) { max($0, $1.mean, $1.ninetyPercent) }
    return LinePlot(
      title: "error over the horizon", xLabel: isStream ? "seconds ahead" : "step",
      yLabel: "error of the first hypothesis, \(unit)",
      series: zip(results, profiles).enumerated().flatMap { index, pair -> [LinePlot.Series] in
        let (result, profile) = pair
        return [
          LinePlot.Series(named(result.name, "mean"), profile.map { ($0.horizon, $0.mean) }, color: index),
          LinePlot.Series(named(result.name, "90 %"), profile.map { ($0.horizon, $0.ninetyPercent) }, isDashed: true, color: index),
        ]
      }, yRange: 0...(greatest > 0 ? greatest : 1))
  }

  private func named(_ result: String, _ what: String) -> String { results.count > 1 ? "\(result), \(what)" : what }

  /// Up to the largest of the results' 99 % quantiles.
  private var finalErrors: LinePlot {
    let limit = results[0].evaluation.settings.hypothesisLimit
    var end = 0.0
    let series = results.enumerated().flatMap { index, result -> [LinePlot.Series] in
      let samples = result.evaluation.samples
      let errors = samples.map { sample in
        (sample.hypotheses[0][sample.truth.count - 1].position - sample.truth[sample.truth.count - 1]).length
      }
      end = max(end, PairedBootstrap.quantile(errors.sorted(), 0.99))
      let first = LinePlot.Series(named(result.name, "first hypothesis"), ForecastProfile.cumulative(errors), color: index)
      guard result.evaluation.scores.hypotheses > 1 else { return [first] }
      let best = ForecastProfile.cumulative(samples.map { $0.bestFinal(limit: limit).error })
      return [
        first,
        LinePlot.Series(named(result.name, "best of \(result.evaluation.scores.hypotheses)"), best, isDashed: true, color: index),
      ]
    }
    let range = 0...(end > 0 ? end : 1)
    return LinePlot(
      title: "share of samples within a final error", xLabel: "final error, \(unit)", yLabel: "share of samples",
      series: series.map { series in
        var inside = series
        inside.points = series.points.filter { range.contains($0.x) }
        return inside
      }, xRange: range, yRange: 0...1)
  }

  private var calibration: LinePlot? {
    let curves = results.map { ($0.name, ForecastProfile.calibration($0.evaluation.samples)) }
    guard curves.contains(where: { !$0.1.isEmpty }) else { return nil }
    let measured = curves.enumerated().map { index, curve in
      LinePlot.Series(named(curve.0, "measured"), curve.1.map { ($0.level, $0.covered) }, color: index)
    }
    return LinePlot(
      title: "coverage of the ellipses", xLabel: "probability of the ellipse", yLabel: "share of positions inside",
      series: measured + [LinePlot.Series("ideal", [(x: 0, y: 0), (x: 1, y: 1)], isDashed: true, color: measured.count)],
      xRange: 0...1, yRange: 0...1)
  }

  /// A group of bars for each scene, a bar for each result.
  private func bars(_ figure: String) -> BarPlot {
    func value(_ scores: ForecastScores?) -> Double? { scores?.figures.first { $0.name == figure }?.value }
    let scenes = results[0].evaluation.scenes.map(\.name)
    var groups = scenes.enumerated().map { index, name in
      BarPlot.Group(name, results.map { value($0.evaluation.scenes[index].scores) })
    }
    if scenes.count > 1 { groups.append(BarPlot.Group("all", results.map { value($0.evaluation.scores) })) }
    let greatest = groups.flatMap(\.values).compactMap { $0 }.max() ?? 0
    return BarPlot(
      title: "\(figure) by scene, \(unit)", series: results.map(\.name), groups: groups, range: 0...(greatest > 0 ? greatest : 1))
  }

  // MARK: - Paths

  /// The samples with the largest final errors, one an agent.
  private func addPaths(of result: (name: String, evaluation: ForecastResultEvaluation), to report: inout HTMLReport) {
    let evaluation = result.evaluation
    let limit = evaluation.settings.hypothesisLimit
    let worst = evaluation.scenes.flatMap { scene in
      ForecastProfile.worst(scene.samples, count: Self.shownPaths, hypothesisLimit: limit).map {
        (scene: scene.name, sample: scene.samples[$0])
      }
    }.map { (scene: $0.scene, sample: $0.sample, best: $0.sample.bestFinal(limit: limit)) }
    let shown = worst.sorted { $0.best.error > $1.best.error }.prefix(Self.shownPaths)
    report.heading(named(result.name, "the largest final errors"))
    for item in shown {
      let error = DecimalText.fixed(item.best.error, decimals: 2) ?? ""
      let title = "\(item.scene), agent \(item.sample.agent), frame \(item.sample.frame): \(error) \(unit)"
      report.add(paths(item.sample, hypothesis: item.best.hypothesis, title: title))
    }
  }

  private func paths(_ sample: ForecastSample, hypothesis: Int, title: String) -> LinePlot {
    func points(_ path: [Point]) -> [(x: Double, y: Double)] { path.map { ($0.x, $0.y) } }
    // Both paths go on from the last observation.
    let start = sample.observed.suffix(1)
    var plot = LinePlot(
      title: title, xLabel: "x, \(unit)", yLabel: "y, \(unit)",
      series: [
        LinePlot.Series("observed", points(sample.observed), color: 6),
        LinePlot.Series("truth", points(start + sample.truth), color: 2),
        LinePlot.Series(
          sample.hypotheses.count > 1 ? "forecast \(hypothesis), the best" : "forecast",
          points(start + sample.hypotheses[hypothesis].map(\.position)), isDashed: true, color: 1),
      ])
    plot.hasEqualUnits = true
    plot.isDownward = isStream
    return plot
  }
}
