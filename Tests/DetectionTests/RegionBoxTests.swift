import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Boxes of regions")
struct RegionBoxTests {
  /// A mask of the pixels whose middles lie in a box.
  static func mask(_ box: OrientedBox, width: Int = 120, height: Int = 100) -> Image {
    var mask = Image(width: width, height: height, channels: 1)
    for y in 0..<height {
      for x in 0..<width where MovingScene.isInside(Point(Double(x) + 0.5, Double(y) + 0.5), box) { mask[x, y] = 255 }
    }
    return mask
  }

  static func box(of mask: Image, tail: Double = 0.02) throws -> GaussianBox {
    let parts = try ConnectedComponents(of: mask)
    return RegionBox.box(of: try #require(parts.components.first), in: parts, weights: mask, tail: tail)
  }

  @Test("an upright rectangle is found exactly")
  func uprightRectangle() throws {
    let box = try Self.box(of: Self.mask(OrientedBox(center: Point(50, 40), width: 40, height: 20, angle: 0))).orientedBox
    #expect(abs(box.center.x - 50) < 1e-6 && abs(box.center.y - 40) < 1e-6)
    #expect(abs(box.width - 40) < 1e-4 && abs(box.height - 20) < 1e-4)
    #expect(abs(box.angle) < 1e-6)
  }

  @Test("a turned rectangle is found to its pixels", arguments: [-1.2, -0.5, 0.3, 0.8, 1.4])
  func turnedRectangle(angle: Double) throws {
    let truth = OrientedBox(center: Point(60, 50), width: 56, height: 22, angle: angle)
    let box = try Self.box(of: Self.mask(truth), tail: 0.0001).orientedBox
    #expect(box.iou(with: truth) > 0.9)
    #expect(abs(Angle.axisDifference(from: box.angle, to: angle)) < 0.05)
  }

  @Test("the hull of an L has the L's extent, which moments alone would miss")
  func lShape() throws {
    var mask = Image(width: 100, height: 100, channels: 1)
    for y in 20..<80 {
      for x in 20..<90 where x < 35 || y >= 65 { mask[x, y] = 255 }
    }
    let hull = try Self.box(of: mask, tail: 0.0001).orientedBox.hull
    #expect(hull.iou(with: AxisBox(left: 20, top: 20, width: 70, height: 60)) > 0.97)
  }

  @Test("a thin tail does not count")
  func thinTail() throws {
    var mask = Image(width: 120, height: 60, channels: 1)
    for y in 10..<50 {
      for x in 10..<60 { mask[x, y] = 255 }
    }
    for x in 60..<110 { mask[x, 30] = 255 }
    let hull = try Self.box(of: mask, tail: 0.05).orientedBox.hull
    #expect(hull.iou(with: AxisBox(left: 10, top: 10, width: 50, height: 40)) > 0.9)
  }

  @Test("scaling a covariance gives the asked hull", arguments: [0.0, 0.4, 0.9, -0.7])
  func scaledCovariance(angle: Double) {
    let start = SymmetricMatrix2(major: 90, minor: 20, angle: angle)
    let hull = AxisBox(left: 0, top: 0, width: 33, height: 57)
    let result = GaussianBox(mean: hull.center, covariance: RegionBox.scaled(start, to: hull)).orientedBox.hull
    #expect(abs(result.width - 33) < 0.5 && abs(result.height - 57) < 0.5)
  }
}
