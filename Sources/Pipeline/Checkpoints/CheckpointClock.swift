import Synchronization
import Video

/// Says when a run is to note what it knows: at intervals of time, and once more when it is asked to stop.
///
/// The first stage asks it behind every item; the note then goes down the stages behind that item like one, so that each adds what it knows at
/// the same place of the recording, however the threads run.
final class CheckpointClock: Sendable {
  private let interval: Duration
  private let cancellation: Cancellation
  private let last = Mutex(ContinuousClock.now)

  init(seconds: Double, cancellation: Cancellation) {
    interval = .seconds(seconds)
    self.cancellation = cancellation
  }

  /// Whether the run is asked to stop.
  var isStopping: Bool { cancellation.isRequested }

  /// Whether a note is due; then the interval begins anew.
  func isDue() -> Bool {
    if cancellation.isRequested { return true }
    return last.withLock { last in
      guard ContinuousClock.now - last >= interval else { return false }
      last = .now
      return true
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
