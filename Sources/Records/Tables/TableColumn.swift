/// A value of a table.
public enum TableField: Sendable, Equatable {
  /// Nothing is known.
  case none
  case integer(Int)
  case real(Double)
  case text(String)

  static func real(_ value: Double?) -> TableField { value.map { $0.isFinite ? .real($0) : .none } ?? .none }
}

/// What the values of a column are.
public enum TableColumnKind: Sendable, Equatable {
  case integer
  /// Real numbers with so many decimals; in binary formats of 32 bits, or of 64 where those would not hold the decimals.
  case real(decimals: Int, isLong: Bool = false)
  case text
}

extension TableColumnKind {
  /// A number as a column's text has it, with so many decimals.
  public func rounded(_ value: Double) -> Double {
    guard case .real(let decimals, _) = self else { return value }
    return DecimalDigits.rounded(value, decimals: decimals)
  }
}

/// A column of a table, declared once: every format of tables is made from the same list.
public struct TableColumn<Row>: Sendable {
  /// The name, with the unit.
  public let name: String
  /// What the values are.
  public let kind: TableColumnKind
  /// The value in a row.
  public let value: @Sendable (Row) -> TableField

  /// A column by its parts.
  public init(_ name: String, _ kind: TableColumnKind, _ value: @escaping @Sendable (Row) -> TableField) {
    (self.name, self.kind, self.value) = (name, kind, value)
  }

  /// The same column of a row that holds this one's.
  public func of<Outer>(_ part: @escaping @Sendable (Outer) -> Row) -> TableColumn<Outer> {
    let value = value
    return TableColumn<Outer>(name, kind) { value(part($0)) }
  }
}

extension TextBuffer {
  /// Appends the names of columns as a line of comma-separated text.
  public mutating func appendCSV<Row>(namesOf columns: [TableColumn<Row>]) {
    append(columns.map(\.name).joined(separator: ",") + "\n")
  }

  /// Appends a row as a line of comma-separated text.
  public mutating func appendCSV<Row>(_ row: Row, _ columns: [TableColumn<Row>]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { append(",") }
      switch column.value(row) {
      case .none: break
      case .integer(let value): append(value)
      case .real(let value):
        if case .real(let decimals, _) = column.kind { append(value, decimals: decimals) }
      case .text(let text): append(CSVField.quoted(text))
      }
    }
    append("\n")
  }
}
