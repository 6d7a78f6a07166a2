import Testing

@testable import Geometry

@Suite struct AxisBoxTests {
  private let unit = AxisBox(left: 0, top: 0, width: 2, height: 2)

  /// Areas and shares by hand, for a box of 2×2 at the origin: [left, top, width, height, shared area, union].
  @Test(arguments: [
    [0.0, 0, 2, 2, 4, 4], [1, 1, 2, 2, 1, 7], [1, 0, 2, 2, 2, 6], [0.5, 0.5, 1, 1, 1, 4], [-1, -1, 4, 4, 4, 16],
    [2, 0, 2, 2, 0, 8],
    [2, 2, 2, 2, 0, 8], [5, 5, 1, 1, 0, 5], [-1, 0.5, 6, 1, 2, 8],
  ])
  func overlapsAreThoseOfThePlane(v: [Double]) {
    let other = AxisBox(left: v[0], top: v[1], width: v[2], height: v[3])
    #expect(unit.intersectionArea(with: other) == v[4])
    #expect(other.intersectionArea(with: unit) == v[4])
    #expect(unit.iou(with: other).isNear(v[4] / v[5]))
    #expect(other.iou(with: unit) == unit.iou(with: other))
    #expect(unit.coveredShare(by: other).isNear(v[4] / 4))
    #expect(other.coveredShare(by: unit).isNear(v[4] / (v[2] * v[3])))
  }

  @Test func boxesWithoutAreaOverlapNothingNotEvenThemselves() {
    for empty in [
      AxisBox(left: 1, top: 1, width: 0, height: 2), AxisBox(left: 1, top: 1, width: 0, height: 0),
      AxisBox(left: 2, top: 1, width: -1, height: 1),
    ] {
      #expect(empty.iou(with: unit) == 0)
      #expect(unit.iou(with: empty) == 0)
      #expect(empty.iou(with: empty) == 0)
      #expect(empty.coveredShare(by: unit) == 0)
    }
  }

  @Test func edgesAndCentreFollowFromTheCornerAndTheSize() {
    let box = AxisBox(left: -3, top: 4, width: 10, height: 6)
    #expect(box.right == 7)
    #expect(box.bottom == 10)
    #expect(box.center == Point(2, 7))
    #expect(box.area == 60)
  }

  @Test func theBoxAroundPointsTouchesTheOutermost() {
    let box = AxisBox(around: [Point(3, -1), Point(-2, 5), Point(0, 0)])
    #expect(box == AxisBox(left: -2, top: -1, width: 5, height: 6))
    #expect(AxisBox(around: [Point(3, 4)]) == AxisBox(left: 3, top: 4, width: 0, height: 0))
    #expect(AxisBox(around: []) == AxisBox(left: 0, top: 0, width: 0, height: 0))
  }
}
