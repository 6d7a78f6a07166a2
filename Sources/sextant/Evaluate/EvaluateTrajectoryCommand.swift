import ArgumentParser
import Foundation
import Geometry
import Records
import Reports
import TrajectoryEvaluation

/// `sextant evaluate trajectory`: absolute, relative and segment errors of camera paths.
struct EvaluateTrajectoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trajectory",
    abstract: "Measure camera trajectories: APE, RPE, KITTI's segment errors.",
    discussion: """
      Files are TUM (timestamp tx ty tz qx qy qz qw), KITTI (12 numbers a line), EuRoC (csv) or a stream with poses; the format is guessed. \
      Timed poses are matched by the nearest stamp, others line by line. Units of time are guessed and said. \
      Of folders, files of equal names belong together; each sequence is measured by itself and all together.

      examples:
        sextant evaluate trajectory --truth groundtruth.txt --result slam.txt --align sim3
        sextant evaluate trajectory --truth poses/00.txt --result ours.txt --align se3 --delta 100 --delta-unit metres --all-pairs --segments
        sextant evaluate trajectory --truth poses --compare theirs ours --align se3 --segments --report report.html
      """)

  @Option(help: ArgumentHelp("The true trajectory, or a folder of them.", valueName: "path"), completion: .file())
  var truth: String

  @OptionGroup var compared: ComparedResultOptions

  @OptionGroup var folders: SequenceOptions

  @Option(help: ArgumentHelp("auto, tum, kitti, euroc or sextant.", valueName: "format"), completion: .trajectoryFormats)
  var format = "auto"

  @Option(
    help: ArgumentHelp("The result's format where it cannot be guessed.", valueName: "format"), completion: .trajectoryFormats)
  var resultFormat = "auto"

  @Option(help: ArgumentHelp("Seconds of the truth's poses, one a line (KITTI).", valueName: "file"), completion: .file())
  var truthTimes: String?

  @Option(help: ArgumentHelp("Seconds of the result's poses, one a line (KITTI).", valueName: "file"), completion: .file())
  var resultTimes: String?

  @Option(help: ArgumentHelp("Unit of the truth's stamps: auto, s, ms, us or ns.", valueName: "unit"), completion: .timeUnits)
  var timeUnit = "auto"

  @Option(help: ArgumentHelp("Unit of the result's stamps.", valueName: "unit"), completion: .timeUnits)
  var resultTimeUnit = "auto"

  @Option(help: ArgumentHelp("none, se3, sim3, scale or origin.", valueName: "kind"))
  var align = TrajectoryAlignment.none

  @Option(help: ArgumentHelp("Fit the alignment on this many first poses.", valueName: "n"))
  var alignFirst: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Any of \(PoseRelation.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "relation"))
  var relations: [PoseRelation] = [.translation, .angleDegrees]

  @Option(help: ArgumentHelp("Distance of the two poses of a relative error.", valueName: "x"))
  var delta = 1.0

  @Option(help: ArgumentHelp("frames, metres, degrees or radians.", valueName: "unit"))
  var deltaUnit = PoseDelta.Unit.frames

  @Flag(help: "Relative errors from every pose instead of consecutive pairs.")
  var allPairs = false

  @Flag(help: "Choose the pairs on the truth instead of the result.")
  var pairsFromTruth = false

  @Option(help: ArgumentHelp("Largest difference of stamps that belong together.", valueName: "seconds"))
  var maxDifference = 0.01

  @Option(parsing: .unconditional, help: ArgumentHelp("Added to the result's stamps.", valueName: "seconds"))
  var timeOffset = 0.0

  @Flag(help: "Also KITTI's errors over segments of 100 to 800 m.")
  var segments = false

  @Option(help: ArgumentHelp("Write every error as text.", valueName: "file.csv"), completion: .file())
  var errors: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Exit with code 5 where a root mean square is higher: ape, rpe (of the first relation).", valueName: "name=value"))
  var failAbove: [String] = []

  @OptionGroup(title: "Output") var output: EvaluationOutputOptions

  func run() throws {
    try ExitStatus.reporting {
      let most = try ScoreThresholds(failAbove, option: "--fail-above")
      let least = try output.thresholds
      try output.checkFiles(
        reads: compared.reads + [(truth, "the truth"), (truthTimes, "the truth's times"), (resultTimes, "the result's times")],
        writes: [(errors, "the list of errors")])
      let settings = try evaluationSettings()
      let reading = try (
        TrajectoryResult.Reading(format: file(format, "--format"), unit: unit(timeUnit, "--time-unit"), times: truthTimes),
        TrajectoryResult.Reading(
          format: file(resultFormat, "--result-format"), unit: unit(resultTimeUnit, "--result-time-unit"), times: resultTimes)
      )
      let results = try compared.named().map { name, path in
        try TrajectoryResult.run(
          name: name, truth: truth, result: path, choice: folders.choice(), reading: reading, settings: settings)
      }
      // Before anything is printed: a name that no score has is a mistake in the command.
      let failures = try results.flatMap { result in
        try most.excesses(of: result.name) { result.score(named: $0) }
          + least.failures(of: result.name) { result.score(named: $0) }
      }
      output.warn(warnings(results))
      let comparison = results.count > 1 ? try ResultComparison(trajectories: results, bootstrap: compared.bootstrap) : nil
      try output.print(output.text(results.map(printed), comparison: comparison))
      try writeFiles(results, comparison)
      try output.exit(ifAny: failures)
    }
  }

  // MARK: - Options

  private func file(_ name: String, _ option: String) throws -> TrajectoryFile.Format? {
    guard name != "auto" else { return nil }
    guard let format = TrajectoryFile.Format(rawValue: name) else {
      let names = TrajectoryFile.Format.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError.usage("\(option) \(name): there is no such format; there are auto, \(names)")
    }
    return format
  }

  private func unit(_ name: String, _ option: String) throws -> TimeUnit? {
    guard name != "auto" else { return nil }
    guard let unit = TimeUnit(rawValue: name) else {
      throw CommandError.usage("\(option) \(name): give auto, s, ms, us or ns")
    }
    return unit
  }

  private func evaluationSettings() throws -> TrajectorySequenceEvaluation.Settings {
    guard maxDifference >= 0, maxDifference.isFinite else {
      throw CommandError.usage("--max-difference \(maxDifference): give a number of seconds, 0 or more")
    }
    guard timeOffset.isFinite else { throw CommandError.usage("--time-offset \(timeOffset): give a number of seconds") }
    var settings = TrajectorySequenceEvaluation.Settings()
    settings.comparison.alignment = align
    settings.comparison.alignedPoses = alignFirst
    settings.comparison.maximumDifference = maxDifference
    settings.comparison.timeOffset = timeOffset
    settings.relations = relations
    settings.delta = PoseDelta(delta, deltaUnit, allPairs: allPairs)
    settings.pairsFromTruth = pairsFromTruth
    settings.segmentLengths = segments ? SegmentErrors.standardLengths : []
    return settings
  }

  // MARK: - Output

  private func warnings(_ results: [TrajectoryResult]) -> [String] {
    output.warnings(of: results.map { ($0.name, $0.warnings) })
  }

  private func printed(_ result: TrajectoryResult) -> EvaluatedResult {
    EvaluatedResult(name: result.name, tables: result.tables, figures: result.table, json: result.json)
  }

  private func writeFiles(_ results: [TrajectoryResult], _ comparison: ResultComparison?) throws {
    if let errors {
      let table = results.count == 1 ? results[0].errorTable : MetricTable(joining: results.map { ($0.name, $0.errorTable) })
      try output.write(table.rendered(as: .csv), to: errors)
    }
    if let path = output.report {
      let report = TrajectoryReport(
        results, comparison: comparison, files: [("truth", truth), ("result", compared.paths.joined(separator: ", "))],
        warnings: warnings(results))
      try output.write(report.html, to: path)
    }
  }
}

extension TrajectoryAlignment: ExpressibleByArgument {}
extension PoseRelation: ExpressibleByArgument {}
extension PoseDelta.Unit: ExpressibleByArgument {}
