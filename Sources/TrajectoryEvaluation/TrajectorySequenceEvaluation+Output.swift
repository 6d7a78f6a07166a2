import Geometry
import Records
import Reports

/// What `sextant evaluate trajectory` prints.
extension TrajectorySequenceEvaluation {
  /// How the figures came about, in a line.
  var protocolText: String {
    let alignment = settings.comparison.alignment
    var text = "\(comparison.truth.count) pairs of \(comparison.counts.truth) truth and \(comparison.counts.result) result poses"
    text += comparison.times == nil ? ", matched by line" : ", stamps within \(settings.comparison.maximumDifference) s"
    text += "; \(settingsText)"
    guard alignment == .similarity || alignment == .scale else { return text }
    return text + ", scale \(DecimalText.fixed(comparison.transform.scale, decimals: 6) ?? "-")"
  }

  /// What was asked for, in a line.
  var settingsText: String {
    var text = "alignment \(settings.comparison.alignment.rawValue)"
    if let first = settings.comparison.alignedPoses { text += " on the first \(first) poses" }
    text += "; RPE over \(DecimalText.short(settings.delta.value)) \(settings.delta.unit.rawValue)"
    text += settings.delta.allPairs ? ", all pairs" : ", consecutive pairs"
    return text + (settings.pairsFromTruth ? " of the truth" : "")
  }

  /// Everything, with the alignment.
  func json(table: MetricTable, segments: MetricTable?, warnings: [String]) -> JSONValue {
    let transform = comparison.transform
    var pairs: [(String, JSONValue)] = [
      ("protocol", .text(protocolText)), ("files", .list(facts.map { .text($0) })), ("pairs", .integer(comparison.truth.count)),
      ("errors", table.jsonValue),
      (
        "alignment",
        .object([
          ("kind", .text(settings.comparison.alignment.rawValue)), ("scale", .real(transform.scale)),
          ("rotation", JSONValue(transform.rotation.rowMajor)),
          ("translation", JSONValue([transform.translation.x, transform.translation.y, transform.translation.z])),
        ])
      ),
    ]
    if let segments { pairs.append(("segments", segments.jsonValue)) }
    pairs.append(("warnings", .list(warnings.map { .text($0) })))
    return .object(pairs)
  }

  /// Every error with its number and, where poses are timed, its stamp.
  var errorTable: MetricTable {
    var table = MetricTable(columns: ["error", "relation", "index", "time_s", "value"].map { MetricColumn($0, decimals: 9) })
    for row in rows {
      for (index, error) in row.errors.enumerated() {
        let time: MetricCell = row.kind == "APE" ? comparison.times.map { .real($0[index]) } ?? .missing : .missing
        table.append([.text(row.kind), .text(row.relation.rawValue), .integer(index), time, .real(error)])
      }
    }
    return table
  }
}

extension DecimalText {
  /// A number without the zeros that say nothing.
  static func short(_ value: Double) -> String {
    // Bounded: by 10¹⁵.
    value.rounded() == value && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
