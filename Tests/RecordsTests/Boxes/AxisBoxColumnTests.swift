import Foundation
import Geometry
import TestSupport
import Testing

@testable import Records

@Suite struct AxisBoxColumnTests {
  /// A box between −500 and 1500 pixels with so many decimals, as a file gives it.
  private func box(decimals: Int, _ generator: inout TestRandom) -> AxisBox {
    let unit = pow(10, Double(decimals))
    func position() -> Double { (Double(generator.next() % UInt64(2000 * unit)) - 500 * unit) / unit }
    return AxisBox(left: position(), top: position(), width: position(), height: position())
  }

  @Test(arguments: 0...6) func positionsInWholeNumbersLoseNothing(decimals: Int) {
    var generator = TestRandom(seed: 4)
    let boxes = (0..<500).map { _ in box(decimals: decimals, &generator) }
    let column = AxisBoxColumn(boxes)
    let isWhole = column.exact.isEmpty
    #expect(isWhole && column.scale == pow(10, Double(decimals)))
    let isEqual = column.elementsEqual(boxes)
    #expect(isEqual)
  }

  @Test func laterBoxesWithMoreDecimalsLeaveTheEarlierAsTheyWere() {
    var generator = TestRandom(seed: 5)
    var boxes: [AxisBox] = []
    var column = AxisBoxColumn()
    for decimals in [0, 2, 1, 5, 3, 6] {
      for _ in 0..<50 {
        boxes.append(box(decimals: decimals, &generator))
        column.append(boxes[boxes.count - 1])
      }
      let isEqual = column.elementsEqual(boxes)
      #expect(isEqual)
    }
    let isWhole = column.exact.isEmpty
    #expect(isWhole)
  }

  @Test(
    arguments: [1.0 / 3, 1e300, 0.1 + 0.2, 3_000_000_000, 2_147_483.648, -.greatestFiniteMagnitude, .leastNonzeroMagnitude])
  func whatWholeNumbersCannotHoldIsKeptAsItIs(position: Double) {
    let odd = AxisBox(left: 1, top: position, width: 2, height: 3)
    var generator = TestRandom(seed: 6)
    let boxes = (0..<50).map { _ in box(decimals: 2, &generator) } + [odd] + (0..<50).map { _ in box(decimals: 2, &generator) }
    #expect(AxisBoxColumn(boxes).elementsEqual(boxes))
  }

  @Test func numbersThatWouldOverflowAFinerScaleAreKeptAsTheyAre() {
    let large = AxisBox(left: 2_000_000_000, top: -2_147_483_647, width: 1, height: 1)
    let fine = AxisBox(left: 0.25, top: 0, width: 1, height: 1)
    let column: AxisBoxColumn = [large, fine, large]
    #expect(Array(column) == [large, fine, large])
  }

  @Test(arguments: [2, 12]) func aRearrangedColumnIsTheRearrangedBoxes(decimals: Int) {
    var generator = TestRandom(seed: 7)
    var boxes = (0..<300).map { _ in box(decimals: decimals, &generator) }
    var column = AxisBoxColumn(boxes)
    let order = boxes.indices.map { Int32($0) }.shuffled(using: &generator)
    column.reorder(order)
    boxes = order.map { boxes[Int($0)] }
    #expect(column.elementsEqual(boxes))
    let isKept = boxes.map { _ in generator.next() % 3 > 0 }
    column.keep(isKept)
    #expect(column.elementsEqual(zip(boxes, isKept).filter(\.1).map(\.0)))
  }
}
