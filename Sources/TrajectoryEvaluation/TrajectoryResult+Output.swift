import Geometry
import Records
import Reports

/// What `sextant evaluate trajectory` prints of a result.
extension TrajectoryResult {
  private var isSingle: Bool { sequences.count == 1 }
  private var first: TrajectorySequenceEvaluation { sequences[0].evaluation }

  /// How the figures came about, in a line.
  public var protocolText: String {
    isSingle
      ? first.protocolText : "\(sequences.count) sequences; \(first.settingsText); all: the errors of all sequences as one list"
  }

  /// Tables for people.
  public var tables: [MetricTable] {
    let facts = isSingle ? [] : [factTable]
    return facts + [table, segmentTable].compactMap { $0 }
  }

  /// A row for each sequence, kind of error and relation; for several sequences also all together.
  public var table: MetricTable {
    var columns = [MetricColumn("error"), MetricColumn("relation"), MetricColumn("unit"), MetricColumn("pairs")]
    columns += ["rmse", "mean", "median", "std", "min", "max", "sse"].map { MetricColumn($0, decimals: 6) }
    let title = isSingle ? (first.facts + [first.protocolText]).joined(separator: "; ") : protocolText
    var table = MetricTable(title: title, columns: (isSingle ? [] : [MetricColumn("sequence")]) + columns)
    for sequence in sequences {
      for row in sequence.evaluation.rows {
        table.append(name(sequence.name) + Self.cells(row.kind, row.relation, row.statistics))
      }
    }
    guard !isSingle else { return table }
    for row in pooled { table.append(name("all") + Self.cells(row.kind, row.relation, row.statistics), isSummary: true) }
    return table
  }

  private func name(_ text: String) -> [MetricCell] { isSingle ? [] : [.text(text)] }

  private static func cells(_ kind: String, _ relation: PoseRelation, _ s: ErrorStatistics) -> [MetricCell] {
    [.text(kind), .text(relation.rawValue), .text(relation.unit.isEmpty ? "-" : relation.unit), .integer(s.count)]
      + [s.rootMeanSquare, s.mean, s.median, s.standardDeviation, s.minimum, s.maximum, s.sumOfSquares].map { .real($0) }
  }

  /// What is known of the files of each sequence.
  private var factTable: MetricTable {
    var table = MetricTable(
      title: name, columns: ["sequence", "truth", "result", "pairs", "scale"].map { MetricColumn($0, decimals: 6) })
    for sequence in sequences {
      let comparison = sequence.evaluation.comparison
      table.append([
        .text(sequence.name), .integer(comparison.counts.truth), .integer(comparison.counts.result),
        .integer(comparison.truth.count), .real(comparison.transform.scale),
      ])
    }
    return table
  }

  /// KITTI's errors by sequence and, over all of them, by length; nil where there are none.
  public var segmentTable: MetricTable? {
    pooledSegments.map { all in
      var table = MetricTable(
        title: "segment errors (KITTI), starts every 10 poses",
        columns: [
          MetricColumn("length_m"), MetricColumn("segments"), MetricColumn("translation_percent"),
          MetricColumn("rotation_deg_per_m", decimals: 6),
        ])
      func append(_ name: String, _ segments: Int, _ translation: Double, _ rotation: Double, isSummary: Bool = false) {
        table.append([.text(name), .integer(segments), .real(translation), .real(rotation)], isSummary: isSummary)
      }
      for length in all.lengths {
        // Bounded: by `DecimalText`.
        append(DecimalText.short(length.metres), length.segments, length.translationPercent, length.rotationDegreesPerMetre)
      }
      for sequence in isSingle ? [] : sequences {
        guard let own = sequence.evaluation.segments else { continue }
        append("sequence \(sequence.name)", own.segments, own.translationPercent, own.rotationDegreesPerMetre, isSummary: true)
      }
      append("all", all.segments, all.translationPercent, all.rotationDegreesPerMetre, isSummary: true)
      return table
    }
  }

  /// Everything, with the alignments. A single sequence stands by itself.
  public var json: JSONValue {
    guard !isSingle else { return first.json(table: table, segments: segmentTable, warnings: warnings) }
    var pairs: [(String, JSONValue)] = [
      ("protocol", .text(protocolText)),
      (
        "sequences",
        .list(
          sequences.map { sequence in
            let own = TrajectoryResult(name: name, sequences: [sequence])
            let value = sequence.evaluation.json(table: own.table, segments: own.segmentTable, warnings: [])
            return .object([("name", .text(sequence.name)), ("evaluation", value)])
          })
      ),
      ("errors", table.jsonValue),
    ]
    if let segmentTable { pairs.append(("segments", segmentTable.jsonValue)) }
    pairs.append(("warnings", .list(warnings.map { .text($0) })))
    return .object(pairs)
  }

  /// Every error with its sequence, its number and, where poses are timed, its stamp.
  public var errorTable: MetricTable {
    isSingle ? first.errorTable : MetricTable(joining: sequences.map { ($0.name, $0.evaluation.errorTable) }, by: "sequence")
  }
}
