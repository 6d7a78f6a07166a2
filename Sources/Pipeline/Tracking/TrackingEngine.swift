import Tracking

/// The tracker of a run, with a look ahead or without.
struct TrackingEngine {
  /// One of the two.
  private var online: Tracker?
  private var lookahead: LookaheadTracker?

  /// - Parameter seconds: How long a frame waits for what follows; nil: not at all.
  init(settings: TrackerSettings, lookahead seconds: Double?) {
    if let seconds {
      lookahead = LookaheadTracker(settings: settings, seconds: seconds)
    } else {
      online = Tracker(settings: settings)
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
