import Foundation
import Records
import Synchronization

/// Something that takes long to make and that a page gets while it is open: made once, on a thread of its own, when it is first asked for.
public final class PagePart<Made: Sendable>: Sendable {
  enum State: Sendable {
    case idle
    /// The share that is done, in [0, 1].
    case making(Double)
    case ready(Made)
    /// Why it cannot be made, a sentence.
    case failed(String)
  }

  /// What the thread's priority is lowered by: the page is looked at meanwhile.
  private static var niceness: Int32 { 10 }

  private let held = Mutex(State.idle)
  private let make: @Sendable (_ progress: (Double) -> Void) throws -> Made

  /// - Parameter make: Does the work, and is to say how far it is as a share in [0, 1].
  public init(_ make: @escaping @Sendable (_ progress: (Double) -> Void) throws -> Made) { self.make = make }

  var state: State { held.withLock { $0 } }

  /// What was made; nil before.
  var made: Made? { if case .ready(let made) = state { made } else { nil } }

  /// Begins the work, where it has not begun.
  public func start() {
    let isFirst = held.withLock { state in
      guard case .idle = state else { return false }
      state = .making(0)
      return true
    }
    guard isFirst else { return }
    Thread.detachNewThread {
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, PagePart.niceness)
      self.work()
    }
  }

  private func work() {
    do {
      let made = try make { share in self.held.withLock { $0 = .making(share) } }
      held.withLock { $0 = .ready(made) }
    } catch {
      held.withLock { $0 = .failed("\(error)") }
    }
  }

  /// What a page is told.
  ///
  /// - Parameter facts: Of what was made.
  func json(_ facts: (Made) -> [(String, JSONValue)] = { _ in [] }) -> JSONValue {
    switch state {
    case .idle: .object([("state", .text("idle"))])
    case .making(let share): .object([("state", .text("making")), ("share", .real(min(1, max(0, share))))])
    case .ready(let made): .object([("state", .text("ready"))] + facts(made))
    case .failed(let reason): .object([("state", .text("failed")), ("reason", .text(reason))])
    }
  }
}
