import Reports

/// Tables of an evaluation of tracks.
public enum TrackTables {
  /// One row a sequence and one for all, of one class.
  ///
  /// - Parameter hasEveryField: Whether the table has a column for every figure, not only for those that people read first.
  public static func sequences(
    _ evaluation: TrackResultEvaluation, className: String?, hasEveryField: Bool = false
  ) -> MetricTable {
    let combined = evaluation.combined(className).fields
    let names = self.names(combined, hasEveryField)
    var table = MetricTable(title: title(evaluation, className), columns: [MetricColumn("sequence")] + names.map(column))
    for part in evaluation.parts(of: className) {
      table.append([.text(part.sequence)] + cells(part.evaluation.scores.fields, names))
    }
    table.append([.text("COMBINED")] + cells(combined, names), isSummary: true)
    return table
  }

  /// The classes' combined scores and their averages, where there are several classes.
  ///
  /// - Parameter hasEveryField: As of `sequences`.
  public static func classes(_ evaluation: TrackResultEvaluation, hasEveryField: Bool = false) -> MetricTable? {
    let classes = evaluation.classes
    guard classes.count > 1 else { return nil }
    let all = evaluation.detectionAverage.fields
    let names = self.names(all, hasEveryField)
    var table = MetricTable(title: evaluation.name + ", classes", columns: [MetricColumn("class")] + names.map(column))
    for name in classes { table.append([.text(name ?? "all")] + cells(evaluation.combined(name).fields, names)) }
    table.append([.text("class averaged")] + cells(evaluation.classAverage, names), isSummary: true)
    table.append([.text("detection averaged")] + cells(all, names), isSummary: true)
    return table
  }

  /// Angles, jitter and covariances by sequence; nil where nothing is oriented.
  public static func oriented(_ evaluation: TrackResultEvaluation, className: String?) -> MetricTable? {
    let combined = evaluation.combinedOriented(className)
    guard !combined.isEmpty else { return nil }
    let names = combined.fields.map(\.name)
    var table = MetricTable(
      title: title(evaluation, className) + ", orientation",
      columns: [MetricColumn("sequence")] + names.map { MetricColumn($0, decimals: 3) })
    for part in evaluation.parts(of: className) {
      table.append([.text(part.sequence)] + cells(part.evaluation.oriented.fields, names))
    }
    table.append([.text("COMBINED")] + cells(combined.fields, names), isSummary: true)
    return table
  }

  /// Every scalar of every sequence and class in one table, for other programs.
  public static func everything(_ evaluations: [TrackResultEvaluation]) -> MetricTable {
    let fields = evaluations.first.map { first in first.detectionAverage.fields.map(\.name) } ?? []
    let orientedNames = orientedFields(evaluations)
    let columns = ["result", "class", "sequence"] + fields + orientedNames
    var table = MetricTable(
      columns: columns.map { name in MetricColumn(name, decimals: 6, otherName: short(name) == name ? nil : short(name)) })
    for evaluation in evaluations {
      for className in evaluation.classes {
        func append(_ sequence: String, _ scores: TrackScores, _ oriented: OrientedTrackScores, isSummary: Bool = false) {
          let names: [MetricCell] = [.text(evaluation.name), .text(className ?? "all"), .text(sequence)]
          table.append(names + cells(scores.fields, fields) + cells(oriented.fields, orientedNames), isSummary: isSummary)
        }
        for part in evaluation.parts(of: className) { append(part.sequence, part.evaluation.scores, part.evaluation.oriented) }
        append("COMBINED", evaluation.combined(className), evaluation.combinedOriented(className), isSummary: true)
      }
    }
    return table
  }

  /// The orientation's fields that any class of any result has.
  private static func orientedFields(_ evaluations: [TrackResultEvaluation]) -> [String] {
    var names: [String] = []
    for evaluation in evaluations {
      for scores in evaluation.classes.map({ evaluation.combinedOriented($0) }) where !scores.isEmpty {
        for name in scores.fields.map(\.name) where !names.contains(name) { names.append(name) }
      }
    }
    return names
  }

  // MARK: - Cells

  private static func title(_ evaluation: TrackResultEvaluation, _ className: String?) -> String {
    className.map { "\(evaluation.name), \($0)" } ?? evaluation.name
  }

  /// The names of the columns: of every field, or of those that people read first.
  private static func names(_ fields: [MetricField], _ hasEveryField: Bool) -> [String] {
    hasEveryField ? fields.map(\.name) : ScoreHeading.columns.filter { name in fields.contains { $0.name == name } }
  }

  private static func column(_ name: String) -> MetricColumn {
    let heading = short(name)
    return MetricColumn(heading, decimals: 3, otherName: heading == name ? nil : name)
  }

  private static func short(_ name: String) -> String {
    name.hasPrefix("CLR_") ? String(name.dropFirst(4)) : name
  }

  private static func cells(_ fields: [MetricField], _ names: [String]) -> [MetricCell] {
    names.map { name in fields.first { $0.name == name }.map(cell) ?? .missing }
  }

  private static func cell(_ field: MetricField) -> MetricCell {
    if case .integer(let value) = field.value { return .integer(value) }
    return field.isRatio ? .ratio(field.scalar) : .real(field.scalar)
  }
}
