import ArgumentParser
import Batch
import Records

/// `sextant batch script`: a ready job for an engine.
struct BatchScriptCommand: ParsableCommand {
  /// What is printed.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case slurm, kubernetes, snakemake, cameras
  }

  static let configuration = CommandConfiguration(
    commandName: "script",
    abstract: "Print a job for Slurm, Kubernetes or Snakemake that does a run's shards, or Deployments that follow cameras.",
    discussion: """
      Nothing is submitted. For cameras the argument is no run but a file with a camera a line, its name and its address: each becomes a \
      Kubernetes Deployment with rotated streams and metrics.

      examples:
        sextant batch script slurm run > job.sh && sbatch job.sh
        sextant batch script kubernetes run --image registry.local/sextant | kubectl apply -f -
        sextant batch script snakemake run > Snakefile && snakemake --cores 8
        sextant batch script cameras cameras.txt --image registry.local/sextant | kubectl apply -f -
      """)

  @Argument(help: ArgumentHelp("The engine, or cameras.", valueName: "slurm|kubernetes|snakemake|cameras"))
  var kind: Kind

  @Argument(help: ArgumentHelp("The run's folder, or the list of cameras.", valueName: "run"), completion: .file())
  var subject: String

  @Option(help: ArgumentHelp("Processors of a task.", valueName: "number"))
  var cores = 2

  @Option(help: ArgumentHelp("The image that holds the program, for Kubernetes.", valueName: "name"))
  var image = "sextant"

  func run() throws {
    try ExitStatus.reporting {
      let cores = try OptionCheck.value(cores, of: "--cores", in: 1...1024, unit: "")
      let screen = try OutputSink(path: "-", policy: .live, overwrite: true)
      try screen.write(try text(cores: cores))
      try screen.close()
    }
  }

  private func text(cores: Int) throws -> String {
    guard let engine = JobScript.Engine(rawValue: kind.rawValue) else {
      return try CameraFleet(path: subject, cores: cores, image: image).text
    }
    let run = RunFolder(path: BatchPlanCommand.absolute(subject))
    let plan = try run.plan()
    try run.shards(of: plan)
    // Only pods must be told where recordings lie, and finding that reads every unit.
    let recordings = engine == .kubernetes ? try run.recordingsFolder(of: plan) : ""
    return JobScript(run: run.path, shards: plan.shards, cores: cores, image: image, recordings: recordings).text(for: engine)
  }
}
