import TestSupport
import Testing

@testable import Records

@Suite struct ArrayRowsTests {
  @Test(arguments: [0, 1, 2, 3, 100, 1001]) func reorderingInPlaceIsGatheringByTheOrder(count: Int) {
    var generator = TestRandom(seed: UInt64(count))
    let rows = (0..<count).map { _ in generator.next() }
    let order = rows.indices.map { Int32($0) }.shuffled(using: &generator)
    for order in [order, order.sorted(), order.sorted(by: >)] {
      var reordered = rows
      reordered.reorder(order)
      #expect(reordered == order.map { rows[Int($0)] })
    }
  }

  @Test func onlyMarkedRowsAreKept() {
    var rows = [5, 6, 7, 8, 9]
    rows.keep([false, true, true, false, true])
    #expect(rows == [6, 7, 9])
    rows.keep([false, false, false])
    #expect(rows.isEmpty)
  }

  @Test func aMissingColumnStaysMissing() {
    var column: [Int] = []
    column.reorder([2, 0, 1])
    column.keep([true, false, true])
    #expect(column.isEmpty)
  }
}
