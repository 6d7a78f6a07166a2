import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Evidence of foreground")
struct ForegroundEvidenceTests {
  static let size = (width: 80, height: 60)
  static let square = (columns: 30..<50, rows: 20..<40)

  static func plain(_ value: UInt8, square level: UInt8? = nil) -> Image {
    var image = Image(
      width: size.width, height: size.height, channels: 1, pixels: [UInt8](repeating: value, count: size.width * size.height))
    if let level {
      image.grid.forEachPixel(columns: square.columns, rows: square.rows) { _, _, i in image.pixels[i] = level }
    }
    return image
  }

  /// The evidence of a frame before a background that was seen for some frames.
  static func evidence(_ frame: Image, before ground: Image, deviation: Double = 1) throws -> ForegroundEvidence {
    var background = BackgroundModel(ground)
    let learning = BackgroundModel.Learning(greatestAge: 30, leastVariance: 25, rateUnderObjects: 0.1)
    for _ in 0..<5 {
      background.learn(ground, objects: plain(0), uncovered: [Bool](repeating: false, count: ground.pixels.count), learning)
    }
    background.move(previousFromPresent: .identity)
    return try ForegroundEvidence(
      frame: frame, mean: ground, background: background, deviation: deviation, settings: MotionDetectorSettings(),
      leastArea: 30)
  }

  @Test("a frame like the background gives none, and asks for the least difference of the settings")
  func nothing() throws {
    let found = try Self.evidence(Self.plain(100, square: 140), before: Self.plain(100, square: 140))
    #expect(found.loose == Self.plain(0) && found.strict == Self.plain(0) && !found.uncovered.contains(true))
    #expect(found.leastDifference == MotionDetectorSettings().leastDifference)
  }

  @Test("an object on plain ground is full evidence, where it is and nowhere else", arguments: [160, 40] as [UInt8])
  func object(level: UInt8) throws {
    let found = try Self.evidence(Self.plain(100, square: level), before: Self.plain(100))
    #expect(found.loose == Self.plain(0, square: 255))
    #expect(found.strict == Self.plain(0, square: 255))
    #expect(!found.uncovered.contains(true))
  }

  @Test("evidence grows with the difference: none below 0.6 of the least one, half of it at 1.1")
  func growth() throws {
    // Deviations of 5 levels ask for 10: 6 levels are nothing, 11 are half.
    let little = try Self.evidence(Self.plain(100, square: 106), before: Self.plain(100), deviation: 5)
    let half = try Self.evidence(Self.plain(100, square: 111), before: Self.plain(100), deviation: 5)
    #expect(little.loose == Self.plain(0))
    #expect(half.leastDifference == 10)
    #expect(half.loose[40, 30] == 127)
    // Beyond the least difference by a tenth of it.
    #expect(half.strict[40, 30] == 25)
  }

  @Test("what an object uncovers is not foreground but marked as the background's trace of it")
  func ghost() throws {
    // Slightly blurred, as the detector's pictures are: within a pixel or two of its edge the square shows a slope.
    let ground = try Self.plain(100, square: 160).gaussianBlurred(sigma: 0.8)
    let found = try Self.evidence(Self.plain(100), before: ground)
    // Within a pixel of the square's edge the background shows the ground's value as well.
    for y in 22..<38 {
      for x in 32..<48 {
        #expect(found.loose[x, y] == 0 && found.strict[x, y] == 0)
        #expect(found.uncovered[found.loose.grid.index(x: x, y: y)])
      }
    }
    #expect(!found.uncovered[found.loose.grid.index(x: 10, y: 10)])
  }

  @Test(
    "a square of the ground's brightness and another colour is full evidence, one of its colour none",
    arguments: [128, 170] as [UInt8])
  func color(level: UInt8) throws {
    var background = BackgroundModel(Self.plain(100), chroma: ChromaPictures(blue: Self.plain(128), red: Self.plain(128)))
    let learning = BackgroundModel.Learning(greatestAge: 30, leastVariance: 25, rateUnderObjects: 0.1)
    let colors = ChromaPictures(blue: Self.plain(128), red: Self.plain(128))
    background.learn(
      Self.plain(100), colors: colors, objects: Self.plain(0), uncovered: [Bool](repeating: false, count: 4800), learning)
    background.move(previousFromPresent: .identity)
    let mean = try #require(background.chromaPictures())
    let found = try ForegroundEvidence(
      frame: Self.plain(100), mean: Self.plain(100),
      chroma: (frame: ChromaPictures(blue: Self.plain(128), red: Self.plain(128, square: level)), mean: mean),
      background: background, deviation: 1, settings: MotionDetectorSettings(), leastArea: 30)
    #expect(found.loose == Self.plain(0, square: level == 128 ? nil : 255))
    #expect(found.strict == found.loose)
  }

  @Test("the border is not judged, and a picture that is all border gives nothing")
  func border() throws {
    let found = try Self.evidence(Self.plain(200), before: Self.plain(100))
    let inside = found.loose.grid
    inside.forEachPixel { x, y, i in
      let isBorder = min(x, y, 79 - x, 59 - y) < ForegroundEvidence.border
      #expect((found.loose.pixels[i] == 0) == isBorder)
    }
  }
}
