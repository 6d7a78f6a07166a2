import ArgumentParser
import Foundation
import Identification
import Pipeline
import Records

/// `sextant identify`: a model of a system from a record of its inputs and its output.
struct IdentifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify",
    abstract: "Learn a readable state-space model from a table of inputs and an output.",
    discussion: """
      Rows count from 0 behind the line with the names of the columns; A:B are the rows A to B - 1. Errors are those of the free run,
      which sees no measured output after its start. docs/identification.md describes the models and the file of a model.

      examples:
        sextant identify silverbox.csv.gz --input V1 --output V2 --states 2 --train 40650:105712 --test 105712:127400 --test 100:40575 -o model.json
        sextant identify tanks.csv --input uEst --output yEst --form full --train 0:1024 --test-input uVal --test-output yVal --test 0:1024
      """)

  @Argument(
    help: ArgumentHelp("Comma-separated numbers with a line of names, gzipped or not; - for standard input.", valueName: "data"),
    completion: .file())
  var data: String

  @Option(help: ArgumentHelp("The input's column, or several with commas between.", valueName: "names"))
  var input: String

  @Option(help: ArgumentHelp("The output's column.", valueName: "name"))
  var output: String

  @Option(help: ArgumentHelp("Number of states.", valueName: "count"))
  var states = 2

  @Option(
    help: ArgumentHelp("linear, acceleration, kinematic or full.", valueName: "form"),
    completion: .list(ModelForm.allCases.map(\.rawValue)))
  var form = "acceleration"

  @Option(help: ArgumentHelp("discrete or continuous.", valueName: "time"), completion: .list(["discrete", "continuous"]))
  var time = "discrete"

  @Option(help: ArgumentHelp("Rows a second; continuous time needs it, and poles are told in hertz.", valueName: "hertz"))
  var sampleRate: Double?

  @Option(help: ArgumentHelp("Rows to learn from.", valueName: "A:B"))
  var train: String

  @Option(
    help: ArgumentHelp("Rows that choose the smoothness and when to stop; the last 15 % of --train unless given.", valueName: "A:B")
  )
  var validate: String?

  @Option(help: ArgumentHelp("Rows to be scored; may be given again.", valueName: "A:B"))
  var test: [String] = []

  @Option(help: ArgumentHelp("The input's columns for --test, where they are others.", valueName: "names"))
  var testInput: String?

  @Option(help: ArgumentHelp("The output's column for --test, where it is another.", valueName: "name"))
  var testOutput: String?

  @Option(help: ArgumentHelp("Rows at a test's start that find the first state and are not scored.", valueName: "count"))
  var startRows = 50

  @Option(help: ArgumentHelp("Intervals of each curve.", valueName: "count"))
  var intervals = 16

  @Option(help: ArgumentHelp("How much wider than its data a curve's grid is, as a part.", valueName: "part"))
  var margin = 0.3

  @Option(help: ArgumentHelp("Weight of the norms of the curves, which removes those that do little.", valueName: "weight"))
  var groupPenalty = 0.0

  @Flag(help: "Give each curve a share of SiLU to learn.")
  var silu = false

  @Flag(help: "Replace curves by formulas where the data bear it.")
  var snap = false

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the model goes.", valueName: "file"), completion: .file())
  var outputFile: String?

  @Option(help: ArgumentHelp("Where a page with curves and tables goes.", valueName: "file"), completion: .file())
  var report: String?

  @Option(help: ArgumentHelp("Threads; they change no result.", valueName: "count"))
  var threads = 2

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  func run() throws {
    try ExitStatus.reporting {
      var plan = OutputPlan(overwrites: overwrite)
      plan.reads(data, as: "the data")
      plan.writes(outputFile, as: "the model")
      plan.writes(report, as: "the page")
      try plan.check()
      let sinks = try [outputFile, report].map { try $0.map { try OutputSink(path: $0, policy: .whole, overwrite: overwrite) } }
      let request = try IdentifyRequest(self)
      let found = try Identification(
        record: request.record, training: request.training, validation: request.validation, settings: request.settings)
      let summary = try IdentifySummary(found, request)
      let screen = try OutputSink(path: "-", policy: .live, overwrite: true)
      try screen.write(summary.text)
      try screen.close()
      for warning in summary.warnings { StandardError.warn(warning) }
      try sinks[0]?.write(String(decoding: ModelFile.encode(found.snapped ?? found.model), as: UTF8.self))
      try sinks[1]?.write(summary.page)
      for sink in sinks { try sink?.close() }
    }
  }
}

/// What is asked for, read and checked.
struct IdentifyRequest {
  let name: String
  let record: SignalRecord
  /// The record that tests are run on.
  let testRecord: SignalRecord
  let training: Range<Int>
  let validation: Range<Int>
  let tests: [Range<Int>]
  let startRows: Int
  let sampleRate: Double?
  let settings: Identification.Settings

