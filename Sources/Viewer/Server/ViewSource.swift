import Foundation
import Records
import Synchronization

/// The stream behind a served page: read in the background piece by piece, and on as its file grows.
public final class ViewSource: Sendable {
  /// What a page is given.
  struct State: Sendable {
    var bytes: Data
    var version: Int
    /// Whether there is more of the stream than this holds so far.
    var isReading: Bool
    /// Whether nothing will follow.
    var isComplete: Bool
  }

  private struct Shared {
    var state: State?
    var isStopped = false
  }

  let files: ViewFiles
  private let shared = Mutex(Shared())

  /// - Parameter files: Nothing of them is read before `run`.
  public init(_ files: ViewFiles) { self.files = files }

  /// What is there by now; nil before the first part.
  var state: State? { shared.withLock { $0.state } }

  /// How long who waits for the first part sleeps between two looks, nanoseconds.
  private static let pause: UInt64 = 5_000_000

  /// The first part as soon as it is there, or what is there by now; nil where a time has passed before, seconds.
  func state(within limit: Double) async throws -> State? {
    let end = Date() + limit
    while state == nil, Date() < end { try await Task.sleep(nanoseconds: ViewSource.pause) }
    return state
  }

  /// Reads on a thread of its own until the stream has its end or the task is cancelled.
  ///
  /// - Throws: The errors of `ViewFiles.load`.
  func run() async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        Thread.detachNewThread { continuation.resume(with: Result { try self.read() }) }
      }
    } onCancel: {
      shared.withLock { $0.isStopped = true }
    }
  }

  private func read() throws {
    try files.follow {
      !self.shared.withLock { $0.isStopped }
    } _: { data, isComplete in
      var data = data
      data.version = (self.state?.version ?? 0) + 1
      let state = State(bytes: Data(data.bytes), version: data.version, isReading: data.isReading, isComplete: isComplete)
      self.shared.withLock { $0.state = state }
    }
  }
}
