import Foundation
import TestSupport
import Testing

@testable import Geometry

/// Masks of polygons, their overlaps and the smallest rectangles around them, against counts of pixels.
@Suite struct MaskShapeTests {
  private static func mask(_ width: Int, _ height: Int, _ isInside: (Int, Int) -> Bool) throws -> RunLengthMask {
    let mask = RunLengthMask(width: width, height: height, columns: 0..<width, rows: 0..<height, isInside: isInside)
    return try #require(mask)
  }

  /// Against the even-odd rule asked for each pixel's middle.
  @Test func polygonsHoldThePixelsWhoseMiddlesLieInThem() throws {
    var random = TestRandom(seed: 3)
    for _ in 0..<30 {
      let polygons = (0..<2).map { _ in
        (0..<5).map { _ in Point(random.uniform(-10, 40), random.uniform(-10, 30)) }
      }
      let mask = try #require(RunLengthMask(width: 30, height: 20, polygons: polygons))
      let pixels = mask.pixels
      for y in 0..<20 {
        for x in 0..<30 {
          let p = Point(Double(x) + 0.5, Double(y) + 0.5)
          let isIn = polygons.contains { corners in
            corners.indices.count { place in
              let (a, b) = (corners[place], corners[(place + 1) % corners.count])
              return (a.y > p.y) != (b.y > p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y)
            } % 2 == 1
          }
          #expect((pixels[y * 30 + x] == 1) == isIn)
        }
      }
      #expect(RunLengthMask(width: 30, height: 20, pixels: pixels) == mask)
    }
  }

  @Test func polygonsThatAreNoneHoldNothing() throws {
    #expect(RunLengthMask(width: 4, height: 3, polygons: [])?.area == 0)
    #expect(RunLengthMask(width: 4, height: 3, polygons: [[], [Point(1, 1)], [Point(0, 0), Point(4, 3)]])?.area == 0)
    #expect(RunLengthMask(width: 4, height: 3, polygons: [[Point(0, 0), Point(.nan, 0), Point(4, 3)]]) == nil)
    #expect(RunLengthMask(width: -4, height: 3, polygons: []) == nil)
    let all = [Point(-1e9, -1e9), Point(1e9, -1e9), Point(1e9, 1e9), Point(-1e9, 1e9)]
    #expect(RunLengthMask(width: 4, height: 3, polygons: [all])?.counts == [0, 12])
    #expect(RunLengthMask(width: 4, height: 3, polygons: [all.map { $0 + Point(1e10, 0) }])?.area == 0)
  }

  @Test func overlapsAreCountsOfPixels() throws {
    var random = TestRandom(seed: 8)
    for _ in 0..<20 {
      let (a, b) = (try Self.mask(13, 9) { _, _ in random.unit() < 0.5 }, try Self.mask(13, 9) { _, _ in random.unit() < 0.3 })
      let both = zip(a.pixels, b.pixels).count { $0 == 1 && $1 == 1 }
      let either = zip(a.pixels, b.pixels).count { $0 == 1 || $1 == 1 }
      #expect(abs(a.iou(with: b) - Double(both) / Double(either)) < 1e-12)
      #expect(a.iou(with: a) == 1)
    }
    let empty = try Self.mask(13, 9) { _, _ in false }
    #expect(empty.iou(with: empty) == 0)
    #expect(empty.iou(with: try Self.mask(9, 13) { _, _ in true }) == 0)
  }

  @Test func theSmallestBoxIsNowhereBeatenAndHoldsAllPixels() throws {
    var random = TestRandom(seed: 5)
    for _ in 0..<20 {
      let true_ = OrientedBox(
        center: Point(random.uniform(24, 40), random.uniform(24, 40)), width: random.uniform(10, 30), height: random.uniform(4, 10),
        angle: random.uniform(-1.5, 1.5))
      let mask = try #require(RunLengthMask(width: 64, height: 64, polygons: [true_.corners]))
      let box = try #require(mask.smallestBox)
      let corners = mask.outlines.joined()
      func spans(_ angle: Double) -> (Double, Double) {
        let axis = Point(angle: angle)
        let (u, v) = (corners.map { axis.dot($0) }, corners.map { axis.cross($0) })
        return ((u.max() ?? 0) - (u.min() ?? 0), (v.max() ?? 0) - (v.min() ?? 0))
      }
      let (width, height) = spans(box.angle)
      #expect(abs(width - box.width) < 1e-9 && abs(height - box.height) < 1e-9)
      for step in 0..<360 {
        let (a, b) = spans(Double(step) * .pi / 720)
        #expect(box.area <= a * b + 1e-9)
      }
      for corner in corners {
        let d = corner - box.center
        let axis = Point(angle: box.angle)
        #expect(abs(axis.dot(d)) <= box.width / 2 + 1e-9 && abs(axis.cross(d)) <= box.height / 2 + 1e-9)
      }
    }
  }

  @Test func smallestBoxesOfUprightOnesAndOfNothing() throws {
    let upright = try #require(try Self.mask(20, 20) { x, y in x >= 3 && x < 12 && y >= 5 && y < 9 }.smallestBox)
    #expect(upright == OrientedBox(center: Point(7.5, 7), width: 9, height: 4, angle: 0))
    // Of equal areas the least angle: a square.
    let square = try #require(try Self.mask(9, 9) { x, y in x == 4 && y == 4 }.smallestBox)
    #expect(square == OrientedBox(center: Point(4.5, 4.5), width: 1, height: 1, angle: 0))
    #expect(try Self.mask(9, 9) { _, _ in false }.smallestBox == nil)
  }
}
