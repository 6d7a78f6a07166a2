import Records

/// The table and the JSON that `sextant evaluate forecasts` prints.
public enum ForecastTables {
  /// A row for each part (a file, a baseline) and all together.
  public static func table(
    _ parts: [(name: String, scores: ForecastScores)], all: ForecastScores?, unit: String, title: String
  ) -> MetricTable {
    let levels = (all ?? parts.first?.scores)?.coverage.map { "coverage\(Int(($0.level * 100).rounded()))" } ?? []
    let displacements = ["ADE", "FDE", "minADE", "minFDE"].map { "\($0)_\(unit)" }
    let names = displacements + ["miss_rate"] + levels + (levels.isEmpty ? [] : ["NIS"])
    var table = MetricTable(
      title: title,
      columns: [MetricColumn("forecast"), MetricColumn("samples"), MetricColumn("K")] + names.map { MetricColumn($0) })
    for (name, scores) in parts { table.append([.text(name)] + cells(scores)) }
    if let all, parts.count > 1 { table.append([.text("all")] + cells(all), isSummary: true) }
    return table
  }

  private static func cells(_ scores: ForecastScores) -> [MetricCell] {
    let figures = [
      scores.averageDisplacement, scores.finalDisplacement, scores.minimumAverageDisplacement,
      scores.minimumFinalDisplacement, scores.missRate,
    ]
    return [.integer(scores.samples), .integer(scores.hypotheses)]
      + (figures + scores.coverage.map(\.covered) + (scores.meanSquaredMahalanobis.map { [$0] } ?? [])).map { .real($0) }
  }
}
