import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Regions")
struct RegionTests {
  @Test("a region's samples are pixels of its own, at even steps, relative to its centre", arguments: [6, 20])
  func samples(height: Int) throws {
    var mask = Image(width: 60, height: 40, channels: 1)
    mask.grid.forEachPixel(columns: 10..<40, rows: 5..<5 + height) { _, _, i in mask.pixels[i] = 255 }
    var frame = mask
    frame.grid.forEachPixel { x, y, i in frame.pixels[i] = UInt8((3 * x + 5 * y) % 256) }
    let parts = try ConnectedComponents(of: mask)
    let region = Region(try #require(parts.components.first), in: parts, frame: frame, weights: mask, tail: 0.02)
    #expect(region.area == 30 * height)
    #expect((region.box.mean - Point(25, 5 + Double(height) / 2)).length < 1e-6)
    // At most 150 at steps of area / 150: 180 at a step of 1, 600 at a step of 4.
    #expect(region.samples.count == (height == 6 ? 180 : 150))
    for sample in region.samples {
      let place = region.box.mean + sample.offset
      let (x, y) = (Int(place.x), Int(place.y))
      #expect((10..<40).contains(x) && (5..<5 + height).contains(y))
      #expect(sample.value == Float((3 * x + 5 * y) % 256))
    }
  }
}
