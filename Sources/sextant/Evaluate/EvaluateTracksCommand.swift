import ArgumentParser
import Foundation
import Records
import Reports
import TrackEvaluation

/// `sextant evaluate tracks`: HOTA, CLEAR and Identity of one or several results.
struct EvaluateTracksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tracks",
    abstract: "Measure tracks: HOTA, CLEAR, Identity; angles and covariances of oriented tracks.",
    discussion: """
      Truth and result are a file each, or a folder of sequences each: MOTChallenge's layout (NAME/gt/gt.txt and NAME.txt), KITTI's \
      (label_02/NAME.txt), or files of equal names; plain or gzip. A folder of YOLO's or KITTI's labels, a file a picture, is one sequence. \
      No seqinfo and no seqmap is needed.

      examples:
        sextant evaluate tracks --truth gt.txt --result tracks.ndjson
        sextant evaluate tracks --truth MOT17/train --result results --fail-below hota=0.6
        sextant evaluate tracks --truth label_02 --compare sort ours --classes car --report report.html
      """)

  @Option(help: ArgumentHelp("The annotations.", valueName: "path"), completion: .file())
  var truth: String

  @OptionGroup var compared: ComparedResultOptions

  @OptionGroup var folders: SequenceOptions

  @Option(
    help: ArgumentHelp("The format of both sides: \(BoxFormatArgument.names(BoxFormat.ofTracks)).", valueName: "format"),
    completion: .trackFormats)
  var format = "auto"

  @Option(
    help: ArgumentHelp("The result's format where it differs from the truth's.", valueName: "format"), completion: .trackFormats)
  var resultFormat = "auto"

  @Option(help: ArgumentHelp("Size of the images, for YOLO's labels.", valueName: "WxH"))
  var imageSize: String?

  @Option(help: ArgumentHelp("iou, rotated-iou, birds-eye, probiou or mask.", valueName: "measure"))
  var similarity: TrackSimilarity?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The classes to evaluate, by name.", valueName: "class"))
  var classes: [String] = []

  @Flag(help: "Take all classes as one.")
  var oneClass = false

  @Option(
    help: ArgumentHelp("mot15, mot, mot20, kitti, uavdt, ignored or none; by the truth's format unless told.", valueName: "rule"))
  var preprocess: TrackPreprocessing?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Classes of the truth that only mark regions in which results do not count, beside those called DontCare.", valueName: "class"
    ))
  var regionClass: [String] = []

  @Option(help: ArgumentHelp("Boxes in which results do not count.", valueName: "path"), completion: .file())
  var ignore: String?

  @Option(help: ArgumentHelp("Any of hota, clear and identity, with commas.", valueName: "list"))
  var metrics = "hota,clear,identity"

  @Option(help: ArgumentHelp("Only these frames, as the truth counts them.", valueName: "first-last"))
  var frames: String?

  @Option(help: ArgumentHelp("List the identity switches and fragmentations.", valueName: "file.csv"), completion: .file())
  var events: String?

  @Option(
    help: ArgumentHelp(
      "The video, or a folder with one for each sequence: pictures of the switches in the report.", valueName: "path"),
    completion: .file())
  var video: String?

  @Option(help: ArgumentHelp("Number of threads; it never changes the result.", valueName: "n"))
  var threads: Int?

  @OptionGroup(title: "Output") var output: EvaluationOutputOptions

  func run() throws {
    try ExitStatus.reporting {
      let options = try evaluationOptions()
      let thresholds = try output.thresholds
      try output.checkFiles(
        reads: compared.reads + [(truth, "the truth"), (ignore, "the regions to ignore"), (video, "the video")],
        writes: [(events, "the list of events")])
      let threads = try OptionCheck.value(
        threads ?? ProcessInfo.processInfo.activeProcessorCount, of: "--threads", in: 1...1024, unit: "threads")
      let evaluations = try compared.named().map { name, path in
        if similarity == .mask {
          return try MaskTrackEvaluator.run(
            name: name, truth: truth, result: path, choice: folders.choice(), options, threads: threads)
        }
        return try TrackResultEvaluation.run(
          name: name, truth: truth, result: path, ignored: ignore, choice: folders.choice(), options, threads: threads)
      }
      // Before anything is printed: a name that no score has is a mistake in the command.
      let failures = try failures(evaluations, thresholds)
      output.warn(warnings(evaluations))
      let comparison = evaluations.count > 1 ? try ResultComparison(tracks: evaluations, bootstrap: compared.bootstrap) : nil
      try output.print(text(evaluations, comparison, options))
      try writeFiles(evaluations, comparison, options)
      try output.exit(ifAny: failures)
    }
  }

  // MARK: - Options

  private func evaluationOptions() throws -> TrackEvaluationOptions {
    guard !oneClass || classes.isEmpty else {
      throw CommandError.usage("--one-class takes all classes as one and --classes chooses some; give one of the two")
    }
    guard similarity != .mask || ignore == nil else {
      throw CommandError.usage(
        "--ignore names boxes; mask tracks have their regions in the truth, as class 10 or by --region-class")
    }
    var options = TrackEvaluationOptions()
    options.truthFormat = try BoxFormatArgument(format, option: "--format", among: BoxFormat.ofTracks).format
    options.resultFormat =
      try BoxFormatArgument(resultFormat, option: "--result-format", among: BoxFormat.ofTracks).format ?? options.truthFormat
    options.imageSize = try imageSize.map { try ImageSizeArgument($0).size }
    options.similarity = similarity
    options.preprocessing = preprocess
    options.classes = try OptionCheck.names(classes, of: "--classes")
    options.regionClasses = try OptionCheck.names(regionClass, of: "--region-class")
    options.takesClassesAsOne = oneClass
    options.metrics = try chosenMetrics()
    options.keepsTimelines = output.report != nil
    options.frames = try frames.map(frameRange)
    return options
  }

  private func chosenMetrics() throws -> Set<TrackMetric> {
    let names = metrics.split(separator: ",").map(String.init)
    let chosen = names.compactMap { TrackMetric(rawValue: $0.lowercased()) }
    guard !names.isEmpty, chosen.count == names.count else {
      throw CommandError.usage("--metrics \(metrics): give any of hota, clear and identity, with commas")
    }
    return Set(chosen)
  }

  private func frameRange(_ text: String) throws -> ClosedRange<Int> {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 2, parts[0] >= 0, parts[0] <= parts[1] else {
      throw CommandError.usage("--frames \(text): give the first and the last frame, such as 1-600")
    }
    return parts[0]...parts[1]
  }

  // MARK: - Output

  private func text(
    _ evaluations: [TrackResultEvaluation], _ comparison: ResultComparison?, _ options: TrackEvaluationOptions
  ) throws -> String {
    switch output.format {
    case .json: json(evaluations, comparison, options)
    case .csv: try output.chosen([TrackTables.everything(evaluations)]).map { $0.rendered(as: .csv) }.joined()
    default: output.rendered(try output.chosen(tables(evaluations, comparison)))
    }
  }

  private func warnings(_ evaluations: [TrackResultEvaluation]) -> [String] {
    output.warnings(of: evaluations.map { ($0.name, $0.warnings + $0.sequences.flatMap(\.warnings)) })
  }

  private func tables(_ evaluations: [TrackResultEvaluation], _ comparison: ResultComparison?) -> [MetricTable] {
    var tables: [MetricTable] = []
    // Columns can be chosen among all fields, not only among those that people read first.
    let hasEveryField = output.columnChoice != nil
    for evaluation in evaluations {
      for className in evaluation.classes {
        tables.append(TrackTables.sequences(evaluation, className: className, hasEveryField: hasEveryField))
        if let oriented = TrackTables.oriented(evaluation, className: className) { tables.append(oriented) }
      }
      if let classes = TrackTables.classes(evaluation, hasEveryField: hasEveryField) { tables.append(classes) }
    }
    if let comparison { tables.append(comparison.table) }
    return tables
  }

  private func json(
    _ evaluations: [TrackResultEvaluation], _ comparison: ResultComparison?, _ options: TrackEvaluationOptions
  ) -> String {
    let statements = evaluations.first?.statements(metrics: options.metrics) ?? []
    var pairs: [(String, JSONValue)] = [
      ("program", .text(ProgramVersion.programText)),
      ("protocol", .object(statements.map { ($0.name, .text($0.text)) })),
      ("results", .list(evaluations.map(\.jsonValue))),
    ]
    if let comparison { pairs.append(("comparison", comparison.table.jsonValue)) }
    return JSONValue.object(pairs).json + "\n"
  }

  private func writeFiles(
    _ evaluations: [TrackResultEvaluation], _ comparison: ResultComparison?, _ options: TrackEvaluationOptions
  ) throws {
    if let events {
      var table = evaluations[0].eventTable
      for evaluation in evaluations.dropFirst() { table.rows += evaluation.eventTable.rows }
      try output.write(table.rendered(as: .csv), to: events)
    }
    guard let path = output.report else { return }
    let pictures = try video.map { try EventPictures(video: $0, evaluations: evaluations) }
    let report = TrackReport(
      evaluations: evaluations, metrics: options.metrics, warnings: warnings(evaluations), comparison: comparison
    ) {
      result, sequence, frame in
      pictures?.picture(of: result, sequence: sequence, frame: frame)
    }
    try output.write(report.html(program: ProgramVersion.programText), to: path)
  }

  private func failures(_ evaluations: [TrackResultEvaluation], _ thresholds: ScoreThresholds) throws -> [String] {
    try evaluations.flatMap { evaluation in
      let classes = evaluation.classes
      return try thresholds.failures(of: evaluation.name) { name in
        if classes.count == 1 { return evaluation.combined(classes[0]).value(of: name) ?? orientedValue(evaluation, name) }
        return evaluation.classAverage.first { $0.name.lowercased() == name.lowercased() }?.scalar
      }
    }
  }

  private func orientedValue(_ evaluation: TrackResultEvaluation, _ name: String) -> Double? {
    evaluation.combinedOriented(evaluation.classes[0]).fields.first { $0.name.lowercased() == name.lowercased() }?.scalar
  }
}

extension TrackSimilarity: ExpressibleByArgument {}
extension TrackPreprocessing: ExpressibleByArgument {}
