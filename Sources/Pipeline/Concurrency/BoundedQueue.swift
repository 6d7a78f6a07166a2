import Foundation

/// A first-in, first-out queue of limited length between two threads.
///
/// A full queue makes the writer wait, or gives up its oldest droppable element; an empty one makes the reader wait. Closing it lets the
/// reader drain what is left; cancelling it wakes both sides at once.
///
/// It is `@unchecked Sendable` because every access to its state happens between `condition.lock()` and `condition.unlock()`.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let capacity: Int
  private var elements: [Element] = []
  private var isClosed = false
  private var isCancelled = false

  /// - Parameter capacity: The number of elements that it holds at most, at least 1.
  init(capacity: Int) {
    self.capacity = max(1, capacity)
    elements.reserveCapacity(self.capacity + 1)
  }

  /// Appends an element, waiting while the queue is full.
  ///
  /// - Returns: Whether the element was taken: false after `cancel()` or `close()`.
  @discardableResult
  func push(_ element: Element) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while elements.count >= capacity, !isClosed, !isCancelled { condition.wait() }
    return append(element)
  }

  /// Appends an element without waiting for a place: while the queue is full its oldest droppable elements go.
  ///
  /// Waits only where nothing in a full queue may be dropped.
  ///
  /// - Parameters:
  ///   - isDroppable: Whether an element may go.
  ///   - absorb: Told of each element that goes, with the one that follows it, which may keep count.
  func pushDroppingOldest(
    _ element: Element, isDroppable: (Element) -> Bool, absorb: (_ next: inout Element, _ dropped: Element) -> Void
  ) {
    condition.lock()
    defer { condition.unlock() }
    var element = element
    while elements.count >= capacity, !isClosed, !isCancelled {
      guard let index = elements.firstIndex(where: isDroppable) else {
        condition.wait()
        continue
      }
      let dropped = elements.remove(at: index)
      if index < elements.count { absorb(&elements[index], dropped) } else { absorb(&element, dropped) }
    }
    append(element)
  }

  /// The oldest element, waiting while there is none; nil once the queue is closed and empty, or cancelled.
  func pop() -> Element? {
    condition.lock()
    defer { condition.unlock() }
    while elements.isEmpty, !isClosed, !isCancelled { condition.wait() }
    guard !elements.isEmpty, !isCancelled else { return nil }
    let element = elements.removeFirst()
    condition.broadcast()
    return element
  }

  /// No further element will come; what is in the queue can still be read.
  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }

  /// Wakes both sides and throws away what is in the queue.
  func cancel() {
    condition.lock()
    isCancelled = true
    elements.removeAll()
    condition.broadcast()
    condition.unlock()
  }

  /// Must be called with the lock held.
  @discardableResult
  private func append(_ element: Element) -> Bool {
    guard !isClosed, !isCancelled else { return false }
    elements.append(element)
    condition.broadcast()
    return true
  }
}
