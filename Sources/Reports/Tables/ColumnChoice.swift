/// The columns that somebody asked for, in that order.
public struct ColumnChoice: Sendable, Equatable {
  /// The names, in upper or lower case.
  public let names: [String]

  /// - Parameter text: Names with commas, such as `hota,idf1`.
  /// - Returns: nil for a text without a name.
  public init?(_ text: String) {
    names = text.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    if names.isEmpty { return nil }
  }

  /// Tables with the chosen columns, behind those that tell rows apart; where a table's rows are figures, with the chosen rows.
  ///
  /// - Returns: The tables that have any of them.
  /// - Throws: `EvaluationError.unknown` for a name that no table has.
  public func applied(to tables: [MetricTable]) throws(EvaluationError) -> [MetricTable] {
    for name in names where !tables.contains(where: { $0.has(name) }) {
      var known: [String] = []
      for name in tables.flatMap(\.figures) where !known.contains(name) { known.append(name) }
      throw .unknown(what: "column", name: name, known: known)
    }
    return tables.compactMap { $0.choosing(names) }
  }
}

extension MetricTable {
  /// The names of the columns or rows that can be chosen.
  fileprivate var figures: [String] {
    guard let figureColumn else { return columns.indices.filter { !isLabel($0) }.map { columns[$0].name } }
    return rows.compactMap { if case .text(let text) = $0[figureColumn] { text } else { nil } }
  }

  /// Whether a column tells rows apart.
  private func isLabel(_ column: Int) -> Bool { columns[column].isLabel || holdsText(column) }

  fileprivate func has(_ name: String) -> Bool {
    guard figureColumn == nil else { return figures.contains { $0.lowercased() == name.lowercased() } }
    return place(of: name) != nil
  }

  private func place(of name: String) -> Int? {
    let wanted = name.lowercased()
    return columns.indices.first {
      !isLabel($0) && (columns[$0].name.lowercased() == wanted || columns[$0].otherName?.lowercased() == wanted)
    }
  }

  /// The table with some of its figures; nil where it has none of them.
  fileprivate func choosing(_ names: [String]) -> MetricTable? {
    guard names.contains(where: has) else { return nil }
    var table = self
    table.rows = []
    table.summaryRows = []
    if let figureColumn {
      let wanted = Set(names.map { $0.lowercased() })
      for (index, row) in rows.enumerated() {
        guard case .text(let text) = row[figureColumn], wanted.contains(text.lowercased()) else { continue }
        table.append(row, isSummary: summaryRows.contains(index))
      }
      return table
    }
    let places = columns.indices.filter(isLabel) + names.compactMap(place(of:))
    table.columns = places.map { columns[$0] }
    for (index, row) in rows.enumerated() { table.append(places.map { row[$0] }, isSummary: summaryRows.contains(index)) }
    return table
  }
}
