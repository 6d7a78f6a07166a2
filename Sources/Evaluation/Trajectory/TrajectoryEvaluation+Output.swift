import Geometry
import Records

/// What `sextant evaluate trajectory` prints.
extension TrajectoryEvaluation {
  /// How the figures came about, in a line.
  public var protocolText: String {
    let alignment = settings.comparison.alignment
    var text = "\(comparison.truth.count) pairs of \(comparison.counts.truth) truth and \(comparison.counts.result) result poses"
    text += comparison.times == nil ? ", matched by line" : ", stamps within \(settings.comparison.maximumDifference) s"
    text += "; alignment \(alignment.rawValue)"
    if let first = settings.comparison.alignedPoses { text += " on the first \(first) poses" }
    if alignment == .similarity || alignment == .scale {
      text += ", scale \(DecimalText.fixed(comparison.transform.scale, decimals: 6) ?? "-")"
    }
    text += "; RPE over \(DecimalText.short(settings.delta.value)) \(settings.delta.unit.rawValue)"
    text += settings.delta.allPairs ? ", all pairs" : ", consecutive pairs"
    return text + (settings.pairsFromTruth ? " of the truth" : "")
  }

  /// A row for each kind of error and relation.
  public var table: MetricTable {
    var table = MetricTable(
      title: (facts + [protocolText]).joined(separator: "; "),
      columns: [MetricColumn("error"), MetricColumn("relation"), MetricColumn("unit"), MetricColumn("pairs")]
        + ["rmse", "mean", "median", "std", "min", "max", "sse"].map { MetricColumn($0, decimals: 6) })
    for row in rows {
      let s = row.statistics
      table.append(
        [.text(row.kind), .text(row.relation.rawValue), .text(row.relation.unit.isEmpty ? "-" : row.relation.unit), .integer(s.count)]
          + [s.rootMeanSquare, s.mean, s.median, s.standardDeviation, s.minimum, s.maximum, s.sumOfSquares].map { .real($0) })
    }
    return table
  }

  /// KITTI's errors by length; nil where there are none.
  public var segmentTable: MetricTable? {
    segments.map { segments in
      var table = MetricTable(
        title: "segment errors (KITTI), starts every 10 poses",
        columns: [
          MetricColumn("length_m", decimals: 0), MetricColumn("segments"), MetricColumn("translation_percent"),
          MetricColumn("rotation_deg_per_m", decimals: 6),
        ])
      for length in segments.lengths {
        table.append([
          .real(length.metres), .integer(length.segments), .real(length.translationPercent),
          .real(length.rotationDegreesPerMetre),
        ])
      }
      table.append(
        [
          .text("all"), .integer(segments.segments), .real(segments.translationPercent),
          .real(segments.rotationDegreesPerMetre),
        ], isSummary: true)
      return table
    }
  }

  /// Everything, with the alignment.
  public func json(warnings: [String]) -> JSONValue {
    let transform = comparison.transform
    var pairs: [(String, JSONValue)] = [
      ("protocol", .text(protocolText)), ("files", .list(facts.map { .text($0) })), ("pairs", .integer(comparison.truth.count)), ("errors", table.jsonValue),
      (
        "alignment",
        .object([
          ("kind", .text(settings.comparison.alignment.rawValue)), ("scale", .real(transform.scale)),
          ("rotation", JSONValue(transform.rotation.rowMajor)),
          ("translation", JSONValue([transform.translation.x, transform.translation.y, transform.translation.z])),
        ])
      ),
    ]
    if let table = segmentTable { pairs.append(("segments", table.jsonValue)) }
    pairs.append(("warnings", .list(warnings.map { .text($0) })))
    return .object(pairs)
  }

  /// Every error with its number and, where poses are timed, its stamp.
  public var errorTable: MetricTable {
    var table = MetricTable(columns: ["error", "relation", "index", "time_s", "value"].map { MetricColumn($0, decimals: 9) })
    for row in rows {
      for (index, error) in row.errors.enumerated() {
        let time: MetricCell = row.kind == "APE" ? comparison.times.map { .real($0[index]) } ?? .missing : .missing
        table.append([.text(row.kind), .text(row.relation.rawValue), .integer(index), time, .real(error)])
      }
    }
    return table
  }

  /// The root mean square of a kind of error, `ape` or `rpe` (of the first relation) or `ape/translation_part`; nil for other names.
  public func score(named name: String) -> Double? {
    let parts = name.lowercased().split(separator: "/").map(String.init)
    return rows.first { row in
      row.kind.lowercased() == parts.first && (parts.count == 1 || row.relation.rawValue == parts[1])
    }?.statistics.rootMeanSquare
  }
}

extension DecimalText {
  /// A number without the zeros that say nothing.
  static func short(_ value: Double) -> String {
    value.rounded() == value && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
