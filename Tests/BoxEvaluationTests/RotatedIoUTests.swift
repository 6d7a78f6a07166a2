import Foundation
import Geometry
import TestSupport
import Testing

@testable import BoxEvaluation

@Suite struct RotatedIoUTests {
  struct Pair: Decodable {
    var a: [Double]
    var b: [Double]
    var iou: Double
  }

  private func box(_ v: [Double]) -> OrientedBox {
    OrientedBox(center: Point(v[0], v[1]), width: v[2], height: v[3], angle: v[4])
  }

  // Made with shapely, every kind of pair: near equal, thin, squares turned, touching.
  @Test func agreesWithThePeerOnStoredPairs() throws {
    let pairs = try StoredFixture.load("rotated-iou.json", as: [Pair].self)
    #expect(pairs.count == 500)
    for pair in pairs {
      #expect(abs(BoxShape.oriented(box(pair.a)).iou(with: .oriented(box(pair.b))) - pair.iou) < 1e-9)
    }
  }

  // Reference values from exact clipping of convex polygons.
  static let referenceCases: [(a: [Double], b: [Double], iou: Double)] = [
    ([0, 0, 4, 2, 0], [0, 0, 4, 2, Double.pi / 2], 1.0 / 3),
    ([0, 0, 4, 2, 0], [0, 0, 4, 2, Double.pi / 4], 0.517428249943598),
    ([0, 0, 2, 2, 0], [0, 0, 2, 2, Double.pi / 4], 0.7071067811865476),
    ([10, 20, 6, 3, 0.3], [11, 20.5, 5, 3.5, -0.4], 0.5008402318293622),
    (
      [462.0513, 151.535797, 404.999176, 268.996735, 0.034907],
      [458.458832, 152.051865, 404.999176, 268.996735, 0.024933], 0.9746268303162183
    ),
    ([0, 0, 100, 1, 0], [0, 0, 100, 1, 0.01], 0.6000133334177696),
    ([0, 0, 2, 2, 0], [2, 0, 2, 2, 0], 0),
  ]

  @Test(arguments: referenceCases)
  func agreesWithTheReferenceCases(a: [Double], b: [Double], iou: Double) {
    #expect(abs(BoxShape.oriented(box(a)).iou(with: .oriented(box(b))) - iou) < 1e-12)
    #expect(abs(BoxShape.oriented(box(b)).iou(with: .oriented(box(a))) - iou) < 1e-12)
  }

  @Test func aBoxWithItselfIsOneAndNeverNaN() {
    var random = TestRandom(seed: 1)
    for _ in 0..<2000 {
      let size = random.uniform(1e-3, 1e3)
      let box = OrientedBox(
        center: Point(random.uniform(-1e4, 1e4), random.uniform(-1e4, 1e4)), width: size,
        height: size * random.uniform(1e-3, 1), angle: random.uniform(-4, 4))
      #expect(abs(box.iou(with: box) - 1) < 1e-12)
    }
    for flat in [
      OrientedBox(center: .zero, width: 3, height: 0, angle: 1), OrientedBox(center: .zero, width: 0, height: 0, angle: 0),
    ] {
      #expect(flat.iou(with: flat) == 0)
      #expect(BoxShape.oriented(flat).coveredShare(by: .oriented(flat)) == 0)
    }
  }

  @Test func uprightAndOrientedFormsOfABoxAgree() {
    var random = TestRandom(seed: 2)
    for _ in 0..<500 {
      let a = AxisBox(
        left: random.uniform(0, 50), top: random.uniform(0, 50), width: random.uniform(1, 40), height: random.uniform(1, 40))
      let b = AxisBox(
        left: random.uniform(0, 50), top: random.uniform(0, 50), width: random.uniform(1, 40), height: random.uniform(1, 40))
      let (upright, oriented) = (BoxShape.upright(a), BoxShape.oriented(BoxShape.upright(b).orientedBox))
      #expect(abs(upright.iou(with: oriented) - a.iou(with: b)) < 1e-12)
      #expect(abs(upright.coveredShare(by: oriented) - a.coveredShare(by: b)) < 1e-12)
    }
  }

  // MARK: Outlines that are no rectangles

  @Test func quadrilateralsAreComparedByTheirOwnOutline() throws {
    // A trapezium inside the unit square: area 3/4, all of it shared.
    let trapezium = try #require(ConvexQuadrilateral(Point(0, 0), Point(1, 0), Point(0.75, 1), Point(0.25, 1)))
    #expect(trapezium.area == 0.75)
    let square = BoxShape.upright(AxisBox(left: 0, top: 0, width: 1, height: 1))
    #expect(abs(BoxShape.quadrilateral(trapezium).iou(with: square) - 0.75) < 1e-15)
    #expect(abs(square.coveredShare(by: .quadrilateral(trapezium)) - 0.75) < 1e-15)
    #expect(abs(BoxShape.quadrilateral(trapezium).coveredShare(by: square) - 1) < 1e-15)
    // The other sense of rotation is the same outline.
    let reversed = try #require(ConvexQuadrilateral(Point(0.25, 1), Point(0.75, 1), Point(1, 0), Point(0, 0)))
    #expect(BoxShape.quadrilateral(reversed).iou(with: .quadrilateral(trapezium)) == 1)
    let far = BoxShape.upright(AxisBox(left: 5, top: 0, width: 1, height: 1))
    #expect(far.iou(with: .quadrilateral(trapezium)) == 0)
  }

  @Test func rectanglesGivenByCornersAgreeWithTheirBoxes() throws {
    var random = TestRandom(seed: 12)
    for _ in 0..<500 {
      func box() -> OrientedBox {
        OrientedBox(
          center: Point(random.uniform(900, 940), random.uniform(0, 40)), width: random.uniform(1, 40),
          height: random.uniform(1, 40), angle: random.uniform(-3, 3))
      }
      let (a, b) = (box(), box())
      let c = a.corners
      let outline = BoxShape.quadrilateral(try #require(ConvexQuadrilateral(c[0], c[1], c[2], c[3])))
      #expect(abs(outline.iou(with: .oriented(b)) - a.iou(with: b)) < 1e-9)
    }
  }

  @Test func crossedAndInwardOutlinesAreNone() {
    #expect(ConvexQuadrilateral(Point(0, 0), Point(1, 1), Point(1, 0), Point(0, 1)) == nil)
    #expect(ConvexQuadrilateral(Point(0, 0), Point(4, 0), Point(1, 1), Point(0, 4)) == nil)
    #expect(ConvexQuadrilateral(Point(0, 0), Point(1, 0), Point(2, 0), Point(3, 0)) == nil)
    #expect(ConvexQuadrilateral(Point(0, 0), Point(.nan, 0), Point(1, 1), Point(0, 1)) == nil)
  }
}
