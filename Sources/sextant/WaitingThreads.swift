import Foundation

/// How the threads of networks' kernels wait for their next piece of work.
///
/// Left alone, OpenMP's threads spin for milliseconds behind every step of a network. Wherever something else wants the processor (the
/// program's own decoder, another program) they take it from those who work: YOLOv8n with two threads took 1,050 ms a run on two busy cores,
/// 167 ms with threads that sleep (Benchmarks/README.md, "Networks").
enum WaitingThreads {
  /// The words of a command line with which a network will run.
  static func areExpected(_ arguments: [String]) -> Bool {
    (arguments.first == "train" && arguments.dropFirst().first != "motion")
      || arguments.contains { $0.hasSuffix(".onnx") || $0.hasSuffix(".onnx.gz") }
  }

  /// Starts the program once more, under the same process number, with threads that sleep while they wait, unless the environment says how
  /// they wait. OpenMP reads its environment when it is loaded, before the first line of this program runs: it cannot be told later.
  static func sleep(for arguments: [String]) {
    guard areExpected(arguments), getenv("OMP_WAIT_POLICY") == nil, getenv("GOMP_SPINCOUNT") == nil else { return }
    setenv("OMP_WAIT_POLICY", "passive", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Where the system does not allow it they spin, and nothing else is different.
  }
}
