import ArgumentParser
import BoxEvaluation
import Foundation
import Records
import Reports

/// `sextant evaluate boxes`: average precision of detections, upright or oriented.
struct EvaluateBoxesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boxes",
    abstract: "Measure boxes: average precision, precision and recall, confusion, angles, calibration.",
    discussion: """
      Truth and result are files or folders of DOTA labels or results, YOLO or YOLO-OBB labels, COCO, HIT-UAV's text, oriented MOT (13 or 10 \
      columns), MOT, KITTI or a stream; they need not be of one format. Images and classes are matched by name where both sides have names.

      Difficult boxes, COCO's crowds, truth of the class DontCare and boxes of --ignore are neither missed when not found nor counted \
      when found.

      examples:
        sextant evaluate boxes --truth labelTxt --result Task1 --ap voc07
        sextant evaluate boxes --truth instances.json --result detections.json --ap coco
        sextant evaluate boxes --truth labelTxt --compare theirs ours --report report.html
        sextant evaluate boxes --truth labels-val.txt.gz --result tracks.txt --thresholds 0.5:0.95 --fail-below map=0.3
      """)

  @Option(help: ArgumentHelp("The annotations.", valueName: "path"), completion: .file())
  var truth: String

  @OptionGroup var compared: ComparedResultOptions

  @Option(help: ArgumentHelp("The truth's format; guessed unless told.", valueName: "format"), completion: .boxFormats)
  var format = "auto"

  @Option(help: ArgumentHelp("The result's format; guessed unless told.", valueName: "format"), completion: .boxFormats)
  var resultFormat = "auto"

  @Option(help: ArgumentHelp("voc07 (the DOTA kit's default), all-point or coco.", valueName: "style"))
  var ap = AveragePrecisionStyle.allPoint

  @Option(help: ArgumentHelp("rotated-iou, or iou of the upright boxes around.", valueName: "measure"))
  var similarity = BoxSimilarity.rotatedIoU

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Overlaps such as 0.5 or 0.5:0.95; COCO's ten for --ap coco, else 0.5.", valueName: "overlap"))
  var thresholds: [String] = []

  @Option(parsing: .upToNextOption, help: ArgumentHelp("The classes to evaluate, by name.", valueName: "class"))
  var classes: [String] = []

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Names of class numbers, such as 0=car.", valueName: "number=name"))
  var names: [String] = []

  @Flag(help: "Compare boxes without regard to their class.")
  var classAgnostic = false

  @Option(help: ArgumentHelp("Boxes in which results do not count.", valueName: "path"), completion: .file())
  var ignore: String?

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Classes whose truth marks regions to ignore (DontCare).", valueName: "class"))
  var ignoreClasses: [String] = []

  @Option(help: ArgumentHelp("Size of the images, for YOLO's labels.", valueName: "WxH"))
  var imageSize: String?

  @Option(help: ArgumentHelp("Least score of the confusion matrix.", valueName: "score"))
  var confusionScore = 0.25

  @Option(help: ArgumentHelp("Number of bins of the calibration.", valueName: "n"))
  var bins = 10

  @OptionGroup(title: "Output") var output: EvaluationOutputOptions

  /// One result, read and measured.
  private struct Evaluated {
    var name: String
    var set: BoxSetBuilder
    var evaluation: BoxResultEvaluation
  }

  func run() throws {
    try ExitStatus.reporting {
      let thresholds = try output.thresholds
      try output.checkFiles(reads: compared.reads + [(truth, "the truth"), (ignore, "the regions to ignore")])
      let settings = try evaluationSettings()
      let results = try compared.named().map { name, path in
        let set = try BoxFiles.load(truth: truth, result: path, regions: ignore, options: fileOptions())
        return Evaluated(name: name, set: set, evaluation: BoxResultEvaluation(set.set, settings: settings))
      }
      // Before anything is printed: a name that no score has is a mistake in the command.
      let failures = try results.flatMap { result in
        try thresholds.failures(of: result.name) { score(named: $0, in: result.evaluation) }
      }
      let warnings = output.warnings(of: results.map { ($0.name, $0.set.warnings) })
      output.warn(warnings)
      let comparison =
        results.count > 1
        ? ResultComparison(
          boxes: results.map { ($0.name, $0.set.set, $0.set.images) }, settings: settings, bootstrap: compared.bootstrap) : nil
      try output.print(output.text(results.map(printed), comparison: comparison))
      if let path = output.report {
        let report = BoxReport(
          ReportedResults(
            results.map { ($0.name, $0.evaluation) }, truth: truth, comparison: comparison, warnings: warnings))
        try output.write(report.html, to: path)
      }
      try output.exit(ifAny: failures)
    }
  }

  // MARK: - Options

  private func fileOptions() throws -> BoxFiles.Options {
    var options = BoxFiles.Options()
    options.truthFormat = try BoxFormatArgument(format, option: "--format").format
    options.resultFormat = try BoxFormatArgument(resultFormat, option: "--result-format").format
    options.imageSize = try imageSize.map { try ImageSizeArgument($0).size }
    options.classNames = try ClassNameArguments(names).names
    options.alignment.classes = try OptionCheck.names(classes, of: "--classes")
    if !ignoreClasses.isEmpty { options.alignment.ignoredClasses = ignoreClasses }
    options.alignment.isClassAgnostic = classAgnostic
    return options
  }

  private func evaluationSettings() throws -> BoxResultEvaluation.Settings {
    var settings = ap == .hundredOnePoint ? BoxResultEvaluation.Settings.coco : BoxResultEvaluation.Settings()
    settings.style = ap
    settings.similarity = similarity
    let overlaps = try thresholds.flatMap(EvaluateBoxesCommand.overlaps)
    if !overlaps.isEmpty {
      guard ap != .hundredOnePoint || overlaps == COCOSummary.thresholds else {
        throw CommandError.usage("--thresholds: COCO's overlaps are fixed; use --ap all-point or voc07 for others")
      }
      settings.thresholds = overlaps
    }
    guard (1...1000).contains(bins) else { throw CommandError.usage("--bins \(bins): give a number from 1 to 1000") }
    guard confusionScore.isFinite else { throw CommandError.usage("--confusion-score: give a number") }
    settings.calibrationBins = bins
    settings.confusionScore = confusionScore
    return settings
  }

  /// `0.5`, several with commas, or `0.5:0.95` in steps of 0.05.
  static func overlaps(_ text: String) throws -> [Double] {
    let parts = text.split(separator: ",")
    guard !parts.isEmpty else {
      throw CommandError.usage("--thresholds '\(text)': give overlaps between 0 and 1 such as 0.5 or 0.5:0.95")
    }
    return try parts.flatMap { part -> [Double] in
      let ends = part.split(separator: ":").compactMap { Double($0) }
      guard (1...2).contains(ends.count), ends.count == part.split(separator: ":").count,
        ends.allSatisfy({ $0 > 0 && $0 < 1 }), ends[0] <= ends[ends.count - 1]
      else { throw CommandError.usage("--thresholds \(text): give overlaps between 0 and 1 such as 0.5 or 0.5:0.95") }
      guard ends.count == 2 else { return ends }
      if ends == [0.5, 0.95] { return COCOSummary.thresholds }
      // Bounded: both ends lie between 0 and 1.
      return (0...Int(((ends[1] - ends[0]) / 0.05 + 1e-9).rounded(.down))).map { ends[0] + 0.05 * Double($0) }
    }
  }

  // MARK: - Output

  private func printed(_ result: Evaluated) -> EvaluatedResult {
    let evaluation = result.evaluation
    let main = BoxTables.classes(evaluation)
    let tables = [main, BoxTables.coco(evaluation), BoxTables.calibration(evaluation), BoxTables.confusion(evaluation)]
    return EvaluatedResult(
      name: result.name, tables: tables.compactMap { $0 }, figures: main,
      json: BoxTables.json(evaluation, warnings: result.set.warnings))
  }

  private func score(named name: String, in evaluation: BoxResultEvaluation) -> Double? {
    let wanted = name.lowercased()
    if wanted == "map" || wanted == "ap" { return evaluation.meanAveragePrecision }
    for (threshold, value) in zip(evaluation.settings.thresholds, evaluation.meanAveragePrecisions ?? []) {
      let percent = ScoreName.percent(threshold)
      if wanted == "ap\(percent)" || wanted == "map\(percent)" { return value }
    }
    if let figure = evaluation.coco?.named.first(where: { $0.name.lowercased() == wanted }) { return figure.value }
    return evaluation.classes.first { $0.name.lowercased() == wanted }?.averagePrecision
  }
}

extension AveragePrecisionStyle: ExpressibleByArgument {}
extension BoxSimilarity: ExpressibleByArgument {}
