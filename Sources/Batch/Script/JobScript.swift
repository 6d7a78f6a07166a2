import Foundation
import Records

/// A ready job for an engine that runs the shards of a plan. It is printed, never submitted.
public struct JobScript: Sendable {
  /// The engines.
  public enum Engine: String, Sendable, CaseIterable {
    case slurm, kubernetes, snakemake
  }

  /// The run's folder, as the machines see it.
  public let run: String
  /// The number of shards.
  public let shards: Int
  /// Processors of one task.
  public let cores: Int
  /// The image with the program, for Kubernetes.
  public let image: String
  /// The folder that holds all recordings, as the machines see it, for Kubernetes.
  public let recordings: String

  /// Tasks of Kubernetes at a time; its scheduler is no queue.
  private static let mostAtATime = 100

  /// A job by its parts.
  public init(run: String, shards: Int, cores: Int, image: String, recordings: String) {
    (self.run, self.shards, self.cores, self.image, self.recordings) = (run, shards, cores, image, recordings)
  }

  /// The text of the job.
  public func text(for engine: Engine) -> String {
    switch engine {
    case .slurm: slurm
    case .kubernetes: kubernetes
    case .snakemake: snakemake
    }
  }

  /// 120 seconds before its time is over a task is told, notes how far it has come, and is put into the queue again. Without the B only
  /// job steps are told, and a script that becomes the program has none.
  private var slurm: String {
    """
    #!/bin/sh
    #SBATCH --job-name=sextant
    #SBATCH --array=0-\(max(0, shards - 1))
    #SBATCH --cpus-per-task=\(cores)
    #SBATCH --requeue
    #SBATCH --signal=B:TERM@120
    #SBATCH --open-mode=append
    #SBATCH --output=\(JobScript.word(run.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")))/slurm-%a.log
    # Only what is missing: sbatch --array="$(sextant batch status --missing RUN)" THIS
    exec sextant batch run \(JobScript.word(run)) --checkpoint 15min

    """
  }

  /// Mistakes and defects, which no other try mends, end the job; what passes by, such as a full node, is tried again.
  private var kubernetes: String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: sextant
    spec:
      completionMode: Indexed
      completions: \(max(1, shards))
      parallelism: \(min(max(1, shards), JobScript.mostAtATime))
      backoffLimitPerIndex: 5
      podFailurePolicy:
        rules:
          - action: Ignore
            onPodConditions:
              - type: DisruptionTarget
          - action: FailJob
            onExitCodes:
              containerName: sextant
              operator: In
              values: [64, 70]
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 120
          containers:
            - name: sextant
              image: \(JobScript.text(image))
              command: ["sextant", "batch", "run", \(JobScript.text(run)), "--checkpoint", "15min"]
              resources:
                requests: {cpu: "\(cores)", memory: 2Gi}
                limits: {memory: 4Gi}
              volumeMounts:
                - {name: data, mountPath: \(JobScript.text(parent))}\(isBeside ? recordingsMount : "")
          volumes:
            - name: data
              persistentVolumeClaim: {claimName: data}\(isBeside ? recordingsVolume : "")

    """
  }

  private var snakemake: String {
    """
    # snakemake --cores N
    import json

    RUN = \(JobScript.text(run))
    SHARDS = json.load(open(RUN + "/plan.json"))["shards"]

    rule all:
        input: expand(RUN + "/units/done/{shard}", shard=range(SHARDS))

    # A new plan asks every shard again; what is done of it is passed over.
    rule shard:
        input: RUN + "/plan.json"
        output: touch(RUN + "/units/done/{shard}")
        params: run=RUN
        threads: \(cores)
        retries: 3
        shell: "sextant batch run {params.run:q} --shard {wildcards.shard}"

    """
  }

  /// Whether the recordings lie outside the folder that is mounted for the run.
  private var isBeside: Bool { recordings != parent && !recordings.hasPrefix(parent == "/" ? "/" : parent + "/") }

  private var recordingsMount: String {
    "\n            - {name: recordings, mountPath: \(JobScript.text(recordings)), readOnly: true}"
  }

  private var recordingsVolume: String {
    "\n        - name: recordings\n          persistentVolumeClaim: {claimName: recordings, readOnly: true}"
  }

  /// The folder that holds the run's, which is mounted under the name that it has on other machines.
  private var parent: String {
    guard let slash = run.lastIndex(of: "/"), slash != run.startIndex else { return run }
    return String(run[..<slash])
  }

  private static let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-%+=:,@")

  /// A text as one word of a shell.
  static func word(_ text: String) -> String {
    if !text.isEmpty, text.unicodeScalars.allSatisfy(plain.contains) { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// A text in quotes, as JSON, YAML and Python all read it.
  private static func text(_ text: String) -> String { JSONValue.text(text).json }
}
