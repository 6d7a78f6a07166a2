import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("History of pictures")
struct PictureHistoryTests {
  /// Grey values that rise by 4 from column to column.
  static func ramp(_ offset: UInt8 = 0) -> Image {
    var image = Image(width: 40, height: 20, channels: 1)
    image.grid.forEachPixel { x, _, i in image.pixels[i] = UInt8(4 * x) + offset }
    return image
  }

  @Test("the reference is the youngest frame that is older than the span, or the first one")
  func span() throws {
    var history = PictureHistory()
    #expect(history.reference() == nil)
    for step in 0..<10 {
      history.add(Self.ramp(UInt8(step)), time: 0.1 * Double(step), span: 0.25)
      // 0.25 seconds at 10 frames a second: three frames before, as far as there are any.
      #expect(try #require(history.reference()).picture == Self.ramp(UInt8(max(0, step - 3))))
    }
  }

  @Test("a value differs by how far it lies outside of what the nine pixels around show")
  func difference() throws {
    var history = PictureHistory()
    history.add(Self.ramp(), time: 0, span: 1)
    let reference = try #require(history.reference())
    // Around column 10 the ramp shows 36 to 44.
    #expect(reference.difference(of: 40, x: 10, y: 8) == 0)
    #expect(reference.difference(of: 44, x: 10, y: 8) == 0)
    #expect(reference.difference(of: 50, x: 10, y: 8) == 6)
    #expect(reference.difference(of: 30, x: 10, y: 8) == 6)
  }

  @Test("the camera's motions are chained, and what the reference did not see is not compared")
  func motion() throws {
    var history = PictureHistory()
    history.add(Self.ramp(), time: 0, span: 1)
    history.move(previousFromPresent: .translation(Point(4, 0)))
    history.move(previousFromPresent: .translation(Point(3, 1)))
    let reference = try #require(history.reference())
    // Column 10 of the present frame was column 17: 64 to 72.
    #expect(reference.difference(of: 72, x: 10, y: 8) == 0)
    #expect(reference.difference(of: 75, x: 10, y: 8) == 3)
    #expect(reference.difference(of: 75, x: 33, y: 8) == nil)
    #expect(reference.difference(of: 75, x: 10, y: 19) == nil)
  }
}
