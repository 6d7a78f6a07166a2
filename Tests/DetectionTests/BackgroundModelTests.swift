import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Background model")
struct BackgroundModelTests {
  static let learning = BackgroundModel.Learning(greatestAge: 30, leastVariance: 25, rateUnderObjects: 0.2)

  static func plain(_ value: UInt8) -> Image {
    Image(width: 40, height: 30, channels: 1, pixels: [UInt8](repeating: value, count: 1200))
  }

  static func learn(_ model: inout BackgroundModel, _ frame: Image) {
    model.learn(frame, objects: plain(0), uncovered: [Bool](repeating: false, count: 1200), learning)
    model.move(previousFromPresent: .identity)
  }

  @Test("a short visit does not change the background, a long stay becomes it")
  func visitsAndStays() {
    var model = BackgroundModel(Self.plain(100))
    for _ in 0..<10 { Self.learn(&model, Self.plain(100)) }
    for _ in 0..<5 { Self.learn(&model, Self.plain(180)) }
    #expect(abs(model.mean[600] - 100) < 1)
    for _ in 0..<40 { Self.learn(&model, Self.plain(180)) }
    #expect(abs(model.mean[600] - 180) < 1)
  }

  @Test(
    "a visit of another colour alone changes the background only where colours do not count", arguments: [5, .infinity] as [Float])
  func visitsOfColor(greatestDifference: Float) {
    let grey = ChromaPictures(blue: Self.plain(128), red: Self.plain(128))
    let red = ChromaPictures(blue: Self.plain(128), red: Self.plain(160))
    var learning = Self.learning
    learning.greatestColorDifference = greatestDifference
    var model = BackgroundModel(Self.plain(100), chroma: grey)
    for frame in 0..<15 {
      model.learn(
        Self.plain(100), colors: frame < 10 ? grey : red, objects: Self.plain(0), uncovered: [Bool](repeating: false, count: 1200),
        learning)
    }
    model.move(previousFromPresent: .identity)
    #expect((model.chroma[600].y < 1) == (greatestDifference == 5))
  }

  @Test("the background follows the camera, within the grid and beyond it", arguments: [1.5, 12.0])
  func followsTheCamera(step: Double) {
    var ramp = Image(width: 40, height: 30, channels: 1)
    for y in 0..<30 {
      for x in 0..<40 { ramp[x, y] = UInt8(60 + 3 * x) }
    }
    var model = BackgroundModel(ramp)
    model.move(previousFromPresent: .translation(Point(step, 0)))
    #expect(abs(Double(model.mean[15 * 40 + 10]) - (60 + 3 * (10 + step))) < 0.01)
    #expect(model.age[15 * 40 + 10] > 0)
    #expect(model.age[15 * 40 + 39] == 0)
  }

  @Test("a change of exposure is measured and followed")
  func exposure() {
    var model = BackgroundModel(Image(width: 80, height: 60, channels: 1, pixels: [UInt8](repeating: 100, count: 4800)))
    let objects = Image(width: 80, height: 60, channels: 1)
    let bright = Image(width: 80, height: 60, channels: 1, pixels: [UInt8](repeating: 125, count: 4800))
    for _ in 0..<4 {
      let frame = Image(width: 80, height: 60, channels: 1, pixels: [UInt8](repeating: 100, count: 4800))
      model.learn(frame, objects: objects, uncovered: [Bool](repeating: false, count: 4800), Self.learning)
      model.move(previousFromPresent: .identity)
    }
    let gain = model.gain(of: bright)
    #expect(abs(gain - 1.25) < 0.01)
    model.brighten(by: gain)
    #expect(abs(model.mean[2000] - 125) < 1)
  }
}
