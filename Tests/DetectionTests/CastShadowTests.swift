import Foundation
import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Cast shadows")
struct CastShadowTests {
  static let size = (width: 160, height: 120)
  /// A strip of five pixels, thinner than a person's legs and their shadow are apart.
  static let strip = (columns: 40..<100, rows: 60..<65)
  static let object = (columns: 40..<60, rows: 30..<60)

  static func ground(x: Int, y: Int, black: Double = 0) -> Double {
    let p = Point(Double(x), Double(y))
    return black + 110 + 35 * MovingScene.texture(p * 0.35) + 30 * MovingScene.texture(p * 0.11 + Point(5, 9))
  }

  static func picture(_ value: (_ x: Int, _ y: Int) -> Double) -> Image {
    var image = Image(width: size.width, height: size.height, channels: 1)
    image.grid.forEachPixel { x, y, i in image.pixels[i] = UInt8(max(0, min(255, value(x, y).rounded()))) }
    return image
  }

  /// The ground with a shadow that leaves a share of the light in a rectangle.
  static func shaded(
    _ share: Double, _ part: (columns: Range<Int>, rows: Range<Int>), black: Double = 0
  ) -> Image {
    picture { x, y in
      let value = ground(x: x, y: y, black: black)
      return part.columns.contains(x) && part.rows.contains(y) ? black + share * (value - black) : value
    }
  }

  /// Where two pictures differ.
  static func differences(_ a: Image, _ b: Image) -> Image {
    var result = a
    for i in a.pixels.indices { result.pixels[i] = abs(Int(a.pixels[i]) - Int(b.pixels[i])) > 6 ? 255 : 0 }
    return result
  }

  static func level(_ frames: [Image], ground: Image, black: UInt8 = 0) -> Float? {
    var level = ShadowLevel()
    for frame in frames {
      let shadow = CastShadow(frame: frame, mean: ground, chroma: nil, black: black)
      level.learn(frame, ground, differences: differences(frame, ground), logarithms: shadow.logarithms, seconds: 0.04)
    }
    return level.logarithm
  }

  @Test("the share of light that shadows leave is measured, wherever black lies", arguments: [0.4, 0.55, 0.7], [0, 16] as [UInt8])
  func measured(share: Double, black: UInt8) throws {
    let ground = Self.picture { Self.ground(x: $0, y: $1, black: Double(black)) }
    let frames = (0..<10).map { k in
      Self.shaded(share, (columns: 20 + 4 * k..<60 + 4 * k, rows: 40..<80), black: Double(black))
    }
    let level = try #require(Self.level(frames, ground: ground, black: black))
    // The ratio is taken four levels above black, which makes it a little nearer to 1.
    #expect(abs(exp(Double(level)) - share) < 0.04)
  }

  @Test("objects with looks of their own, and brighter ground, tell of no shadow")
  func nothingMeasured() {
    let ground = Self.picture { Self.ground(x: $0, y: $1) }
    let objects = (0..<20).map { k in
      Self.picture { x, y in
        (30 + 3 * k..<70 + 3 * k).contains(x) && (40..<80).contains(y)
          ? 60 + 40 * MovingScene.texture(Point(Double(x - 3 * k), Double(y)) * 0.4 + Point(3, 7)) : Self.ground(x: x, y: y)
      }
    }
    #expect(Self.level(objects, ground: ground) == nil)
    #expect(Self.level([Self.shaded(1.3, Self.strip)], ground: ground) == nil)
    #expect(Self.level([ground], ground: ground) == nil)
  }

  static func share(_ mask: Image, _ part: (columns: Range<Int>, rows: Range<Int>)) -> Double {
    var count = 0
    mask.grid.forEachPixel(columns: part.columns, rows: part.rows) { _, _, i in if mask.pixels[i] != 0 { count += 1 } }
    return Double(count) / Double(part.columns.count * part.rows.count)
  }

  @Test("a thin shadow is found, dark and bright objects beside it are not", arguments: [0.15, 0.3, 1.4])
  func thinShadow(brightness: Double) throws {
    let ground = Self.picture { Self.ground(x: $0, y: $1) }
    let shaded = Self.shaded(0.6, Self.strip)
    let frame = Self.picture { x, y in
      Self.object.columns.contains(x) && Self.object.rows.contains(y) ? 110 * brightness : Double(shaded[x, y])
    }
    let mask = try CastShadow(frame: frame, mean: ground, chroma: nil, black: 0).mask(level: Float(log(0.6)))
    #expect(Self.share(mask, Self.strip) > 0.85)
    #expect(Self.share(mask, Self.object) < 0.1)
  }

  @Test("what is as dark as a shadow but of another colour than the ground is none")
  func colorTells() throws {
    let ground = Self.picture { Self.ground(x: $0, y: $1) }
    let frame = Self.shaded(0.6, Self.object)
    let grey = Self.picture { _, _ in 128 }
    let red = Self.picture { x, y in Self.object.columns.contains(x) && Self.object.rows.contains(y) ? 160 : 128 }
    let colors = (frame: ChromaPictures(blue: grey, red: red), mean: ChromaPictures(blue: grey, red: grey))
    let level = Float(log(0.6))
    let colored = try CastShadow(frame: frame, mean: ground, chroma: colors, black: 0).mask(level: level)
    #expect(Self.share(colored, Self.object) == 0)
    let plain = try CastShadow(
      frame: frame, mean: ground, chroma: (frame: colors.mean, mean: colors.mean), black: 0
    ).mask(level: level)
    #expect(Self.share(plain, Self.object) > 0.9)
  }
}
