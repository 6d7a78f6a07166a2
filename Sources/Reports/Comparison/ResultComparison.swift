/// Several results on the same parts, side by side: each against the first.
public struct ResultComparison: Sendable {
  /// One figure of all results.
  public struct Row: Sendable {
    /// Which figure, of what.
    public var name: ScoreName
    /// Whether the figure is a ratio, which people read in per cent.
    public var isRatio: Bool
    /// The score of each result; not a number where a result has none.
    public var scores: [Double]
    /// The interval of each later result's difference to the first; nil where there are too few parts.
    public var intervals: [PairedBootstrap.Interval?]
  }

  /// What the results are called.
  public let names: [String]
  /// What is drawn, in the plural: sequences, images.
  public let parts: String
  /// The number of parts.
  public let count: Int
  /// How the intervals are drawn.
  public let bootstrap: PairedBootstrap
  /// The figures that all results have, in the order of the first.
  public private(set) var rows: [Row] = []

  /// - Parameters:
  ///   - results: Names and scores; all over the same parts in the same order. Scores that only some results have are left out.
  ///   - parts: What the parts are, in the plural.
  public init(
    _ results: [(name: String, scores: any ResampledScores)], parts: String, bootstrap: PairedBootstrap = PairedBootstrap()
  ) {
    names = results.map(\.name)
    self.parts = parts
    self.bootstrap = bootstrap
    count = results.first?.scores.count ?? 0
    precondition(results.allSatisfy { $0.scores.count == count }, "the same parts")
    guard let first = results.first?.scores else { return }
    let places = results.map { result in
      Dictionary(result.scores.names.enumerated().map { ($1, $0) }) { earlier, _ in earlier }
    }
    let whole = results.map(\.scores.whole)
    let intervals = results.dropFirst().enumerated().map { index, other in
      Self.intervals(first, other.scores, places[index + 1], bootstrap)
    }
    for (row, name) in first.names.enumerated() {
      let columns = places.compactMap { $0[name] }
      guard columns.count == results.count else { continue }
      rows.append(
        Row(
          name: name, isRatio: first.isRatio(name), scores: zip(whole, columns).map { $0[$1] },
          intervals: intervals.map { $0?[row] }))
    }
  }

  /// The intervals of the other's differences, in the order of the first's scores.
  private static func intervals(
    _ first: any ResampledScores, _ other: any ResampledScores, _ places: [ScoreName: Int], _ bootstrap: PairedBootstrap
  ) -> [PairedBootstrap.Interval?]? {
    let columns = first.names.map { places[$0] }
    return bootstrap.intervals(of: first.count) { occurrences in
      let scores = other.scores(occurrences)
      return zip(first.scores(occurrences), columns).map { value, column in column.map { scores[$0] - value } ?? .nan }
    }
  }

  /// How the intervals came about, in a sentence.
  public var statement: String {
    count > 1
      ? "Intervals hold 95 % of \(bootstrap.draws) draws of the \(count) \(parts) with replacement (seed \(bootstrap.seed)), both results on the same draw."
      : "There are no intervals: they are drawn from \(parts), and there are fewer than two."
  }

  /// Each result's score and, behind it, the difference to the first with its 95 % interval.
  public var table: MetricTable {
    var columns = [MetricColumn("of"), MetricColumn("score")]
    for (index, name) in names.enumerated() {
      columns.append(MetricColumn(name, decimals: 4))
      if index > 0 { columns += ["difference", "low", "high"].map { MetricColumn("\(name) \($0)", decimals: 4) } }
    }
    let title =
      "comparison with \(names.first ?? ""), \(count > 1 ? "95 % intervals over \(count) \(parts)" : "no intervals: fewer than two \(parts)")"
    var table = MetricTable(title: title, columns: columns)
    table.figureColumn = 1
    for row in rows {
      let number = { (value: Double) -> MetricCell in row.isRatio ? .ratio(value) : .real(value) }
      var cells: [MetricCell] = [.text(row.name.subject ?? "all"), .text(row.name.field)]
      for (index, score) in row.scores.enumerated() {
        cells.append(number(score))
        guard index > 0 else { continue }
        let interval = row.intervals[index - 1]
        cells.append(number(score - row.scores[0]))
        cells += [interval.map { number($0.low) } ?? .missing, interval.map { number($0.high) } ?? .missing]
      }
      table.append(cells)
    }
    return table
  }
}

extension HTMLReport {
  /// A section with the comparison's table and how its intervals came about.
  public mutating func add(_ comparison: ResultComparison) {
    heading("Comparison")
    add(comparison.table)
    paragraph(comparison.statement)
  }
}
