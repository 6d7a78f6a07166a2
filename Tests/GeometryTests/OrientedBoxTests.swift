import Foundation
import Testing

@testable import Geometry

@Suite struct OrientedBoxTests {
  /// The largest distance of a corner to the nearest corner of the other box: 0 for two names of one rectangle.
  private func cornerDistance(_ a: OrientedBox, _ b: OrientedBox) -> Double {
    a.corners.map { corner in b.corners.map { ($0 - corner).length }.min() ?? 0 }.max() ?? 0
  }

  private func turned(_ box: OrientedBox, by angle: Double, shift: Point) -> OrientedBox {
    var moved = box
    moved.center = Matrix2(rotation: angle) * box.center + shift
    moved.angle += angle
    return moved
  }

  @Test func theCanonicalBoxIsTheSameRectangleUnderItsOneName() {
    var noise = Noise()
    for _ in 0..<1000 {
      let box = noise.box()
      let canonical = box.canonical
      #expect(canonical.width >= canonical.height)
      #expect(canonical.angle >= -.pi / 2 && canonical.angle < .pi / 2)
      #expect(cornerDistance(box, canonical) < 1e-12)
      #expect(canonical.canonical == canonical)
      // Sides exchanged and a quarter turn more is the same rectangle.
      let renamed = OrientedBox(center: box.center, width: box.height, height: box.width, angle: box.angle + .pi / 2)
      #expect(cornerDistance(renamed.canonical, canonical) < 1e-12)
    }
  }

  @Test func uprightBoxesKeepTheirPlace() {
    let lying = OrientedBox(AxisBox(left: 10, top: 20, width: 8, height: 4))
    #expect(lying == OrientedBox(center: Point(14, 22), width: 8, height: 4, angle: 0))
    let standing = OrientedBox(AxisBox(left: 10, top: 20, width: 4, height: 8))
    #expect(standing == OrientedBox(center: Point(12, 24), width: 8, height: 4, angle: -.pi / 2))
  }

  @Test func cornersRunClockwiseFromTheFirstHalfSides() {
    let corners = OrientedBox(center: Point(5, 5), width: 4, height: 2, angle: 0).corners
    #expect(corners == [Point(3, 4), Point(7, 4), Point(7, 6), Point(3, 6)])
    // A quarter turn towards y: the first corner (−,−) comes to lie right of and above the centre.
    let standing = OrientedBox(center: Point(5, 5), width: 4, height: 2, angle: .pi / 2).corners
    #expect(zip(standing, [Point(6, 3), Point(6, 7), Point(4, 7), Point(4, 3)]).allSatisfy { ($0 - $1).length < 1e-15 * 8 })
  }

  @Test func cornersAndBoxAreARoundTrip() {
    var noise = Noise()
    for _ in 0..<1000 {
      let box = noise.box()
      let c = box.corners
      let back = OrientedBox(corners: (c[0], c[1], c[2], c[3]))
      #expect((back.center - box.center).length < 1e-12)
      #expect(back.width.isNear(box.width) && back.height.isNear(box.height))
      #expect(abs(Angle.headingDifference(from: back.angle, to: box.angle)) < 1e-12)
    }
  }

  @Test func aTrapezoidBecomesTheRectangleOfItsMeanSides() {
    // Parallel sides of 6 and 2, two apart.
    let box = OrientedBox(corners: (Point(0, 0), Point(6, 0), Point(4, 2), Point(2, 2)))
    #expect(box == OrientedBox(center: Point(3, 1), width: 4, height: 2, angle: 0))
    let point = OrientedBox(corners: (Point(1, 2), Point(1, 2), Point(1, 2), Point(1, 2)))
    #expect(point == OrientedBox(center: Point(1, 2), width: 0, height: 0, angle: 0))
  }

  @Test func theHullTouchesTheOutermostCorners() {
    var noise = Noise()
    for _ in 0..<1000 {
      let box = noise.box()
      let (hull, around) = (box.hull, AxisBox(around: box.corners))
      #expect(hull.left.isWithin(1e-12, of: around.left) && hull.top.isWithin(1e-12, of: around.top))
      #expect(hull.width.isNear(around.width) && hull.height.isNear(around.height))
    }
  }

