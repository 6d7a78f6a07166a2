import Records
import Reports

/// One result's evaluation in every shape that it can be printed in, each made only when it is asked for.
struct EvaluatedResult {
  /// What the result is called.
  let name: String
  /// Tables for people.
  let tables: () -> [MetricTable]
  /// Every figure in one table.
  let figures: () -> MetricTable
  /// Every field.
  let json: () -> JSONValue

  init(
    name: String, tables: @escaping @autoclosure () -> [MetricTable], figures: @escaping @autoclosure () -> MetricTable,
    json: @escaping @autoclosure () -> JSONValue
  ) {
    self.name = name
    self.tables = tables
    self.figures = figures
    self.json = json
  }
}

extension EvaluationOutputOptions {
  /// The text of one or several results, with the columns that were asked for. A single one stands by itself; several carry their names, and the comparison follows.
  func text(_ results: [EvaluatedResult], comparison: ResultComparison?) throws -> String {
    switch format {
    case .json: json(results, comparison).json + "\n"
    case .csv:
      try chosen([results.count == 1 ? results[0].figures() : MetricTable(joining: results.map { ($0.name, $0.figures()) })])
        .map { $0.rendered(as: .csv) }.joined()
    default: rendered(try chosen(tables(results, comparison)))
    }
  }

  private func json(_ results: [EvaluatedResult], _ comparison: ResultComparison?) -> JSONValue {
    guard results.count != 1 else { return results[0].json() }
    var pairs: [(String, JSONValue)] = [
      ("results", .list(results.map { .object([("name", .text($0.name)), ("evaluation", $0.json())]) }))
    ]
    if let comparison { pairs.append(("comparison", comparison.table.jsonValue)) }
    return .object(pairs)
  }

  private func tables(_ results: [EvaluatedResult], _ comparison: ResultComparison?) -> [MetricTable] {
    var tables: [MetricTable] = []
    for result in results {
      for var table in result.tables() {
        if results.count > 1 { table.title = table.title.isEmpty ? result.name : "\(result.name): \(table.title)" }
        tables.append(table)
      }
    }
    return tables + (comparison.map { [$0.table] } ?? [])
  }
}
