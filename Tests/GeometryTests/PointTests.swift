import Testing

@testable import Geometry

@Suite struct PointTests {
  @Test func crossProductIsPositiveClockwiseOnTheScreen() {
    #expect(Point(1, 0).cross(Point(0, 1)) == 1)
    #expect(Point(0, 1).cross(Point(1, 0)) == -1)
    #expect(Point(2, 3).cross(Point(4, 6)) == 0)
  }

  @Test func lengthAndAngleAreThePolarForm() {
    #expect(Point(3, -4).length == 5)
    #expect(Point(3, -4).squaredLength == 25)
    #expect(Point(0, 2).angle == .pi / 2)
    var noise = Noise()
    for _ in 0..<500 {
      let p = noise.point(20)
      #expect((Point(angle: p.angle) * p.length - p).length < 1e-14 * 20)
    }
  }

  @Test func arithmeticGoesByComponent() {
    let (a, b) = (Point(1, 2), Point(10, 20))
    #expect(a + b == Point(11, 22) && b - a == Point(9, 18) && -a == Point(-1, -2))
    #expect(a * 3 == Point(3, 6) && 3 * a == a * 3 && b / 10 == a)
    #expect(a.dot(b) == 50)
    var sum = a
    sum += b
    #expect(sum == Point(11, 22))
    #expect(!Point(.nan, 0).isFinite && !Point(0, .infinity).isFinite && a.isFinite)
  }
}
