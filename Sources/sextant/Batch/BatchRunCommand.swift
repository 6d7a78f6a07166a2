import ArgumentParser
import Batch
import Foundation
import Pipeline
import Records
import Synchronization
import Video

/// `sextant batch run`: does the units of a shard, or of all.
struct BatchRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Do what is missing of a shard, or of the whole run.",
    discussion: """
      The shard is named by --shard or by the engine (SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, \
      PBS_ARRAY_INDEX, SGE_TASK_ID); without either all shards are done here. A recording that cannot be tracked is told once and kept as \
      failure.json; the exit code is 0 where nothing is left that could go well another time.

      examples:
        sextant batch run run --jobs 2
        sextant batch run run --shard 7 --checkpoint 15min
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(help: ArgumentHelp("The shard, from 0.", valueName: "number"))
  var shard: Int?

  @Option(help: ArgumentHelp("Recordings at a time.", valueName: "number"))
  var jobs = 1

  @Option(
    help: ArgumentHelp(
      "Note what is known of each recording at this interval, so that the next run goes on where this one stopped.",
      valueName: "time"))
  var checkpoint: String?

  @Flag(help: "Try recordings again that could not be tracked.")
  var retryFailures = false

  @Flag(name: .shortAndLong, help: "Print no progress.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      let jobs = try OptionCheck.value(jobs, of: "--jobs", in: 1...1024, unit: "")
      let environment = ProcessInfo.processInfo.environment
      let run = RunFolder(path: BatchPlanCommand.absolute(folder))
      let plan = try run.plan()
      try run.check(plan, program: ProgramVersion.programText)
      let units = try run.units(of: try shard ?? ShardNumber.given(in: environment), in: plan)
      let children = ChildGroup()
      var settings = ShardRun.Settings(
        program: try BatchRunCommand.program(), worker: WorkerName(environment: environment),
        machine: try BatchRunCommand.machine(for: plan, in: run),
        children: children)
      (settings.jobs, settings.retriesFailures) = (jobs, retryFailures)
      settings.checkpointSeconds = try checkpoint.map(BatchRunCommand.interval)
      let shardRun = ShardRun(run: run, plan: plan, settings: settings)
      let news = UnitNews(count: units.count, isQuiet: quiet)
      try InterruptibleRun(isQuiet: true).run { cancellation, _ in
        cancellation.heed()
        cancellation.onRequest { children.stop() }
        return try shardRun.perform(units, report: news.tell)
      } report: { summary, _ in
        if !quiet { StandardError.say(BatchRunCommand.line(summary)) }
        // Also the codes of trackers that a signal ended, such as 137 for want of memory.
        if summary.code != 0 { throw ExitCode(summary.code) }
      }
    }
  }

  private static func interval(_ text: String) throws -> Double {
    guard let seconds = TimeSpan.seconds(text), seconds >= TrackSetting.leastCheckpointSeconds else {
      throw CommandError.usage("--checkpoint \(text) is no interval: give 0.1s or more, such as 15min")
    }
    return seconds
  }

  private static func line(_ summary: ShardRun.Summary) -> String {
    var parts = ["\(summary.committed) done", "\(summary.present) done before"]
    if summary.failed > 0 { parts.append("\(summary.failed) cannot be done (sextant batch status lists them)") }
    if summary.left > 0 { parts.append("\(summary.left) left to another run") }
    return parts.joined(separator: ", ")
  }

  /// This program.
  private static func program() throws -> String {
    guard let path = ProgramFile.path else {
      throw CommandError(code: .defect, description: "cannot tell where this program lies")
    }
    return path
  }

  private static func machine(for plan: BatchPlan, in run: RunFolder) throws -> MachineClass {
    let config = plan.files.contains { $0.path == run.settingsFile } ? run.settingsFile : nil
    let request = try BatchOptions(options: plan.options, config: config).request()
    let precision = if case .network = request.detector { request.detectorType.rawValue } else { "" }
    return MachineClass(
      processor: ProcessorFacts.present.extensions.joined(separator: " "), precision: precision,
      libraries: (try? VideoSources.libraryVersions) ?? "no FFmpeg")
  }
}

/// Tells of each recording that is over, on standard error.
private final class UnitNews: Sendable {
  private let count: Int
  private let isQuiet: Bool
  private let over = Mutex(0)

  init(count: Int, isQuiet: Bool) {
    (self.count, self.isQuiet) = (count, isQuiet)
  }

  @Sendable func tell(_ news: ShardRun.News) {
    let number = over.withLock { over in
      over += 1
      return over
    }
    switch news {
    case .committed(let files, let frames, let tracks, let seconds):
      guard !isQuiet else { return }
      StandardError.say(
        "\(number) of \(count): \(name(files)): \(frames) frames, \(tracks) tracks in \(String(format: "%.1f s", seconds))")
    case .failed(let files, let sentence): StandardError.warn("\(name(files)): \(sentence)")
    case .left(let files, let code, let sentence):
      StandardError.warn("\(name(files)): exit code \(code), left to another run\(sentence.isEmpty ? "" : ": \(sentence)")")
    }
  }

  private func name(_ files: [String]) -> String {
    guard let first = files.first, files.count > 1 else { return files.first ?? "" }
    return "\(first) and \(files.count - 1) more"
  }
}
