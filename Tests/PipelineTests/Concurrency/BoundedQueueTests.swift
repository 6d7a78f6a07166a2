import Foundation
import Synchronization
import Testing

@testable import Pipeline

@Suite struct BoundedQueueTests {
  @Test func keepsTheOrderAndDrainsAfterClosing() {
    let queue = BoundedQueue<Int>(capacity: 4)
    for value in 0..<3 { #expect(queue.push(value)) }
    queue.close()
    #expect(!queue.push(9))
    #expect([queue.pop(), queue.pop(), queue.pop(), queue.pop()] == [0, 1, 2, nil])
  }

  @Test func aSlowReaderMakesTheWriterWaitAndNothingIsLost() {
    let queue = BoundedQueue<Int>(capacity: 2)
    let received = Mutex<[Int]>([])
    let done = DispatchGroup()
    DispatchQueue.global().async(group: done) {
      while let value = queue.pop() { received.withLock { $0.append(value) } }
    }
    for value in 0..<10_000 { queue.push(value) }
    queue.close()
    done.wait()
    #expect(received.withLock { $0 } == Array(0..<10_000))
  }

  @Test func dropsTheOldestDroppableElementsAndTheirFollowersKnow() {
    let queue = BoundedQueue<[Int]>(capacity: 3)
    for value in [1, 2, 3] { queue.push([value]) }
    for value in [4, 5] { queue.pushDroppingOldest([value], isDroppable: { $0[0] != 1 }) { $0 += $1 } }
    queue.close()
    #expect([queue.pop(), queue.pop(), queue.pop(), queue.pop()] == [[1], [4, 3, 2], [5], nil])
  }

  @Test func aQueueOfOneKeepsTheNewest() {
    let queue = BoundedQueue<[Int]>(capacity: 1)
    for value in 0..<5 { queue.pushDroppingOldest([value], isDroppable: { _ in true }) { $0 += $1 } }
    #expect(queue.pop() == [4, 3, 2, 1, 0])
  }

  @Test func cancellingWakesAWaitingWriterAndReader() {
    let full = BoundedQueue<Int>(capacity: 1)
    let empty = BoundedQueue<Int>(capacity: 1)
    full.push(1)
    let done = DispatchGroup()
    DispatchQueue.global().async(group: done) { #expect(!full.push(2)) }
    DispatchQueue.global().async(group: done) { #expect(empty.pop() == nil) }
    full.cancel()
    empty.cancel()
    done.wait()
    #expect(full.pop() == nil)
  }
}