  init(_ command: IdentifyCommand) throws {
    name = command.data
    startRows = try OptionCheck.value(command.startRows, of: "--start-rows", in: 1...100_000, unit: "")
    sampleRate = try command.sampleRate.map { try OptionCheck.value($0, of: "--sample-rate", in: 1e-9...1e12, unit: "Hz") }
    settings = try Self.settings(command, sampleRate)
    let whole = try Self.range(command.train, of: "--train")
    let chosen = try command.validate.map { try Self.range($0, of: "--validate") }
    if let chosen, whole.overlaps(chosen) {
      throw CommandError.usage(
        "--validate \(chosen.lowerBound):\(chosen.upperBound): shares rows with --train \(whole.lowerBound):\(whole.upperBound), "
          + "and a choice by rows that were learned from is none; give ranges apart")
    }
    // Most papers hold a seventh to a fifth back.
    let held = chosen ?? whole.upperBound - whole.count * 15 / 100..<whole.upperBound
    training = chosen == nil ? whole.lowerBound..<held.lowerBound : whole
    validation = held
    tests = try command.test.map { try Self.range($0, of: "--test") }
    let columns = try Self.names(command.input, of: "--input") + [command.output]
    guard Set(columns).count == columns.count else {
      throw CommandError.usage("--input \(command.input) and --output \(command.output): name a column twice; give each one task")
    }
    let testColumns = try command.testInput.map { try Self.names($0, of: "--test-input") } ?? Array(columns.dropLast())
    guard testColumns.count == columns.count - 1 else {
      throw CommandError.usage("--test-input \(command.testInput ?? ""): give as many columns as --input has")
    }
    let table = try NumberTable.read(path: command.data, columns: columns + testColumns + [command.testOutput ?? command.output])
    guard table.count > 1 else {
      throw CommandError.malformed("\(command.data) has \(table.count) row\(table.count == 1 ? "" : "s"); a model needs many more")
    }
    let width = columns.count
    record = SignalRecord(inputs: Array(table.columns[..<(width - 1)]), outputs: [table.columns[width - 1]])
    testRecord = SignalRecord(inputs: Array(table.columns[width..<2 * width - 1]), outputs: [table.columns[2 * width - 1]])
    for (range, option) in [(whole, "--train"), (validation, "--validate")] + tests.map({ ($0, "--test") })
    where range.upperBound > table.count {
      throw CommandError.usage("\(option) \(range.lowerBound):\(range.upperBound): \(command.data) has only \(table.count) rows")
    }
    guard chosen != nil || min(training.count, held.count) >= Identification.fewestRows else {
      throw CommandError.usage(
        "--train \(command.train): 15 % of its rows choose and \(training.count) are left to learn from, and each needs at least "
          + "\(Identification.fewestRows); give more rows, or others to choose by (--validate)")
    }
  }

  private static func settings(_ command: IdentifyCommand, _ sampleRate: Double?) throws -> Identification.Settings {
    var settings = Identification.Settings()
    guard let form = ModelForm(rawValue: command.form) else {
      throw CommandError.usage(
        "--form \(command.form): a form is one of \(ModelForm.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    settings.form = form
    settings.states = try OptionCheck.value(command.states, of: "--states", in: 1...16, unit: "")
    settings.intervals = try OptionCheck.value(command.intervals, of: "--intervals", in: 2...256, unit: "")
    settings.margin = try OptionCheck.value(command.margin, of: "--margin", in: 0...10, unit: "")
    settings.groupPenalty = try OptionCheck.value(command.groupPenalty, of: "--group-penalty", in: 0...1e6, unit: "")
    settings.threads = try OptionCheck.value(command.threads, of: "--threads", in: 1...256, unit: "")
    settings.hasSiLU = command.silu
    settings.snaps = command.snap
    switch command.time {
    case "discrete": break
    case "continuous":
      guard let sampleRate else { throw CommandError.usage("--time continuous needs --sample-rate") }
      guard form == .kinematic else {
        throw CommandError.usage("--time continuous: only --form kinematic runs in continuous time")
      }
      // Half a sample a step: below a thousandth of the motion of anything that the samples can show.
      settings.clock = .continuous(sampleTime: 1 / sampleRate, maximumStep: 0.5 / sampleRate, hold: .linear)
    default: throw CommandError.usage("--time \(command.time): give discrete or continuous")
    }
    return settings
  }

  private static func names(_ text: String, of option: String) throws -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard (1...16).contains(names.count), names.allSatisfy({ !$0.isEmpty }) else {
      throw CommandError.usage("\(option) \(text): give 1 to 16 names of columns with commas between")
    }
    return names
  }

  /// `A:B` as the rows A to B − 1.
  private static func range(_ text: String, of option: String) throws -> Range<Int> {
    let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let lower = ends[0], let upper = ends[1], lower >= 0, upper > lower else {
      throw CommandError.usage("\(option) \(text): give rows as A:B, from 0, with A below B")
    }
    return lower..<upper
  }
}
