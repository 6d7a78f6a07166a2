import Foundation

/// What a late stage tells an early one, a fixed number of frames later.
///
/// The camera-motion stage leaves out the objects that the tracker knows. Taking the newest answer would make the result depend on how
/// the threads happen to run; taking the one of exactly `lag` frames ago, and waiting for it, keeps the stages overlapping and the
/// result the same for any number of threads.
///
/// It is `@unchecked Sendable` because every access to its state happens between `condition.lock()` and `condition.unlock()`.
final class LaggedFeedback<Value: Sendable>: @unchecked Sendable {
  /// The number of frames between the frame that a value belongs to and the one that reads it.
  let lag: Int
  private let condition = NSCondition()
  private var values: [Int: Value] = [:]
  private var isCancelled = false

  init(lag: Int) { self.lag = max(1, lag) }

  /// Leaves the value of a frame; `sequence` counts the frames that were processed.
  func publish(_ value: Value, sequence: Int) {
    condition.lock()
    values[sequence] = value
    condition.broadcast()
    condition.unlock()
  }

  /// The value of `lag` frames before `sequence`, waiting for it; nil in the first frames and after `cancel()`.
  func value(for sequence: Int) -> Value? {
    let wanted = sequence - lag
    guard wanted >= 0 else { return nil }
    condition.lock()
    defer { condition.unlock() }
    while values[wanted] == nil, !isCancelled { condition.wait() }
    return values.removeValue(forKey: wanted)
  }

  /// Wakes the reader; every later answer is what is there, or nil.
  func cancel() {
    condition.lock()
    isCancelled = true
    condition.broadcast()
    condition.unlock()
  }
}
