import Records
import Reports

/// The table and the JSON that `sextant evaluate forecasts` prints.
public enum ForecastTables {
  /// A row for each scene, and one for the samples of all scenes where there are several.
  public static func scenes(_ evaluation: ForecastResultEvaluation) -> MetricTable {
    let names = evaluation.scores.figures.map(\.name)
    let headings = names.map { isLength($0) ? "\($0)_\(evaluation.unit)" : $0 }
    var table = MetricTable(
      title: protocolText(evaluation),
      columns: [MetricColumn("scene"), MetricColumn("samples"), MetricColumn("K")] + headings.map { MetricColumn($0) })
    func row(_ name: String, _ scores: ForecastScores?) -> [MetricCell] {
      guard let scores else { return [.text(name), .integer(0)] }
      let figures = Dictionary(scores.figures) { first, _ in first }
      return [.text(name), .integer(scores.samples), .integer(scores.hypotheses)]
        + names.map { name in figures[name].map { ForecastScores.isRatio(name) ? .ratio($0) : .real($0) } ?? .missing }
    }
    for scene in evaluation.scenes { table.append(row(scene.name, scene.scores)) }
    if evaluation.scenes.count > 1 { table.append(row("all", evaluation.scores), isSummary: true) }
    return table
  }

  private static func isLength(_ name: String) -> Bool { name.hasSuffix("DE") }

  /// How the figures came about, in a line.
  static func protocolText(_ evaluation: ForecastResultEvaluation) -> String {
    let limit = evaluation.settings.hypothesisLimit.map { ", the first \($0) hypotheses" } ?? ""
    let miss = "a miss ends more than \(evaluation.settings.missDistance) \(evaluation.unit) away"
    let all = evaluation.scenes.count > 1 ? "; all: the samples of all scenes pooled, each weighing the same" : ""
    switch evaluation.subject {
    case .pedestrians(let windows, let count):
      return "\(windows.observedSteps) observed and \(windows.predictedSteps) predicted steps, \(count) windows of at least "
        + "\(windows.minimumAgents) agents\(limit); \(miss)\(all)"
    case .stream(let hasTruth):
      return
        "forecasts of a stream against \(hasTruth ? "the truth" : "its own later tracks"), pixels of the frame that made them\(limit); "
        + "\(miss)\(all)"
    }
  }

  /// Every figure, the errors by horizon and the coverage by level.
  public static func json(_ evaluation: ForecastResultEvaluation, warnings: [String]) -> JSONValue {
    let rows = scenes(evaluation).jsonRows
    let samples = evaluation.samples
    let horizons = ForecastProfile.horizons(samples).map { item -> JSONValue in
      .object([
        ("horizon", .real(item.horizon)), ("mean", .real(item.mean)), ("quantile90", .real(item.ninetyPercent)),
        ("positions", .integer(item.positions)),
      ])
    }
    let calibration = ForecastProfile.calibration(samples).map { item -> JSONValue in
      .object([("level", .real(item.level)), ("covered", .real(item.covered))])
    }
    return .object([
      ("protocol", .text(protocolText(evaluation))), ("unit", .text(evaluation.unit)),
      ("scenes", .list(evaluation.scenes.count > 1 ? Array(rows.dropLast()) : rows)), ("all", rows.last ?? .null),
      ("horizons", .list(horizons)), ("calibration", .list(calibration)), ("warnings", .list(warnings.map { .text($0) })),
    ])
  }
}
