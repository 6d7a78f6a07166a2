/// One figure of a family of scores: a row of the family's table, which is all that a new figure needs beside its formula.
///
/// Every output is made of these tables: JSON and CSV hold all rows in their order, the tables for people the rows with a column, a
/// comparison of results and a search of parameters those that say so.
public struct ScoreField<Scores: Sendable>: Sendable {
  /// The name that TrackEval gives the figure.
  public let name: String
  /// The place of its column in the tables for people, from the left; nil where these leave it out.
  public let column: Int?
  /// What the figure is used for beside JSON, CSV and tables.
  public let uses: Set<ScoreUse>
  /// How it follows from the scores.
  public let value: @Sendable (Scores) -> MetricField.Value

  /// A row of a family's table.
  ///
  /// - Parameters:
  ///   - name: The name that TrackEval gives the figure.
  ///   - column: The place of its column in the tables for people, which no other figure of any family has; nil for none.
  ///   - uses: What it is used for besides; a figure that is compared has a column, which gives its place in comparisons too.
  ///   - value: How it follows from the scores.
  public init(
    _ name: String, column: Int? = nil, uses: Set<ScoreUse> = [], _ value: @escaping @Sendable (Scores) -> MetricField.Value
  ) {
    self.name = name
    self.column = column
    self.uses = uses
    self.value = value
  }

  /// The figure of some scores.
  func field(of scores: Scores) -> MetricField { MetricField(name, value(scores)) }

  /// The row without its formula.
  fileprivate var heading: ScoreHeading { ScoreHeading(name: name, column: column, uses: uses) }
}

/// What a figure is used for beside JSON, CSV and tables.
public enum ScoreUse: Sendable {
  /// Results are compared by it.
  case comparison
  /// A search of parameters can raise it: it is a ratio, and more is better.
  case objective
}

/// A row of a family's table without its formula: what is shown, compared and searched for.
struct ScoreHeading: Sendable {
  let name: String
  let column: Int?
  let uses: Set<ScoreUse>

  /// The names of the columns that people read first, from the left.
  static let columns: [String] =
    TrackMetric.allCases.flatMap(\.headings).filter { $0.column != nil }.sorted { ($0.column ?? 0) < ($1.column ?? 0) }.map(\.name)
}

extension TrackMetric {
  /// The rows of the family's table.
  var headings: [ScoreHeading] {
    switch self {
    case .hota: HOTAScores.table.map(\.heading)
    case .clear: CLEARScores.table.map(\.heading)
    case .identity: IdentityScores.table.map(\.heading)
    }
  }

  /// The names of the family's figures that a search of parameters can raise.
  public var objectives: [String] { headings.filter { $0.uses.contains(.objective) }.map(\.name) }
}
