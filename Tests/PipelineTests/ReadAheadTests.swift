import Synchronization
import Testing

@testable import Pipeline

@Suite struct ReadAheadTests {
  private struct Failure: Error, Equatable {}

  /// A reader that counts from 0.
  private func counter(to end: Int, failsAtEnd: Bool = false, reads: @escaping @Sendable (Int) -> Void = { _ in })
    -> @Sendable () throws -> Int?
  {
    let state = Counter()
    return {
      let value = state.next()
      reads(value)
      guard value < end else {
        if failsAtEnd { throw Failure() }
        return nil
      }
      return value
    }
  }

  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
  }

  @Test(arguments: [1, 3, 100]) func elementsKeepTheirOrder(capacity: Int) throws {
    let ahead = ReadAhead(capacity: capacity, read: counter(to: 50))
    var found: [Int] = []
    while let value = try ahead.next() { found.append(value) }
    #expect(found == Array(0..<50))
    #expect(try ahead.next() == nil)
  }

  @Test func aFailureComesAfterWhatWasReadBefore() throws {
    let ahead = ReadAhead(capacity: 2, read: counter(to: 3, failsAtEnd: true))
    for expected in 0..<3 { #expect(try ahead.next() == expected) }
    #expect(throws: Failure.self) { try ahead.next() }
  }

  @Test func noMoreIsReadThanMayWait() throws {
    let most = Counter()
    let ahead = ReadAhead(capacity: 2, read: counter(to: 1000) { _ in _ = most.next() })
    #expect(try ahead.next() == 0)
    // One was taken, two wait, one is held by the thread that waits for room.
    #expect(most.next() <= 4)
    ahead.cancel()
    #expect(try ahead.next() == nil)
  }
}
