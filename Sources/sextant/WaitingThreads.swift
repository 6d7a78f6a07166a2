import Foundation
import Pipeline

/// How the threads of networks' kernels wait for their next piece of work.
///
/// Left alone, OpenMP's threads spin for milliseconds behind every step of a network. Wherever something else wants the processor (the
/// program's own decoder, another program) they take it from those who work; where nothing else does, waking threads that sleep costs as much
/// as the steps of a small network (figures: Benchmarks/README.md, "Networks").
struct WaitingThreads {
  /// The words of the command line.
  let arguments: [String]
  /// How many threads of others run or want to, some times in a row. Whoever started this program still runs for a moment, so that the least of
  /// them tells.
  let others: [Int]
  let processors: Int

  /// Turns of a waiting thread before it sleeps, on a machine with nothing else to do: longer than what lies between the steps of a network,
  /// and short enough that a program that comes later loses little.
  static let turns = 10_000

  /// Whether a network will run.
  var areExpected: Bool {
    switch arguments.first {
    case "detect", "segment": return true
    case "train": return arguments.dropFirst().first != "motion"
    default: break
    }
    // A detector may be called by its name, on the command line or in a file of settings.
    return arguments.contains { word in
      word.hasSuffix(".onnx") || word.hasSuffix(".onnx.gz") || word == "--config" || word.hasPrefix("--config=")
        || word.hasPrefix("--detector=")
    } || arguments.firstIndex(of: "--detector").map { arguments.dropFirst($0 + 1).first != "motion" } ?? false
  }

  /// Whether there is a processor for each thread of the kernels that nobody else wants, the program's own threads included: `network`
  /// neither decodes nor tracks.
  var haveTheirOwn: Bool {
    guard arguments.first == "network" else { return false }
    guard let running = others.min() else { return false }
    // `--threads 2` or `--threads=2`.
    let parts = arguments.flatMap { $0.hasPrefix("--threads=") ? $0.split(separator: "=").map(String.init) : [$0] }
    let place = parts.firstIndex(of: "--threads").map { $0 + 1 }
    let threads = place.flatMap { $0 < parts.count ? Int(parts[$0]) : nil } ?? 1
    return threads <= processors && running <= processors - threads
  }

  /// Threads of others that run or want to: the fourth word of `/proc/loadavg` begins with the number of all, and of this program's own, which
  /// libraries start, some spin for a while.
  private static func running() -> Int? {
    let words = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ") ?? []
    guard words.count > 3, let all = Int(words[3].prefix { $0 != "/" }) else { return nil }
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    let own = tasks.count { task in
      // The state stands behind the name, which stands in brackets.
      let text = (try? String(contentsOfFile: "/proc/self/task/\(task)/stat", encoding: .utf8)) ?? ""
      return text.split(separator: ")").last?.hasPrefix(" R") ?? false
    }
    return max(0, all - own)
  }

  /// What to tell OpenMP.
  var variable: (name: String, value: String) {
    haveTheirOwn ? ("GOMP_SPINCOUNT", "\(WaitingThreads.turns)") : ("OMP_WAIT_POLICY", "passive")
  }

  /// Starts the program once more, under the same process number, with threads that wait as they should, unless the environment says how
  /// they wait. OpenMP reads its environment when it is loaded, before the first line of this program runs: it cannot be told later.
  static func settle(for arguments: [String]) {
    guard getenv("OMP_WAIT_POLICY") == nil, getenv("GOMP_SPINCOUNT") == nil else { return }
    let processors = ProcessInfo.processInfo.activeProcessorCount
    var threads = WaitingThreads(arguments: arguments, others: [], processors: processors)
    guard threads.areExpected else { return }
    if arguments.first == "network" {
      threads = WaitingThreads(arguments: arguments, others: WaitingThreads.sampled(), processors: processors)
    }
    setenv(threads.variable.name, threads.variable.value, 1)
    // By its path, so that it keeps its name in lists of processes; by the link where the file was moved away meanwhile.
    if let path = ProgramFile.path { execv(path, CommandLine.unsafeArgv) }
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Where the system does not allow it they spin, and nothing else is different.
  }

  /// What others run for a hundredth of a second.
  private static func sampled() -> [Int] {
    (0..<10).compactMap { _ in
      usleep(1_000)
      return running()
    }
  }
}
