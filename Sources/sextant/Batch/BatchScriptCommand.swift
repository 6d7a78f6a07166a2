import ArgumentParser
import Batch
import Records

/// `sextant batch script`: a ready job for an engine.
struct BatchScriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "script",
    abstract: "Print a job for Slurm, Kubernetes or Snakemake that does a run's shards; nothing is submitted.",
    discussion: """
      examples:
        sextant batch script slurm run > job.sh && sbatch job.sh
        sextant batch script kubernetes run --image registry.local/sextant | kubectl apply -f -
        sextant batch script snakemake run > Snakefile && snakemake --cores 8
      """)

  @Argument(help: ArgumentHelp("The engine.", valueName: "slurm|kubernetes|snakemake"))
  var engine: JobScript.Engine

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(help: ArgumentHelp("Processors of a task.", valueName: "number"))
  var cores = 2

  @Option(help: ArgumentHelp("The image that holds the program, for Kubernetes.", valueName: "name"))
  var image = "sextant"

  func run() throws {
    try ExitStatus.reporting {
      let run = RunFolder(path: BatchPlanCommand.absolute(folder))
      let script = JobScript(
        run: run.path, shards: try run.plan().shards, cores: try OptionCheck.value(cores, of: "--cores", in: 1...1024, unit: ""),
        image: image)
      let screen = try OutputSink(path: "-", policy: .live, overwrite: true)
      try screen.write(script.text(for: engine))
      try screen.close()
    }
  }
}

extension JobScript.Engine: ExpressibleByArgument {}
