import ArgumentParser
import Foundation
import Pipeline
import Records
import Reports
import TrackEvaluation
import Tracking
import Tuning

/// `sextant tune`: the tracker's parameters that score best on annotated sequences.
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search the tracker's parameters on annotated sequences with given detections.",
    discussion: """
      The parameters are searched on the --train sequences alone; the --validate sequences only tell whether the gain holds beyond them. \
      Keep a benchmark's test sequences out of both. The result is a YAML file for 'sextant track --config'.

      The tracker sees what 'sextant track' would show it: with files of detections alone no camera motion, as without a video. For a camera \
      that moves, track the videos once with these detections and name the streams by --camera; detections that are such streams themselves \
      bring their motions along.

      examples:
        sextant tune --truth label_02 --detections det/car --classes car --fps 10 \\
          --train 0000,0001,0002,0003,0004,0005,0007,0009 --validate 0006,0008,0012,0013,0014 -o tuned.yaml
        sextant track A.mp4 --detections det/A.txt -o streams/A.ndjson
        sextant tune --truth gt --detections det --camera streams --train A,B --validate C -o tuned.yaml
      """)

  @Option(help: ArgumentHelp("The annotations: a folder of sequences.", valueName: "path"), completion: .file())
  var truth: String

  @Option(
    help: ArgumentHelp("The detections: NAME.txt, NAME.ndjson or NAME/det/det.txt for each sequence.", valueName: "path"),
    completion: .file())
  var detections: String

  @Option(
    help: ArgumentHelp(
      "Streams of the same videos, NAME.ndjson each, whose times and camera motions are taken.", valueName: "path"),
    completion: .file())
  var camera: String?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Sequences to search on.", valueName: "name"))
  var train: [String]

  @Option(
    name: .customLong("validate"), parsing: .upToNextOption,
    help: ArgumentHelp("Sequences to check the outcome on.", valueName: "name"))
  var validation: [String]

  @Option(help: ArgumentHelp("The class to track and to evaluate; without it all are one.", valueName: "class"))
  var classes: String?

  @Option(help: ArgumentHelp("Frames per second of sequences without times.", valueName: "rate"))
  var fps: Double?

  @Option(
    help: ArgumentHelp("The score to raise: HOTA, DetA, AssA, MOTA, IDF1, …", valueName: "field"),
    completion: .list(TrackMetric.allCases.flatMap(\.objectives)))
  var objective = "HOTA"

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("The parameters to search; all unless told.", valueName: "name"),
    completion: .list(TrackerParameters.names))
  var parameters: [String] = []

  @Option(
    help: ArgumentHelp("Configuration file to start from.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Option(help: ArgumentHelp("Random parameter sets of the first stage (successive halving).", valueName: "n"))
  var candidates = 64

  @Option(help: ArgumentHelp("Parameter sets of the second stage (Nelder-Mead).", valueName: "n"))
  var steps = 150

  @Option(help: ArgumentHelp("Seed of the search.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Number of threads; it never changes the result.", valueName: "n"))
  var threads: Int?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The YAML file; standard output without it.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(help: "Replace an output file that exists.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no progress.")
  var quiet = false

  func validate() throws {
    guard (0...100_000).contains(candidates), (0...100_000).contains(steps), candidates + steps > 0 else {
      throw ValidationError("Give --candidates and --steps from 0 to 100000, not both 0.")
    }
    guard fps.map({ $0 > 0 && $0 <= 100_000 }) ?? true else { throw ValidationError("Give --fps above 0.") }
  }

  func run() throws {
    try ExitStatus.reporting {
      try checkFiles()
      let request = try self.request()
      // Opened before the search, whose outcome would be lost where the file cannot be written.
      let sink = try OutputSink(path: output ?? "-", policy: output == nil ? .live : .whole, overwrite: overwrite)
      let tuning = try TrackerTuning(request)
      for warning in tuning.warnings { StandardError.warn(warning) }
      let isShown = !quiet && isatty(STDERR_FILENO) == 1
      let outcome = tuning.run { trials, best in
        guard isShown else { return }
        let text = "\rsextant: \(trials) parameter sets, best \(objective) \(DecimalText.fixed(best, decimals: 5) ?? "-") "
        StandardError.show(text)
      }
      if isShown { StandardError.show("\n") }
      try write(outcome, to: sink)
    }
  }

  // MARK: - Request

  private func checkFiles() throws {
    var plan = OutputPlan(overwrites: overwrite)
    for (path, role) in [
      (truth, "the truth"), (detections, "the detections"), (camera, "the streams"), (config, "the configuration"),
    ] {
      plan.reads(path, as: role)
    }
    plan.writes(output, as: "the configuration")
    try plan.check()
  }

  private func request() throws -> TrackerTuning.Request {
    var request = TrackerTuning.Request(train: try files(train, "--train"), validate: try files(validation, "--validate"))
    request.className = classes?.lowercased()
    request.framesPerSecond = fps
    if let config { try ConfigurationFile(path: config).overlay(.tracker, on: &request.base) }
    let names = try OptionCheck.names(parameters, of: "--parameters")
    if !names.isEmpty { request.parameters = names }
    request.objective = objective
    request.search.seed = seed
    request.search.candidates = candidates
    request.search.simplexSteps = steps
    if let threads { request.threads = try OptionCheck.value(threads, of: "--threads", in: 1...1024, unit: "threads") }
    return request
  }

  private func files(_ names: [String], _ option: String) throws -> [TuningFiles] {
    try OptionCheck.names(names, of: option).map { name in
      TuningFiles(
        name: name, truth: try TrackLayout.truth(of: name, in: truth),
        detections: try TrackLayout.detections(of: name, in: detections),
        camera: try camera.map { try TrackLayout.stream(of: name, in: $0) })
    }
  }

  // MARK: - Output

  private func write(_ outcome: TrackerTuning.Outcome, to sink: OutputSink) throws {
    try sink.write(try yaml(outcome))
    try sink.close()
    warnIfTheGainIsLost(outcome)
    let table = self.table(outcome).rendered(as: .terminal)
    guard output != nil else {
      StandardError.show(table)
      return
    }
    let screen = try OutputSink(path: "-", policy: .live, overwrite: true)
    try screen.write(table)
    try screen.close()
  }

  /// A search that only learnt its training sequences by heart is no gain.
  private func warnIfTheGainIsLost(_ outcome: TrackerTuning.Outcome) {
    guard let before = outcome.validateBefore.value(of: objective), let after = outcome.validateAfter.value(of: objective),
      after < before
    else {
      return
    }
    StandardError.warn(
      "on the validation sequences \(objective) fell: the gain in training does not hold beyond them; use more sequences or fewer --parameters"
    )
  }

  private func yaml(_ outcome: TrackerTuning.Outcome) throws -> String {
    func score(_ scores: TrackScores) -> String { DecimalText.fixed(scores.value(of: objective) ?? .nan, decimals: 5) ?? "-" }
    return """
      # sextant tune: \(objective) on \(train.joined(separator: ",")), seed \(seed), \(outcome.trials) parameter sets
      # training \(score(outcome.trainBefore)) -> \(score(outcome.trainAfter))
      # validation (\(validation.joined(separator: ","))) \(score(outcome.validateBefore)) -> \(score(outcome.validateAfter))

      """ + (try SettingsText.yaml(outcome.settings))
  }

  private func table(_ outcome: TrackerTuning.Outcome) -> MetricTable {
    let fields = ["HOTA", "DetA", "AssA", "LocA", "MOTA", "IDF1", "IDSW"]
    var table = MetricTable(
      title: "\(outcome.trials) parameter sets",
      columns: [MetricColumn("sequences")] + fields.map { MetricColumn($0) })
    let rows = [
      ("training, before", outcome.trainBefore), ("training, after", outcome.trainAfter),
      ("validation, before", outcome.validateBefore), ("validation, after", outcome.validateAfter),
    ]
    for (name, scores) in rows {
      table.append(
        [.text(name)]
          + fields.map { field in
            field == "IDSW" ? .integer(scores.clear?.identitySwitches ?? 0) : scores.value(of: field).map { .ratio($0) } ?? .missing
          })
    }
    return table
  }
}
