import Testing

@testable import Geometry

@Suite struct PointTests {
  @Test func crossProductIsPositiveClockwiseOnTheScreen() {
    #expect(Point(1, 0).cross(Point(0, 1)) == 1)
  }
}
