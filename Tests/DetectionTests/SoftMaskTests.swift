import Geometry
import Imaging
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
    #expect(mask.moved(by: Point(-9, 0)).displayed(Point(1, 1), width: 20, height: 10) == nil)
    #expect(mask.moved(by: Point(.nan, 0)).displayed(Point(1, 1), width: 20, height: 10) == nil)
  }
}
