import Motion
import Tracking

/// The tracker of a run, with a look ahead or without.
struct TrackingEngine {
  /// One of the two.
  private var online: Tracker?
  private var lookahead: LookaheadTracker?

  /// - Parameters:
  ///   - law: How the objects move by themselves.
  ///   - seconds: How long a frame waits for what follows; nil: not at all.
  init(settings: TrackerSettings, law: MotionLaw, lookahead seconds: Double?) {
    if let seconds {
      lookahead = LookaheadTracker(settings: settings, seconds: seconds, law: law)
    } else {
      online = Tracker(settings: settings, law: law)
    }
  }

  mutating func update(_ input: TrackerInput) -> LookaheadOutput {
    if let output = lookahead?.update(input) { return output }
    return LookaheadOutput(present: online?.update(input) ?? TrackerOutput(), ordinal: input.ordinal)
  }

  mutating func finish() -> LookaheadOutput {
    if let output = lookahead?.finish() { return output }
    let output = online?.finish() ?? TrackerOutput()
    return LookaheadOutput(present: output, finished: [], endings: output.endings)
  }
}
