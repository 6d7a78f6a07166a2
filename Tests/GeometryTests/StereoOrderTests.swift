import Geometry
import Testing

@Suite struct StereoOrderTests {
  private func order(_ disparities: [(Double, Int)]) -> StereoOrder {
    var order = StereoOrder()
    for (disparity, count) in disparities { for _ in 0..<count { order.count(disparity: disparity) } }
    return order
  }

  @Test func aPairThatIsOneHasNoProblem() {
    #expect(order([(12, 90), (0.5, 40), (-3, 10)]).problem == nil)
    // Mostly sky, but some of it near.
    #expect(order([(0, 300), (5, 10)]).problem == nil)
  }

  @Test func mostPointsBehindTheCamerasIsASwap() {
    #expect(order([(-12, 60), (0.2, 100), (3, 30)]).problem?.contains("60 of 90 points") == true)
  }

  @Test func nothingNearerThanInfinityIsOnePictureTwice() {
    #expect(order([(0, 500), (1.5, 3)]).problem?.contains("given twice") == true)
    #expect(order([(0, 500), (-1.5, 3)]).problem?.contains("given twice") == true)
  }

  @Test func pointsBeyondTheSearchAreToldOf() {
    func order(largest: Double) -> StereoOrder {
      var order = StereoOrder()
      for disparity in 0..<100 { order.count(disparity: Double(disparity), largest: largest) }
      return order
    }
    #expect(order(largest: 40).nearer == 59)
    #expect(order(largest: 40).problem?.contains("59 of 99 points") == true)
    #expect(order(largest: 40).problem?.contains("--max-disparity") == true)
    // A few may be wrong matches.
    #expect(order(largest: 97).problem == nil)
    #expect(order(largest: .infinity).nearer == 0)
  }

  @Test func fewMatchesTellNothing() { #expect(order([(-12, 10), (0, 9)]).problem == nil) }
}
