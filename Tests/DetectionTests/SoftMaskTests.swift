import Geometry
import Imaging
import TestSupport
import Testing

@testable import Detection

@Suite("Soft masks")
struct SoftMaskTests {
  /// The mask of a rectangle of pixels in a reduced picture of 20×10.
  private func mask(columns: Range<Int>, rows: Range<Int>) throws -> SoftMask {
    var picture = Image(width: 20, height: 10, channels: 1)
    for y in rows { for x in columns { picture[x, y] = 255 } }
    let parts = try ConnectedComponents(of: picture)
    return SoftMask(of: try #require(parts.components.first), in: parts)
  }

  @Test("at the same size the pixels are the component's")
  func sameSize() throws {
    let found = try #require(try mask(columns: 3..<8, rows: 2..<6).displayed(Point(1, 1), width: 20, height: 10))
    #expect(found.hull?.columns == 3..<8 && found.hull?.rows == 2..<6)
    #expect(found.area == 20)
  }

  @Test("enlarged, sides lie where the pixels' sides lie", arguments: [2, 3, 5])
  func enlarged(scale: Int) throws {
    let found = try #require(
      try mask(columns: 3..<8, rows: 2..<6).displayed(Point(Double(scale), Double(scale)), width: 20 * scale, height: 10 * scale))
    #expect(found.hull?.columns == 3 * scale..<8 * scale && found.hull?.rows == 2 * scale..<6 * scale)
    // Corners are cut, each by less than a quarter of a pixel of the reduced picture.
    #expect(found.area <= 20 * scale * scale && found.area > 19 * scale * scale)
  }

  @Test("what lies outside the picture is left out, and nothing is no mask")
  func outside() throws {
    let mask = try mask(columns: 0..<4, rows: 0..<4)
    #expect(mask.displayed(Point(1, 1), width: 20, height: 10)?.area == 16)
    #expect(mask.moved(by: Point(-2, 0)).displayed(Point(1, 1), width: 20, height: 10)?.area == 8)
    // What lies farther from its box than half of its side and two pixels is another thing's.
    // Here from −0.6 + 0.45 + 2 on: two columns of four are left.
    let near = GaussianBox(OrientedBox(center: Point(-1.05, 5), width: 0.9, height: 20, angle: 0))
    #expect(mask.displayed(Point(1, 1), width: 20, height: 10, of: near)?.area == 8)
    let far = GaussianBox(OrientedBox(center: Point(16, 5), width: 2, height: 2, angle: 0))
    #expect(mask.displayed(Point(1, 1), width: 20, height: 10, of: far) == nil)
    #expect(mask.moved(by: Point(-9, 0)).displayed(Point(1, 1), width: 20, height: 10) == nil)
    #expect(mask.moved(by: Point(.nan, 0)).displayed(Point(1, 1), width: 20, height: 10) == nil)
  }

  /// The mask by its definition: every displayed pixel by its own four values.
  private func byPixel(_ mask: SoftMask, _ scale: Point, width: Int, height: Int) -> RunLengthMask? {
    RunLengthMask(width: width, height: height, columns: 0..<width, rows: 0..<height) { x, y in
      let place = Point((Double(x) + 0.5) / scale.x, (Double(y) + 0.5) / scale.y) - mask.corner
      guard let sample = BilinearSample(x: Float(place.x), y: Float(place.y), width: mask.width, height: mask.height) else {
        return false
      }
      return mask.values.withUnsafeBufferPointer { sample.value(of: $0) } > 127.5
    }
  }

  @Test("whatever the shape, place and size, runs are what every pixel says", arguments: 0..<40)
  func everyPixel(seed: Int) throws {
    var random = TestRandom(seed: UInt64(seed))
    var picture = Image(width: 20, height: 12, channels: 1)
    for y in 0..<12 { for x in 0..<20 { picture[x, y] = Double.random(in: 0..<1, using: &random) < 0.6 ? 255 : 0 } }
    let parts = try ConnectedComponents(of: picture)
    let largest = try #require(parts.components.max { $0.area < $1.area })
    let step = Point(Double.random(in: -8...8, using: &random), Double.random(in: -8...8, using: &random))
    let mask = SoftMask(of: largest, in: parts).moved(by: step)
    let scale = Point(Double.random(in: 0.4...6, using: &random), Double.random(in: 0.4...6, using: &random))
    let (width, height) = (Int(20 * scale.x) + 1, Int(12 * scale.y) + 1)
    let found = mask.displayed(scale, width: width, height: height)
    #expect(
      (found?.pixels ?? [UInt8](repeating: 0, count: width * height)) == byPixel(mask, scale, width: width, height: height)?.pixels)
  }
}
