import ArgumentParser
import MaskEvaluation
import Records
import Reports

/// `sextant evaluate masks`: semantic segmentation and masks of objects in video.
struct EvaluateMasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks",
    abstract: "Measure masks: class IoU and accuracy, or DAVIS J and F.",
    discussion: """
      Truth and result are PNG files of equal names in two folders, or in a folder for each sequence; a mask's labels are its palette \
      indices or grey levels, never its colours.

      --protocol semantic counts every pixel in one confusion matrix and leaves out void labels. semi-supervised and unsupervised measure \
      objects in video, 0 being the background and 255 of the truth void: equal labels are the same object (first and last frame left \
      out), or objects are assigned by the best (J + F)/2.

      The result may also be a stream of 'track --masks', for --protocol unsupervised: each object has the track that fits it best. The \
      truth's files are named by their frames.

      The intervals of --compare are drawn from the pictures, or from the sequences of masks in video.

      examples:
        sextant evaluate masks --truth val/labels --result predicted --class-names classes.csv --void 11
        sextant evaluate masks --truth val/labels --compare theirs ours --class-count 11 --report report.html
        sextant evaluate masks --truth Annotations --result ours --protocol semi-supervised --fail-below j\\&f=0.7
        sextant evaluate masks --truth masks --result tracks.ndjson --protocol unsupervised --binary
      """)

  enum MaskProtocol: String, ExpressibleByArgument, CaseIterable {
    case semantic
    case semiSupervised = "semi-supervised"
    case unsupervised
  }

  @Option(help: ArgumentHelp("The annotations.", valueName: "path"), completion: .file())
  var truth: String

  @OptionGroup var compared: ComparedResultOptions

  @OptionGroup var folders: SequenceOptions

  @Option(name: .customLong("protocol"), help: ArgumentHelp("semantic, semi-supervised or unsupervised.", valueName: "name"))
  var maskProtocol = MaskProtocol.semantic

  @Option(
    help: ArgumentHelp("Names of the labels: a file with a name a line, or lines of index,name.", valueName: "file"),
    completion: .file())
  var classNames: String?

  @Option(help: ArgumentHelp("Number of classes: labels from 0; all above are void.", valueName: "n"))
  var classCount: Int?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Labels of the truth that are left out.", valueName: "label"))
  var void: [UInt8] = []

  @Flag(help: "Masks in video of one object: every label but 0 is it (DAVIS 2016's 0 and 255).")
  var binary = false

  @OptionGroup(title: "Output") var output: EvaluationOutputOptions

  /// What was measured of all results.
  private struct Measured {
    var results: [EvaluatedResult]
    /// The scores of each result by their names in lower case.
    var scores: [[String: Double]]
    var comparison: ResultComparison
    var warnings: [String]
    var page: (_ comparison: ResultComparison?) -> String
  }

  func run() throws {
    try ExitStatus.reporting {
      let thresholds = try output.thresholds
      try checkOptions()
      try output.checkFiles(reads: compared.reads + [(truth, "the truth"), (classNames, "the names of the labels")])
      let files = try compared.named().map {
        ($0.name, try MaskFolders.files(truth: truth, result: $0.path, choice: folders.choice()))
      }
      if maskProtocol != .unsupervised, let (_, stream) = files.first(where: { $0.1.tracks != nil }) {
        throw CommandError.usage("\(stream.result) is no folder of masks; a stream of tracks needs --protocol unsupervised")
      }
      let measured = try maskProtocol == .semantic ? semantic(files) : objects(files)
      // Before anything is printed: a name that no score has is a mistake in the command.
      let failures = try zip(measured.results, measured.scores).flatMap { result, scores in
        try thresholds.failures(of: result.name) { scores[$0.lowercased()] }
      }
      output.warn(measured.warnings)
      let comparison = measured.results.count > 1 ? measured.comparison : nil
      try output.print(output.text(measured.results, comparison: comparison))
      if let path = output.report { try output.write(measured.page(comparison), to: path) }
      try output.exit(ifAny: failures)
    }
  }

  private func checkOptions() throws {
    if let classCount, !(1...256).contains(classCount) {
      throw CommandError.usage("--class-count \(classCount): give a number from 1 to 256")
    }
    if maskProtocol == .semantic, binary {
      throw CommandError.usage("--binary is for masks in video; give --protocol semi-supervised or unsupervised")
    }
    if maskProtocol != .semantic, classNames != nil || classCount != nil || !void.isEmpty {
      throw CommandError.usage(
        "--class-names, --class-count and --void are for --protocol semantic; in video label 0 is background and 255 void")
    }
  }

  // MARK: - The two kinds

  private func semantic(_ files: [(name: String, files: MaskFiles)]) throws -> Measured {
    let settings = SemanticEvaluation.Settings(
      classCount: classCount, voidLabels: Set(void), names: try classNames.map { try LabelNames.read($0) } ?? [])
    let results = try files.map { ($0.name, try SemanticEvaluation($0.files, settings: settings)) }
    let warnings = zip(files, results).map { $0.files.warnings + $1.1.warnings }
    let all = output.warnings(of: zip(files, warnings).map { ($0.name, $1) })
    return Measured(
      results: zip(results, warnings).map { result, warnings in
        let table = MaskTables.classes(result.1)
        return EvaluatedResult(name: result.0, tables: [table], figures: table, json: MaskTables.json(result.1, warnings: warnings))
      },
      scores: results.map { scores(of: SemanticPictureScores($0.1), aliases: ["iou": "miou", "accuracy": "mean_accuracy"]) },
      comparison: ResultComparison(
        results.map { ($0.0, SemanticPictureScores($0.1)) }, parts: "pictures", bootstrap: compared.bootstrap),
      warnings: all,
      page: { SemanticReport(ReportedResults(results, truth: truth, comparison: $0, warnings: all)).html })
  }

  private func objects(_ files: [(name: String, files: MaskFiles)]) throws -> Measured {
    let settings = MaskVideoEvaluation.Settings(maskProtocol == .semiSupervised ? .semiSupervised : .unsupervised, isBinary: binary)
    let results = try files.map { ($0.name, try MaskVideoEvaluation($0.files, settings: settings)) }
    let warnings = zip(files, results).map { $0.files.warnings + $1.1.warnings }
    let all = output.warnings(of: zip(files, warnings).map { ($0.name, $1) })
    return Measured(
      results: zip(results, warnings).map { result, warnings in
        let table = MaskTables.objects(result.1)
        return EvaluatedResult(
          name: result.0, tables: [table] + (result.1.hasSeveralObjects ? [MaskTables.sequences(result.1)] : []), figures: table,
          json: MaskTables.json(result.1, warnings: warnings))
      },
      scores: results.map { scores(of: MaskSequenceScores($0.1), aliases: ["j": "j_mean", "f": "f_mean"]) },
      comparison: ResultComparison(
        results.map { ($0.0, MaskSequenceScores($0.1)) }, parts: "sequences", bootstrap: compared.bootstrap),
      warnings: all,
      page: { MaskVideoReport(ReportedResults(results, truth: truth, comparison: $0, warnings: all)).html })
  }

  /// Scores by their names, classes by theirs, and by the other names that they go by.
  private func scores(of part: some ResampledScores, aliases: [String: String]) -> [String: Double] {
    var scores: [String: Double] = [:]
    for (name, value) in zip(part.names, part.whole) {
      let key = (name.subject ?? name.field).lowercased()
      scores[key] = scores[key] ?? value
    }
    for (alias, name) in aliases where scores[alias] == nil { scores[alias] = scores[name] }
    return scores
  }
}
