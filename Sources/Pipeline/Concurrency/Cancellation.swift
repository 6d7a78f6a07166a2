import Synchronization

/// A request from outside (a signal, a closed pipe) to stop, that any thread may make and ask for.
public final class Cancellation: Sendable {
  /// Why the run was asked to stop.
  public enum Reason: Int, Sendable {
    /// Ctrl-C.
    case interrupted = 1
    /// A request of the system to end.
    case terminated = 2
    /// The reader of the output went away.
    case outputClosed = 3
    /// The terminal went away.
    case hungUp = 4
  }

  private let state = Atomic<Int>(0)
  private let heeded = Atomic<Bool>(false)
  private let over = Atomic<Bool>(false)
  private let actions = Mutex<[@Sendable () -> Void]>([])

  /// Nothing asked for.
  public init() {}

  /// The first reason given, nil while nobody asked.
  public var reason: Reason? { over.load(ordering: .acquiring) ? nil : Reason(rawValue: state.load(ordering: .acquiring)) }
  /// Whether anybody asked for an end; cheap enough for every frame.
  public var isRequested: Bool { state.load(ordering: .relaxed) != 0 }

  /// Whether a run has begun that answers a request with whole files; before that there is nothing to complete.
  public var isHeeded: Bool { heeded.load(ordering: .acquiring) }

  /// Tells that requests are answered from here on.
  public func heed() { heeded.store(true, ordering: .releasing) }

  /// Tells that the work is complete: whoever asks to stop now comes too late, and gets no other answer than anybody.
  public func complete() { over.store(true, ordering: .releasing) }

  /// Asks to stop; only the first reason counts.
  public func request(_ reason: Reason) {
    let (isFirst, _) = state.compareExchange(expected: 0, desired: reason.rawValue, ordering: .acquiringAndReleasing)
    guard isFirst else { return }
    for action in actions.withLock({ $0 }) { action() }
  }

  /// Registers what must happen at once when a stop is asked for, such as waking a reader that waits for the network.
  public func onRequest(_ action: @escaping @Sendable () -> Void) {
    actions.withLock { $0.append(action) }
    if isRequested { action() }
  }
}
