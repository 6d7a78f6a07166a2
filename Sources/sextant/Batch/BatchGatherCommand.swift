import ArgumentParser
import Batch

/// `sextant batch gather`: the results of a run as tables.
struct BatchGatherCommand: ParsableCommand {
  /// The forms of tables.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case parquet, csv, sqlite
  }

  static let configuration = CommandConfiguration(
    commandName: "gather",
    abstract: "Bring the results of a run together as tables: Parquet, CSV or SQLite.",
    discussion: """
      The tables are observations (as of 'sextant track --csv'), tracks (as of --summary), events and recordings, each with the key of its \
      unit. Parquet files lie in a folder for each day on which recordings were changed last; snapshot-N.json lists those that belong \
      together, the newest counts. What has not changed is not written again. docs/scale.md shows how DuckDB and pandas read them.

      examples:
        sextant batch gather run -o tables
        sextant batch gather run -o tables --to csv
        sextant batch gather run -o tables --to sqlite && sqlite3 tables/tables.sqlite 'select class, count(*) from tracks group by 1'
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the tables.", valueName: "folder"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("The form of the tables.", valueName: "parquet|csv|sqlite"))
  var to = Form.parquet

  @Flag(name: .shortAndLong, help: "Print nothing.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      let run = RunFolder(path: BatchPlanCommand.absolute(folder))
      _ = try run.plan()
      let gathering = Gathering(run: run, dataset: BatchPlanCommand.absolute(output))
      let summary =
        switch to {
        case .parquet: try gathering.parquet()
        case .csv: try gathering.csv()
        case .sqlite: try gathering.sqlite()
        }
      guard !quiet else { return }
      let missing = summary.missing == 0 ? "" : ", \(summary.missing) without a result left out"
      let kept = summary.keptParts == 0 ? "" : ", \(summary.keptParts) days as they were"
      StandardError.say("\(summary.recordings) recordings\(missing)\(kept): \(output)")
    }
  }
}