  // MARK: Overlap

  @Test func crossedBarsShareTheSquareOfTheirWidth() {
    let bar = OrientedBox(center: Point(50, 50), width: 10, height: 2, angle: 0.3)
    let across = OrientedBox(center: Point(50, 50), width: 10, height: 2, angle: 0.3 + .pi / 2)
    #expect(bar.iou(with: across).isNear(4.0 / 36))
  }

  @Test func bandsThatCrossAtAnAngleShareTheRhombus() {
    // Two bands of width 2 crossing at θ share a rhombus of 4/sin θ.
    for theta in [0.4, 0.9, 1.3, 2.2] {
      let band = OrientedBox(center: .zero, width: 100, height: 2, angle: 0)
      let other = OrientedBox(center: .zero, width: 100, height: 2, angle: theta)
      let shared = 4 / sin(theta)
      #expect(band.iou(with: other).isNear(shared / (400 - shared)))
    }
  }

  @Test func aSquareTurnedByAnEighthSharesTheOctagon() {
    let square = OrientedBox(center: Point(7, 7), width: 2, height: 2, angle: 0)
    let turned = OrientedBox(center: Point(7, 7), width: 2, height: 2, angle: .pi / 4)
    let octagon = 8 * (2.0.squareRoot() - 1)
    #expect(square.iou(with: turned).isNear(octagon / (8 - octagon)))
  }

  @Test func uprightBoxesOverlapAsTheUprightFormulaSays() {
    var noise = Noise()
    for _ in 0..<1000 {
      let a = AxisBox(
        left: noise.next() * 20, top: noise.next() * 20, width: noise.next(in: 1...30), height: noise.next(in: 1...30))
      let b = AxisBox(
        left: noise.next() * 20, top: noise.next() * 20, width: noise.next(in: 1...30), height: noise.next(in: 1...30))
      #expect(OrientedBox(a).iou(with: OrientedBox(b)).isWithin(1e-13, of: a.iou(with: b)))
    }
  }

  @Test func overlapIsSymmetricAndMovesWithThePlane() {
    var noise = Noise()
    for _ in 0..<1000 {
      let (a, b) = (noise.box(), noise.box())
      let iou = a.iou(with: b)
      #expect(iou >= 0 && iou <= 1)
      #expect(iou.isWithin(1e-12, of: b.iou(with: a)))
      #expect(a.iou(with: a).isNear(1))
      #expect(a.iou(with: a.canonical).isNear(1))
      let (angle, shift) = (noise.next() * 4, noise.point(1000))
      #expect(iou.isWithin(1e-11, of: turned(a, by: angle, shift: shift).iou(with: turned(b, by: angle, shift: shift))))
    }
  }

  @Test func overlapAgreesWithCornersAndCrossings() {
    var noise = Noise()
    for _ in 0..<2000 {
      let (a, b) = (noise.box(), noise.box())
      let shared = NaiveIntersection.area(a.corners, b.corners)
      #expect(a.iou(with: b).isWithin(1e-11, of: shared / (a.area + b.area - shared)))
    }
  }

  @Test func overlapKeepsItsDigitsFarFromTheOrigin() {
    let far = Point(1e9, -1e9)
    let a = OrientedBox(center: far, width: 10, height: 2, angle: 0)
    let b = OrientedBox(center: far, width: 10, height: 2, angle: .pi / 2)
    #expect(a.iou(with: b).isNear(1.0 / 9))
  }

  @Test func boxesThatTouchOrHaveNoAreaDoNotOverlap() {
    let box = OrientedBox(center: .zero, width: 4, height: 2, angle: 0)
    #expect(box.iou(with: OrientedBox(center: Point(4, 0), width: 4, height: 2, angle: 0)) == 0)
    #expect(box.iou(with: OrientedBox(center: .zero, width: 0, height: 2, angle: 0)) == 0)
    #expect(box.iou(with: OrientedBox(center: .zero, width: 4, height: -2, angle: 0)) == 0)
    #expect(OrientedBox(center: .zero, width: 0, height: 0, angle: 0).iou(with: box) == 0)
    #expect(box.iou(with: OrientedBox(center: Point(.nan, 0), width: 4, height: 2, angle: 0)) == 0)
  }
}
