import Pipeline

/// Runs work with a progress line that a signal may end early; then the exit code is the signal's.
struct InterruptibleRun {
  let isQuiet: Bool

  /// - Parameter report: What is said or written once the work is done and the progress line is gone, also after a signal.
  func run<Result>(
    _ work: (Cancellation, (RunProgress) -> Void) throws -> Result, report: (Result, Cancellation) throws -> Void = { _, _ in }
  ) throws {
    let cancellation = Cancellation()
    SignalWatch.cancel(cancellation)
    let progress = TerminalProgress(isQuiet: isQuiet)
    let result: Result
    do {
      defer { progress.finish() }
      result = try work(cancellation, progress.show)
    }
    try report(result, cancellation)
    switch cancellation.reason {
    case .interrupted: throw ExitStatus.interrupted.exitCode
    case .hungUp: throw ExitStatus.hungUp.exitCode
    case .terminated: throw ExitStatus.terminated.exitCode
    case .outputClosed, nil: break
    }
  }
}
