import Reports

/// One figure of the classes of boxes: a column of their table, which is all that a new figure needs beside its formula.
struct BoxField: Sendable {
  /// The heading of its column.
  let name: String
  /// How it follows from a class.
  let ofClass: @Sendable (BoxResultEvaluation.ClassResult) -> MetricCell
  /// How it follows from all classes, for the row of means.
  let ofAll: @Sendable (BoxResultEvaluation) -> MetricCell

  /// The columns behind the counts, for the thresholds of an evaluation.
  static func table(_ settings: BoxResultEvaluation.Settings) -> [BoxField] {
    let thresholds = settings.thresholds
    let isSingle = thresholds.count == 1
    let main = isSingle ? "AP\(ScoreName.percent(thresholds[0]))" : "AP"
    let named = isSingle ? [] : [0.5, 0.75].compactMap { wanted in thresholds.firstIndex { abs($0 - wanted) < 1e-9 } }
    return [
      BoxField(
        name: main, ofClass: { MetricCell(ratio: $0.averagePrecision) }, ofAll: { MetricCell(ratio: $0.meanAveragePrecision) })
    ]
      + named.map { index in
        BoxField(
          name: "AP\(ScoreName.percent(thresholds[index]))",
          ofClass: { MetricCell(ratio: $0.averagePrecisions?[index]) },
          ofAll: { MetricCell(ratio: $0.meanAveragePrecisions?[index]) })
      }
      + ["AP_small", "AP_medium", "AP_large"].enumerated().map { size, name in
        mean(name) { $0.bySize[size].averagePrecision }
      } + [
        mean("recall") { $0.truth > 0 ? $0.curve.recalls.last ?? 0 : nil },
        mean("precision") { $0.truth > 0 ? $0.curve.precisions.last ?? 0 : nil },
        BoxField(name: "angle_error_deg", ofClass: { real($0.angle?.mean) }, ofAll: { real($0.angle?.mean) }),
      ]
  }

  /// A ratio whose row of all is its mean over the classes that have truth.
  private static func mean(
    _ name: String, _ value: @escaping @Sendable (BoxResultEvaluation.ClassResult) -> Double?
  ) -> BoxField {
    BoxField(
      name: name, ofClass: { MetricCell(ratio: value($0)) },
      ofAll: { evaluation in
        let found = evaluation.classes.filter { $0.averagePrecisions != nil }.compactMap(value)
        return found.isEmpty ? .missing : .ratio(found.reduce(0, +) / Double(found.count))
      })
  }

  private static func real(_ value: Double?) -> MetricCell { value.map { .real($0) } ?? .missing }
}
