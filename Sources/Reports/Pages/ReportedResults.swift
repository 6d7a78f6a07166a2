/// What a page shows: one or several results of one truth, measured with the same settings.
public struct ReportedResults<Evaluation: Sendable>: Sendable {
  /// At least one.
  public let results: [(name: String, evaluation: Evaluation)]
  /// What the results are compared with, for the head of the page.
  public let truth: String
  /// Of several results.
  public let comparison: ResultComparison?
  /// What a reader of the figures should know, a sentence each.
  public let warnings: [String]

  /// Results of one truth.
  public init(
    _ results: [(name: String, evaluation: Evaluation)], truth: String, comparison: ResultComparison? = nil, warnings: [String] = []
  ) {
    precondition(!results.isEmpty, "at least one result")
    self.results = results
    self.truth = truth
    self.comparison = comparison
    self.warnings = warnings
  }

  /// A page with its head, the warnings and the comparison.
  package func page(_ kind: String, protocolText: String) -> HTMLReport {
    let names = results.map(\.name).joined(separator: ", ")
    var report = HTMLReport(
      title: "\(kind): \(names)", statements: [("truth", truth), ("result", names), ("protocol", protocolText)])
    report.list(warnings)
    if let comparison { report.add(comparison) }
    return report
  }
}
