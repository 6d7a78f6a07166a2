import Foundation
import Imaging
import Pipeline

/// Runs a tracking request with what belongs to a command: signals, progress, warnings and timings.
struct TrackRunner {
  let request: TrackRequest
  let isQuiet: Bool

  /// - Throws: The run's error after the stream was closed, or the exit code of an interruption.
  func run() throws {
    // The stages already share the cores among them; threads within one operation would only take them from each other.
    try OpenCVThreads.set(count: 1)
    let timings = StageTimings()
    let start = ContinuousClock.now
    let view = try request.outputs.isViewed ? LiveView(blurred: request.outputs.blurred) : nil
    try InterruptibleRun(isQuiet: isQuiet).run { cancellation, progress in
      try TrackingRun(request: request, cancellation: cancellation, timings: timings, watcher: view).run(progress: progress)
    } report: { result, cancellation in
      if let path = request.outputs.timings {
        try TimingsReport(timings: timings, frames: result.frames, cores: request.threads).write(
          to: path, overwrites: request.outputs.overwrites)
      }
      // Whoever closed the pipe has what they wanted and is not told more.
      if !isQuiet, cancellation.reason != .outputClosed { result.warnings.forEach(StandardError.warn) }
      if !isQuiet, isatty(STDERR_FILENO) == 1 {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        StandardError.say(RunSummary(result: result, outputs: request.outputs, seconds: seconds).line)
      }
    }
  }
}
