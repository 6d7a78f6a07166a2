import ArgumentParser

/// `sextant batch`: many recordings, on one machine or on many.
struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Track many recordings, on this machine or as a job array on many.",
    discussion: """
      A plan divides recordings into shards; an engine that counts (Slurm, Kubernetes, AWS Batch, Snakemake, or none) starts 'batch run' for \
      each. What is done has a receipt and is never done twice; what was killed is done by the next run. docs/scale.md tells the rest.

      examples:
        sextant batch plan footage/ --out run -- --smooth
        sextant batch run run --jobs 2
        sextant batch status run
        sextant batch gather run -o tables
        sextant batch script slurm run > job.sh
      """,
    subcommands: [
      BatchPlanCommand.self, BatchRunCommand.self, BatchStatusCommand.self, BatchGatherCommand.self, BatchScriptCommand.self,
    ])
}
