import Geometry
import Testing

@testable import Synthesis

@Suite struct OutlineCountTests {
  @Test func countsAsAnIntersectionTestOfEveryPixelDoes() {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<50 {
      let boxes = (0..<3).map { _ in
        OrientedBox(
          center: Point(generator.uniform(-10, 50), generator.uniform(-10, 40)), width: generator.uniform(1, 30),
          height: generator.uniform(1, 20), angle: generator.uniform(-3, 3))
      }
      let count = OutlineCount(boxes.map(\.corners), width: 40, height: 30)
      var (total, inside) = (0, 0)
      for y in -60..<90 {
        for x in -60..<100 {
          let p = Point(Double(x) + 0.5, Double(y) + 0.5)
          let isCovered = boxes.contains { box in
            let q = Matrix2(rotation: -box.angle) * (p - box.center)
            return abs(q.x) < box.width / 2 && abs(q.y) < box.height / 2
          }
          guard isCovered else { continue }
          total += 1
          if (0..<40).contains(x), (0..<30).contains(y) { inside += 1 }
        }
      }
      #expect(count.total == total)
      #expect(count.inside == inside)
    }
  }
}
