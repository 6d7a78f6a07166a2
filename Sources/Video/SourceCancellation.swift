/// Ends the opening or reading of sources from another thread. One cancellation may serve several sources.
public final class SourceCancellation: Sendable {
  let interrupt = Interrupt()

  /// A switch that is not thrown yet.
  public init() {}

  /// Ends every wait of the sources that were given this object, now and later. Safe on any thread, any number of times.
  public func cancel() { interrupt.cancel() }

  /// Whether it was thrown.
  public var isCancelled: Bool { interrupt.isCancelled }
}
