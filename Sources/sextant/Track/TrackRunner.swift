import Foundation
import Imaging
import Pipeline

/// Runs a tracking request with what belongs to a command: signals, progress, warnings and timings.
struct TrackRunner {
  let request: TrackRequest
  var timingsPath: String?
  let isQuiet: Bool

  /// - Throws: The run's error after the stream was closed, or the exit code of an interruption.
  func run() throws {
    // The stages already share the cores among them; threads within one operation would only take them from each other.
    try OpenCVThreads.set(count: 1)
    let cancellation = Cancellation()
    let signals = SignalWatch(cancelling: cancellation)
    defer { withExtendedLifetime(signals) {} }
    let progress = TerminalProgress(isQuiet: isQuiet)
    let timings = StageTimings()
    let run = TrackingRun(request: request, cancellation: cancellation, timings: timings)
    let result: TrackingResult
    do {
      result = try run.run(progress: progress.show)
      progress.finish()
    } catch {
      progress.finish()
      throw error
    }
    if let timingsPath {
      try TimingsReport(timings: timings, frames: result.frames, cores: request.threads).write(to: timingsPath)
    }
    // Whoever closed the pipe has what they wanted and is not told more.
    if !isQuiet, cancellation.reason != .outputClosed { result.warnings.forEach(StandardError.warn) }
    switch cancellation.reason {
    case .interrupted: throw ExitStatus.interrupted.exitCode
    case .terminated: throw ExitStatus.terminated.exitCode
    case .outputClosed, nil: break
    }
  }
}
