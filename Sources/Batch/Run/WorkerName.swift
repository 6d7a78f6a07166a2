import Foundation

/// Who makes an attempt at a unit: machine, job, attempt and process. No two attempts have one name.
public struct WorkerName: Sendable, Equatable {
  let host: String
  let job: String
  let attempt: String
  let process: Int32

  /// As part of a file's name, `HOST.JOB.ATTEMPT.PID`; the parts hold no point.
  var text: String { "\(host).\(job).\(attempt).\(process)" }

  /// This process, with what the engine that started it says of its job.
  public init(environment: [String: String]) {
    func first(of names: [String]) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
    host = WorkerName.plain(ProcessInfo.processInfo.hostName)
    job = WorkerName.plain(first(of: ["SLURM_JOB_ID", "AWS_BATCH_JOB_ID", "PBS_JOBID", "JOB_ID", "HOSTNAME"]) ?? "none")
    attempt = WorkerName.plain(first(of: ["SLURM_RESTART_COUNT", "AWS_BATCH_JOB_ATTEMPT"]) ?? "0")
    process = getpid()
  }

  /// From the name of a file behind `part.`; nil for a name of another form.
  init?(partName: String) {
    let parts = partName.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, let process = Int32(parts[3]) else { return nil }
    (host, job, attempt, self.process) = (String(parts[0]), String(parts[1]), String(parts[2]), process)
  }

  /// Whether a process of its number runs on this machine; that of another user counts.
  var isRunning: Bool { kill(process, 0) == 0 || errno == EPERM }

  private static let longest = 40

  private static func plain(_ text: String) -> String {
    let characters = text.unicodeScalars.map { scalar in
      scalar.isASCII && (CharacterSet.alphanumerics.contains(scalar) || scalar == "-") ? Character(scalar) : "_"
    }
    return characters.isEmpty ? "none" : String(characters.prefix(longest))
  }
}

/// The number of the shard that an engine gives to this process in the environment.
public enum ShardNumber {
  /// The variables of Slurm, Kubernetes, AWS Batch, PBS and Grid Engine; the last counts from 1, shards from 0.
  private static let variables: [(name: String, first: Int)] = [
    ("SLURM_ARRAY_TASK_ID", 0), ("JOB_COMPLETION_INDEX", 0), ("AWS_BATCH_JOB_ARRAY_INDEX", 0), ("PBS_ARRAY_INDEX", 0),
    ("SGE_TASK_ID", 1),
  ]

  /// - Returns: nil where no engine gives one.
  /// - Throws: `BatchError.usage` for a variable that holds no number.
  public static func given(in environment: [String: String]) throws(BatchError) -> Int? {
    for (name, first) in variables {
      guard let text = environment[name], !text.isEmpty, text != "undefined" else { continue }
      guard let number = Int(text), number >= first else { throw .usage("\(name) is \(text), which is no number of a shard") }
      return number - first
    }
    return nil
  }
}
