import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Cutting of shadows")
struct ShadowCutterTests {
  static let size = (width: 120, height: 90)
  static let object = (columns: 30..<60, rows: 20..<50)
  /// The shadow hangs on the object's lower side.
  static let shadow = (columns: 30..<60, rows: 50..<75)

  static func texture(_ x: Int, _ y: Int, _ scale: Double) -> Double {
    MovingScene.texture(Point(Double(x), Double(y)) * scale)
  }

  static func ground() -> Image {
    var image = Image(width: size.width, height: size.height, channels: 1)
    image.grid.forEachPixel { x, y, i in image.pixels[i] = UInt8(140 + 30 * texture(x, y, 0.1)) }
    return image
  }

  static func mask(_ parts: [(columns: Range<Int>, rows: Range<Int>)]) -> Image {
    var mask = Image(width: size.width, height: size.height, channels: 1)
    for part in parts { mask.grid.forEachPixel(columns: part.columns, rows: part.rows) { _, _, i in mask.pixels[i] = 255 } }
    return mask
  }

  /// The ground with an object of strong texture, and the ground darkened by a factor in the shadow.
  static func frame(factor: Double, showsObject: Bool = true) -> Image {
    var image = ground()
    image.grid.forEachPixel(columns: shadow.columns, rows: shadow.rows) { _, _, i in
      image.pixels[i] = UInt8(Double(image.pixels[i]) * factor)
    }
    guard showsObject else { return image }
    image.grid.forEachPixel(columns: object.columns, rows: object.rows) { x, y, i in
      image.pixels[i] = UInt8(120 + 110 * texture(x, y, 0.45))
    }
    return image
  }

  /// The shares of the object's and of the shadow's pixels that a mask holds.
  static func shares(_ mask: Image) -> (object: Double, shadow: Double) {
    func share(_ part: (columns: Range<Int>, rows: Range<Int>)) -> Double {
      var count = 0
      mask.grid.forEachPixel(columns: part.columns, rows: part.rows) { _, _, i in if mask.pixels[i] != 0 { count += 1 } }
      return Double(count) / Double(part.columns.count * part.rows.count)
    }
    return (share(object), share(shadow))
  }

  @Test("a shadow that hangs on an object goes, the object stays", arguments: [0.4, 0.55, 0.7])
  func hangingShadow(factor: Double) throws {
    let cutter = ShadowCutter(frame: Self.frame(factor: factor), mean: Self.ground())
    let left = Self.shares(try cutter.cut(Self.mask([Self.object, Self.shadow]), leastArea: 30, gap: 3))
    #expect(left.object > 0.85)
    #expect(left.shadow < 0.15)
  }

  @Test("a region that is dark throughout stays whole: it may be a dark object")
  func darkObject() throws {
    let mask = Self.mask([Self.shadow])
    let cutter = ShadowCutter(frame: Self.frame(factor: 0.5, showsObject: false), mean: Self.ground())
    #expect(try cutter.cut(mask, leastArea: 30, gap: 3) == mask)
  }

  @Test("brighter ground and regions that are too small are left as they are")
  func untouched() throws {
    let mask = Self.mask([Self.object, Self.shadow])
    let brighter = ShadowCutter(frame: Self.frame(factor: 1.2), mean: Self.ground())
    #expect(Self.shares(try brighter.cut(mask, leastArea: 30, gap: 3)).shadow > 0.95)
    let darker = ShadowCutter(frame: Self.frame(factor: 0.5), mean: Self.ground())
    #expect(try darker.cut(mask, leastArea: 5_000, gap: 3) == mask)
  }
}
