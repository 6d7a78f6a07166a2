import Synchronization
import Video

/// Says when a run is to note what it knows: at intervals of time, and once more when it is asked to stop.
///
/// The first stage asks it behind every item; the note then goes down the stages behind that item like one, so that each adds what it knows at
/// the same place of the recording, however the threads run. Where writing takes long the next note waits: a run spends no more than a tenth of its
/// time on them.
final class CheckpointClock: Sendable {
  private let interval: Duration
  private let cancellation: Cancellation
  private let state: Mutex<State>

  private struct State {
    var last = ContinuousClock.now
    /// From one note to the next.
    var wait: Duration
    /// Whether a note is on its way and not written yet.
    var isWriting = false
  }

  /// How many times as long as the last note took the next one waits.
  private static let rest = 9

  init(seconds: Double, cancellation: Cancellation) {
    interval = .seconds(seconds)
    state = Mutex(State(wait: .seconds(seconds)))
    self.cancellation = cancellation
  }

  /// Whether the run is asked to stop.
  var isStopping: Bool { cancellation.isRequested }

  /// Whether a note is due; then the interval begins anew.
  func isDue() -> Bool {
    if cancellation.isRequested { return true }
    return state.withLock { state in
      guard !state.isWriting, ContinuousClock.now - state.last >= state.wait else { return false }
      (state.last, state.isWriting) = (.now, true)
      return true
    }
  }

  /// Says that a note is written, and how long that took.
  func wrote(in duration: Duration) {
    state.withLock { state in
      state.wait = max(interval, duration * CheckpointClock.rest)
      (state.last, state.isWriting) = (.now, false)
    }
  }
}

/// What the stages knew behind one item, on its way through them.
struct StageMemories: Sendable {
  var source: SourcePosition
  var camera: CameraStage.Memory?
  /// As bytes, for what a detector knows is its own.
  var detection: [UInt8] = []
  /// Whether the run stops here.
  var isLast: Bool
}
