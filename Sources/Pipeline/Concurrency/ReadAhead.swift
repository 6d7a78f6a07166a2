import Foundation
import Synchronization

/// What a reader gives, read on a thread of its own a few elements before they are asked for.
///
/// The elements and their order are those of the reader. Whoever leaves before the end calls `cancel`.
public final class ReadAhead<Element: Sendable>: Sendable {
  private let queue: BoundedQueue<Element>
  private let failure = Mutex<(any Error)?>(nil)

  /// - Parameters:
  ///   - capacity: The most elements that wait.
  ///   - read: The next element; nil at the end. Called on one thread, by turns.
  public init(capacity: Int, read: @escaping @Sendable () throws -> Element?) {
    queue = BoundedQueue(capacity: capacity)
    Thread { [self] in
      do {
        while let element = try read() {
          guard queue.push(element) else { break }
        }
      } catch {
        failure.withLock { $0 = error }
      }
      queue.close()
    }.start()
  }

  /// The next element; nil at the end and after `cancel`.
  ///
  /// - Throws: What the reader threw, after the elements that it gave before.
  public func next() throws -> Element? {
    if let element = queue.pop() { return element }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return nil
  }

  /// Ends the reading; elements that wait are lost.
  public func cancel() { queue.cancel() }
}
