/// Several results on the same sequences, side by side: each against the first.
public struct TrackComparison: Sendable {
  public struct Row: Sendable {
    public var className: String?
    public var field: String
    /// The combined score of each result.
    public var scores: [Double]
    /// The interval of each later result's difference to the first; nil where there are too few sequences.
    public var intervals: [PairedBootstrap.Interval?]
  }

  public var names: [String]
  public var rows: [Row]
  public var bootstrap: PairedBootstrap

  /// Compares evaluations of the same truth.
  public init(_ evaluations: [TrackEvaluation], bootstrap: PairedBootstrap = PairedBootstrap()) throws(EvaluationError) {
    names = evaluations.map(\.name)
    self.bootstrap = bootstrap
    rows = []
    guard let first = evaluations.first else { return }
    let sequences = first.sequences.map(\.name)
    for other in evaluations.dropFirst() where other.sequences.map(\.name) != sequences {
      throw .inconsistent(reason: "\(first.name) and \(other.name) were not evaluated on the same sequences")
    }
    for className in first.classes {
      let scores = evaluations.map { $0.parts(of: className).map(\.evaluation.scores) }
      let combined = scores.map { TrackScores.combined($0) }
      let sums = scores.map { TrackScoreSums($0) }
      let intervals = sums.dropFirst().map { Self.intervals(sums[0], $0, bootstrap) }
      for (index, field) in TrackScoreSums.fields.enumerated() {
        let values = combined.compactMap { $0.value(of: field) }
        guard values.count == evaluations.count else { continue }
        rows.append(Row(className: className, field: field, scores: values, intervals: intervals.map { $0?[index] }))
      }
    }
  }

  private static func intervals(
    _ first: TrackScoreSums, _ other: TrackScoreSums, _ bootstrap: PairedBootstrap
  ) -> [PairedBootstrap.Interval]? {
    guard first.count == other.count else { return nil }
    return bootstrap.intervals(of: first.count) { occurrences in
      zip(other.scores(occurrences), first.scores(occurrences)).map { $0 - $1 }
    }
  }

  /// The comparison as a table: each result's score and, behind it, the difference to the first with its 95 % interval.
  public var table: MetricTable {
    var columns = [MetricColumn("class"), MetricColumn("score")]
    for (index, name) in names.enumerated() {
      columns.append(MetricColumn(name, decimals: 4))
      if index > 0 { columns += ["difference", "low", "high"].map { MetricColumn("\(name) \($0)", decimals: 4) } }
    }
    var table = MetricTable(title: "comparison with \(names.first ?? ""), 95 % intervals over sequences", columns: columns)
    for row in rows {
      var cells: [MetricCell] = [.text(row.className ?? "all"), .text(row.field)]
      for (index, score) in row.scores.enumerated() {
        cells.append(.real(score))
        guard index > 0 else { continue }
        let interval = row.intervals[index - 1]
        cells.append(.real(interval?.difference ?? score - row.scores[0]))
        cells += [interval.map { .real($0.low) } ?? .missing, interval.map { .real($0.high) } ?? .missing]
      }
      table.append(cells)
    }
    return table
  }
}
