import Geometry
import Records

/// Absolute, relative and segment errors of a result against the truth, ready to print.
public struct TrajectoryEvaluation: Sendable {
  public struct Settings: Sendable, Equatable {
    public var comparison = TrajectoryComparison.Settings()
    public var relations: [PoseRelation] = [.translation, .angleDegrees]
    public var delta = PoseDelta(1, .frames)
    /// Choose the pairs of relative errors on the truth instead of the result.
    public var pairsFromTruth = false
    /// Also KITTI's errors over segments of these lengths, metres; empty for none.
    public var segmentLengths: [Double] = []

    public init() {}
  }

  /// The figures of one relation.
  public struct Row: Sendable {
    /// "APE" or "RPE".
    public var kind: String
    public var relation: PoseRelation
    public var statistics: ErrorStatistics
    /// Pose by pose or pair by pair.
    public var errors: [Double]
  }

  public var settings: Settings
  public var comparison: TrajectoryComparison
  public var rows: [Row] = []
  /// nil where they were not asked for, or where the truth's path is shorter than every length.
  public var segments: SegmentErrors?

  public init(
    truth: Trajectory, result: Trajectory, settings: Settings = Settings()
  ) throws(EvaluationError) {
    self.settings = settings
    comparison = try TrajectoryComparison(truth: truth, result: result, settings: settings.comparison)
    for relation in settings.relations where relation != .pointDistanceRatio {
      append("APE", relation, try comparison.absoluteErrors(relation))
    }
    for relation in settings.relations {
      append("RPE", relation, try comparison.relativeErrors(relation, delta: settings.delta, pairsFromTruth: settings.pairsFromTruth))
    }
    if !settings.segmentLengths.isEmpty {
      segments = SegmentErrors(truth: comparison.truth, result: comparison.result, lengths: settings.segmentLengths)
    }
  }

  private mutating func append(_ kind: String, _ relation: PoseRelation, _ errors: [Double]) {
    guard let statistics = ErrorStatistics(errors) else { return }
    rows.append(Row(kind: kind, relation: relation, statistics: statistics, errors: errors))
  }

  // MARK: - Output

  /// How the figures came about, in a line.
  public var protocolText: String {
    let alignment = settings.comparison.alignment
    var text = "\(comparison.truth.count) pairs of \(comparison.counts.truth) truth and \(comparison.counts.result) result poses"
    text += comparison.times == nil ? ", matched by line" : ", stamps within \(settings.comparison.maximumDifference) s"
    text += "; alignment \(alignment.rawValue)"
    if let first = settings.comparison.alignedPoses { text += " on the first \(first) poses" }
    if alignment == .similarity || alignment == .scale { text += ", scale \(DecimalText.fixed(comparison.transform.scale, decimals: 6) ?? "-")" }
    text += "; RPE over \(DecimalText.short(settings.delta.value)) \(settings.delta.unit.rawValue)"
    text += settings.delta.allPairs ? ", all pairs" : ", consecutive pairs"
    return text + (settings.pairsFromTruth ? " of the truth" : "")
  }

  /// A row for each kind of error and relation.
  public var table: MetricTable {
    var table = MetricTable(
      title: protocolText,
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
      ("protocol", .text(protocolText)), ("pairs", .integer(comparison.truth.count)), ("errors", table.jsonValue),
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
}

extension DecimalText {
  /// A number without the zeros that say nothing.
  static func short(_ value: Double) -> String {
    value.rounded() == value && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
