import ArgumentParser
import Batch
import Foundation
import Records

/// `sextant batch status`: how far a run has come.
struct BatchStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Tell how far a run has come, what failed and what is missing.",
    discussion: """
      The exit code is 0 where every recording is done, 1 where some are left to do, 65 where only those are left that cannot be done.

      examples:
        sextant batch status run
        sbatch --array="$(sextant batch status --missing run)" job.sh
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print the shards that have something left to do, as Slurm's --array takes them.")
  var missing = false

  func run() throws {
    try ExitStatus.reporting {
      let run = RunFolder(path: BatchPlanCommand.absolute(folder))
      let plan = try run.plan()
      let status = try RunStatus(of: run)
      let screen = try OutputSink(path: "-", policy: .live, overwrite: true)
      try screen.write((json ? status.json.json : missing ? status.missingText : text(status, plan)) + "\n")
      try screen.close()
      if status.open > 0 { throw ExitStatus.notYet.exitCode }
      if !status.failures.isEmpty { throw ExitStatus.malformed.exitCode }
    }
  }

  private func text(_ status: RunStatus, _ plan: BatchPlan) -> String {
    var lines = [
      "\(status.units) recording\(status.units == 1 ? "" : "s") in \(plan.shards) shard\(plan.shards == 1 ? "" : "s")",
      "  done     \(status.committed), \(status.frames) frames, \(status.tracks) tracks, \(BatchStatusCommand.time(status.seconds)) of work, "
        + "at most \(status.peakMemory >> 20) MiB",
      "  failed   \(status.failures.count)",
      "  open     \(status.open)"
        + (status.secondsLeft.map { status.open > 0 ? ", about \(BatchStatusCommand.time($0)) of work" : "" } ?? ""),
    ]
    if status.damaged > 0 { lines.append("  damaged  \(status.damaged), whole but for pieces (events of kind damage)") }
    if status.assumedRates > 0 { lines.append("  times    of \(status.assumedRates) rest on an assumed frame rate (--fps)") }
    if !status.missingShards.isEmpty { lines.append("  missing  shards \(status.missingText)") }
    for warning in status.warnings.prefix(BatchStatusCommand.mostWarnings) {
      lines.append("  warning  \(BatchStatusCommand.name(warning.files)): \(warning.sentence)")
    }
    let more = status.warnings.count - BatchStatusCommand.mostWarnings
    if more > 0 { lines.append("  warning  \(more) more (--json lists them)") }
    for failure in status.failures {
      lines.append("  \(failure.code)       \(BatchStatusCommand.name(failure.files)): \(failure.sentence)")
    }
    return lines.joined(separator: "\n")
  }

  /// As many as a screen holds beside the rest.
  private static let mostWarnings = 20

  /// A recording by its files.
  private static func name(_ files: [String]) -> String {
    MessageText.printable(files.count > 1 ? "\(files[0]) and \(files.count - 1) more" : files.first ?? "")
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 120
      ? String(format: "%.1f s", seconds)
      : seconds < 7200 ? String(format: "%.1f min", seconds / 60) : String(format: "%.1f h", seconds / 3600)
  }
}
