import ArgumentParser
import Pipeline
import Records
import Reports

/// How an evaluation is printed, the same for all kinds of results.
struct EvaluationOutputOptions: ParsableArguments {
  @Flag(help: "Print JSON with every field.")
  var json = false

  @Flag(help: "Print comma separated values with every digit.")
  var csv = false

  @Flag(help: "Print tables in LaTeX.")
  var latex = false

  @Flag(help: "Print tables in Markdown.")
  var markdown = false

  @Option(help: ArgumentHelp("Only these columns of the tables, such as hota,idf1, in that order.", valueName: "list"))
  var columns: String?

  @Flag(help: "Say below the tables what each figure means.")
  var explain = false

  @Option(help: ArgumentHelp("Write a page with plots that needs nothing else.", valueName: "file.html"), completion: .file())
  var report: String?

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Exit with code 5 where a combined score is lower, such as hota=0.6,idf1=0.7.", valueName: "name=value"))
  var failBelow: [String] = []

  @Flag(name: .shortAndLong, help: "Print no warnings.")
  var quiet = false

  func validate() throws {
    guard [json, csv, latex, markdown].count(where: { $0 }) <= 1 else {
      throw ValidationError("Give at most one of --json, --csv, --latex and --markdown.")
    }
    guard let columns else { return }
    guard ColumnChoice(columns) != nil else { throw ValidationError("--columns '\(columns)' names no column.") }
    guard !json else {
      throw ValidationError("--columns chooses columns of tables and --json holds every field; give one of the two.")
    }
  }

  var format: MetricTable.Format {
    if json { return .json }
    if csv { return .csv }
    if latex { return .latex }
    return markdown ? .markdown : .terminal
  }

  /// The columns that were asked for; nil for those of every table.
  var columnChoice: ColumnChoice? { columns.flatMap { ColumnChoice($0) } }

  /// Tables with the columns that were asked for.
  func chosen(_ tables: [MetricTable]) throws -> [MetricTable] { try columnChoice?.applied(to: tables) ?? tables }

  /// Tables in the chosen language, with the meaning of their figures where it was asked for.
  func rendered(_ tables: [MetricTable]) -> String {
    var texts = tables.map { $0.rendered(as: format) }
    if explain, format == .terminal || format == .markdown {
      var meanings = MetricTable(title: "what the figures mean", columns: [MetricColumn("figure"), MetricColumn("meaning")])
      for entry in MetricGlossary.entries(of: tables) { meanings.append([.text(entry.name), .text(entry.text)]) }
      texts.append(meanings.rendered(as: format))
    }
    return texts.joined(separator: "\n")
  }

  var thresholds: ScoreThresholds {
    get throws { try ScoreThresholds(failBelow, option: "--fail-below") }
  }

  // MARK: - Printing

  /// Prints to standard output.
  func print(_ text: String) throws {
    let sink = try OutputSink(path: "-", policy: .live, overwrite: true)
    try sink.write(text)
    try sink.close()
  }

  /// Refuses outputs that are inputs or one file, before anything is read.
  ///
  /// - Parameter writes: Outputs beside the report.
  func checkFiles(reads: [(path: String?, role: String)], writes: [(path: String?, role: String)] = []) throws {
    var plan = OutputPlan(overwrites: overwrite)
    for input in reads { plan.reads(input.path, as: input.role) }
    for output in writes + [(report, "the report")] { plan.writes(output.path, as: output.role) }
    try plan.check()
  }

  /// Writes a file as a whole.
  func write(_ text: String, to path: String) throws {
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    try sink.write(text)
    try sink.close()
  }

  /// Prints warnings on standard error, each once.
  func warn(_ warnings: [String]) {
    guard !quiet else { return }
    for warning in warnings { StandardError.warn(EvaluationSetting.namingOptions(in: warning)) }
  }

  /// The warnings of results, each once; of several results with the names of those that it is about.
  func warnings(of results: [(name: String, warnings: [String])]) -> [String] {
    var texts: [String] = []
    var names: [String: [String]] = [:]
    for result in results {
      for warning in result.warnings {
        if names[warning] == nil { texts.append(warning) }
        if names[warning]?.contains(result.name) != true { names[warning, default: []].append(result.name) }
      }
    }
    guard results.count > 1 else { return texts }
    return texts.map { text in "\((names[text] ?? []).joined(separator: ", ")): \(text)" }
  }

  /// Ends with code 5 where a threshold was not met, after a sentence for each.
  func exit(ifAny failures: [String]) throws {
    for failure in failures { StandardError.fail(failure) }
    if !failures.isEmpty { throw ExitStatus.belowThreshold.exitCode }
  }
}
