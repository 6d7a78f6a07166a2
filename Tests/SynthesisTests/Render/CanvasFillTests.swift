import Geometry
import Testing

@testable import Synthesis

@Suite struct CanvasFillTests {
  private func paint(_ depth: Float, id: UInt16 = 1) -> Paint {
    Paint(color: SIMD4(1, 1, 1, 0), planes: [DepthPlane(0, 0, depth, 0)], id: id)
  }

  @Test func coversItsArea() {
    let shapes: [[Point]] = [
      OrientedBox(center: Point(20, 15), width: 17.3, height: 8.25, angle: 0).corners,
      OrientedBox(center: Point(20.3, 15.8), width: 17, height: 9, angle: 0.6).corners,
      [Point(5, 5), Point(30, 9), Point(12, 27)], [Point(10, 10), Point(10.4, 10), Point(10.4, 28), Point(10, 28)],
    ]
    for shape in shapes {
      var canvas = Canvas(width: 40, height: 30)
      canvas.fill(shape, with: paint(1))
      let covered = canvas.colors.reduce(0) { $0 + Double($1.x) }
      #expect(abs(covered - abs(ConvexPolygon.area(shape))) < 0.01 * covered + 0.05)
    }
  }

  @Test func marksThePixelsWhoseCentresAreInside() {
    let box = OrientedBox(center: Point(20.2, 14.7), width: 19, height: 11, angle: -0.4)
    var canvas = Canvas(width: 40, height: 30)
    canvas.fill(box.corners, with: paint(1, id: 7))
    for y in 0..<30 {
      for x in 0..<40 {
        let offset = Matrix2(rotation: -box.angle) * (Point(Double(x) + 0.5, Double(y) + 0.5) - box.center)
        let isInside = abs(offset.x) < box.width / 2 && abs(offset.y) < box.height / 2
        #expect((canvas.ids[y * 40 + x] == 7) == isInside)
      }
    }
  }

  @Test func theNearerOneHidesWhateverTheOrder() {
    let near = OrientedBox(center: Point(15, 15), width: 10, height: 10, angle: 0.2).corners
    let far = OrientedBox(center: Point(18, 15), width: 12, height: 8, angle: -0.1).corners
    var a = Canvas(width: 40, height: 30)
    a.fill(near, with: paint(2, id: 1))
    a.fill(far, with: paint(1, id: 2))
    var b = Canvas(width: 40, height: 30)
    b.fill(far, with: paint(1, id: 2))
    b.fill(near, with: paint(2, id: 1))
    #expect(a.ids == b.ids)
    #expect(a.inverseDepths == b.inverseDepths)
  }

  @Test func shapesMayReachFarOutOfThePicture() {
    var canvas = Canvas(width: 40, height: 30)
    canvas.fill([Point(-1e9, -1e9), Point(1e9, -1e9), Point(1e9, 1e9), Point(-1e9, 1e9)], with: paint(1))
    #expect(canvas.ids.allSatisfy { $0 == 1 })
    canvas.fill([Point(1e12, 5), Point(2e12, 5), Point(1e12, 9)], with: paint(3, id: 9))
    #expect(!canvas.ids.contains(9))
  }

  @Test func theHullOfAGridIsItsCorners() {
    let grid = (0..<25).map { Point(Double($0 % 5), Double($0 / 5)) }
    let hull = ConvexPolygon.hull(grid)
    #expect(hull.count == 4)
    #expect(ConvexPolygon.area(hull) == 16)
  }
}
