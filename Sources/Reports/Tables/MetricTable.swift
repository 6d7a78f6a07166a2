import Records

/// One cell of a table of metrics.
public enum MetricCell: Sendable, Equatable {
  /// A name.
  case text(String)
  /// A count.
  case integer(Int)
  /// A real number in its own unit; anything not finite is shown as missing.
  case real(Double)
  /// A score or share whose whole is 1: people read it in per cent, CSV and JSON hold the fraction. Anything not finite is shown as missing.
  case ratio(Double)
  /// Nothing to show.
  case missing

  /// A ratio; missing where there is none.
  package init(ratio value: Double?) { self = value.map { .ratio($0) } ?? .missing }
}

/// One column of a table of metrics: its heading and how its numbers are shown to people.
public struct MetricColumn: Sendable, Equatable {
  /// The heading.
  public var name: String
  /// Another name that the column goes by in other outputs, such as `CLR_TP` for `TP`; nil for none.
  public var otherName: String?
  /// Decimals of real numbers in the terminal, Markdown and LaTeX; CSV and JSON always carry every digit.
  public var decimals: Int
  /// Whether the column tells rows apart though it may hold numbers, so that it stays whichever columns are chosen.
  public var isLabel: Bool

  /// Decimals of ratios in per cent, in every table: as many as TrackEval prints.
  static let ratioDecimals = 3

  /// A column with its heading.
  public init(_ name: String, decimals: Int = 4, otherName: String? = nil, isLabel: Bool = false) {
    self.name = name
    self.decimals = decimals
    self.otherName = otherName
    self.isLabel = isLabel
  }
}

/// A table of metrics that can be written as text for a terminal, CSV, LaTeX, Markdown or JSON.
public struct MetricTable: Sendable, Equatable {
  /// The languages a table can be written in.
  public enum Format: String, Sendable, CaseIterable {
    /// Columns of text for a screen.
    case terminal
    /// Comma separated values (RFC 4180).
    case csv
    /// A `tabular` for the package booktabs.
    case latex
    /// A table of GitHub's Markdown.
    case markdown
    /// A list of objects.
    case json
  }

  /// What the table shows; empty for nothing to say.
  public var title: String
  /// The columns from the left.
  public var columns: [MetricColumn]
  /// The rows from the top, each with as many cells as there are columns.
  public var rows: [[MetricCell]]
  /// Rows that sum up the others, by their places: set off by a rule.
  public var summaryRows: Set<Int> = []
  /// The place of the column whose texts name the figure of each row, where rows are figures; nil where columns are.
  public var figureColumn: Int?

  /// A table.
  public init(title: String = "", columns: [MetricColumn], rows: [[MetricCell]] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }

  /// Several tables as one, with each one's name in a first column; a column that a table lacks is missing in its rows.
  public init(joining tables: [(name: String, table: MetricTable)], by heading: String = "result") {
    var columns = [MetricColumn(heading)]
    for column in tables.flatMap(\.table.columns) where !columns.contains(where: { $0.name == column.name }) {
      columns.append(column)
    }
    self.init(columns: columns)
    for (name, table) in tables {
      let places = columns.dropFirst().map { column in table.columns.firstIndex { $0.name == column.name } }
      for (index, row) in table.rows.enumerated() {
        append([.text(name)] + places.map { $0.map { row[$0] } ?? .missing }, isSummary: table.summaryRows.contains(index))
      }
    }
  }

  /// Adds a row; missing cells are filled up, surplus ones are a programmer's mistake.
  public mutating func append(_ row: [MetricCell], isSummary: Bool = false) {
    precondition(row.count <= columns.count, "more cells than columns")
    if isSummary { summaryRows.insert(rows.count) }
    rows.append(row + Array(repeating: .missing, count: columns.count - row.count))
  }

  /// The table as it stands below a heading that says what its title would.
  package var withoutTitle: MetricTable {
    var table = self
    table.title = ""
    return table
  }

  /// The title as people read it, which says how ratios are given.
  var shownTitle: String {
    let hasRatios = rows.contains { row in row.contains { if case .ratio = $0 { true } else { false } } }
    guard hasRatios else { return title }
    return title.isEmpty ? "ratios in per cent" : title + ", ratios in per cent"
  }

  /// The table as text, ending in a line feed.
  public func rendered(as format: Format) -> String {
    switch format {
    case .terminal: terminal()
    case .csv: csv()
    case .latex: latex()
    case .markdown: markdown()
    case .json: jsonValue.json + "\n"
    }
  }

