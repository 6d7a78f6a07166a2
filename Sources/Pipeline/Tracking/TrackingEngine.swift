import Motion
import Tracking

/// The tracker of a run, with a look ahead or without, or that of a target.
struct TrackingEngine {
  /// One of the three.
  private var online: Tracker?
  private var target: TargetTracker?
  private var lookahead: LookaheadTracker?

  /// - Parameters:
  ///   - law: How the objects move by themselves.
  ///   - seconds: How long a frame waits for what follows; nil: not at all.
  ///   - isTarget: Whether every detection is of the one target that is followed.
  init(settings: TrackerSettings, law: MotionLaw, lookahead seconds: Double?, isTarget: Bool = false) {
    if isTarget {
      target = TargetTracker(settings: settings, law: law)
    } else if let seconds {
      lookahead = LookaheadTracker(settings: settings, seconds: seconds, law: law)
    } else {
      online = Tracker(settings: settings, law: law)
    }
  }

  /// What it knows of the stream so far; a target's tracker has none, for such runs make no checkpoints.
  struct Memory: Codable {
    var online: Tracker.Memory?
    var lookahead: LookaheadTracker.Memory?

    var isSound: Bool { (online?.isSound ?? true) && (lookahead?.isSound ?? true) }
  }

  /// What it knows of the stream so far; set to another one's, of the same settings, it goes on as that one would.
  var memory: Memory {
    get { Memory(online: online?.memory, lookahead: lookahead?.memory) }
    set {
      if let known = newValue.online { online?.memory = known }
      if let known = newValue.lookahead { lookahead?.memory = known }
    }
  }

  mutating func update(_ input: TrackerInput) -> LookaheadOutput {
    if let output = lookahead?.update(input) { return output }
    return LookaheadOutput(present: online?.update(input) ?? target?.update(input) ?? TrackerOutput(), ordinal: input.ordinal)
  }

  mutating func finish() -> LookaheadOutput {
    if let output = lookahead?.finish() { return output }
    let output = online?.finish() ?? target?.finish() ?? TrackerOutput()
    return LookaheadOutput(present: output, finished: [], endings: output.endings)
  }
}