  /// The rows as a list of objects with the columns' names as keys.
  public var jsonValue: JSONValue { .list(jsonRows) }

  /// Each row as an object with the columns' names as keys.
  package var jsonRows: [JSONValue] {
    rows.map { row in .object(zip(columns, row).map { column, cell in (column.name, JSONValue(cell)) }) }
  }
}

// MARK: - The languages

extension MetricTable {
  /// A cell as people read it.
  func shown(_ cell: MetricCell, in column: MetricColumn) -> String {
    switch cell {
    // Names come from files.
    case .text(let text): MessageText.printable(text)
    case .integer(let value): String(value)
    case .real(let value): DecimalText.fixed(value, decimals: column.decimals) ?? "-"
    case .ratio(let value): DecimalText.fixed(value * 100, decimals: MetricColumn.ratioDecimals) ?? "-"
    case .missing: "-"
    }
  }

  /// Whether a column stands on the left: the first one, and every one without numbers.
  func holdsText(_ column: Int) -> Bool {
    var texts = 0
    for row in rows {
      switch row[column] {
      case .text: texts += 1
      case .missing: continue
      case .integer, .real, .ratio: return column == 0
      }
    }
    return texts > 0 || column == 0
  }

  private func terminal() -> String {
    let texts = rows.map { row in zip(row, columns).map { shown($0, in: $1) } }
    let widths = columns.indices.map { index in
      texts.reduce(columns[index].name.count) { max($0, $1[index].count) }
    }
    let isLeft = columns.indices.map(holdsText)
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { index -> String in
        let gap = String(repeating: " ", count: max(0, widths[index] - cells[index].count))
        return isLeft[index] ? cells[index] + gap : gap + cells[index]
      }
      return padded.joined(separator: "  ").trimmingTrailingSpaces
    }
    let rule = String(repeating: "-", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1))
    var lines: [String] = shownTitle.isEmpty ? [] : [shownTitle]
    lines.append(line(columns.map(\.name)))
    lines.append(rule)
    for (index, cells) in texts.enumerated() {
      if summaryRows.contains(index), index > 0, !summaryRows.contains(index - 1) { lines.append(rule) }
      lines.append(line(cells))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func csv() -> String {
    func exact(_ cell: MetricCell) -> String {
      switch cell {
      case .text(let text): CSVField.quoted(MessageText.printable(text))
      case .integer(let value): String(value)
      case .real(let value), .ratio(let value): value.isFinite ? "\(value)" : ""
      case .missing: ""
      }
    }
    let lines = [columns.map { CSVField.quoted($0.name) }] + rows.map { $0.map(exact) }
    return lines.map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private func markdown() -> String {
    func escaped(_ text: String) -> String {
      text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
    func line(_ cells: [String]) -> String { "| " + cells.map(escaped).joined(separator: " | ") + " |\n" }
    var text = shownTitle.isEmpty ? "" : "**\(shownTitle)**\n\n"
    text += line(columns.map(\.name))
    text += "|" + columns.indices.map { holdsText($0) ? " --- |" : " ---: |" }.joined() + "\n"
    for row in rows { text += line(zip(row, columns).map { shown($0, in: $1) }) }
    return text
  }

  private func latex() -> String {
    func escaped(_ text: String) -> String {
      var result = ""
      for character in text {
        switch character {
        case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
        case "~": result += "\\textasciitilde{}"
        case "^": result += "\\textasciicircum{}"
        case "\\": result += "\\textbackslash{}"
        default: result.append(character)
        }
      }
      return result
    }
    func line(_ cells: [String]) -> String { cells.map(escaped).joined(separator: " & ") + " \\\\\n" }
    let alignment = columns.indices.map { holdsText($0) ? "l" : "r" }.joined()
    var text = (shownTitle.isEmpty ? "" : "% \(shownTitle)\n") + "% needs \\usepackage{booktabs}\n"
    text += "\\begin{tabular}{\(alignment)}\n\\toprule\n" + line(columns.map(\.name)) + "\\midrule\n"
    for (index, row) in rows.enumerated() {
      if summaryRows.contains(index), index > 0, !summaryRows.contains(index - 1) { text += "\\midrule\n" }
      text += line(zip(row, columns).map { shown($0, in: $1) })
    }
    return text + "\\bottomrule\n\\end{tabular}\n"
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension JSONValue {
  /// The value of a cell.
  public init(_ cell: MetricCell) {
    self =
      switch cell {
      case .text(let text): .text(text)
      case .integer(let value): .integer(value)
      case .real(let value), .ratio(let value): .real(value)
      case .missing: .null
      }
  }
}
