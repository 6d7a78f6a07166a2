import Geometry
import Imaging
import ModelFiles
import NetworkDetection
import Testing

@Suite struct PictureFitTests {
  @Test func lettersBoxesAsTheExportersDo() {
    let wide = PictureFit(.centred, picture: (600, 400), input: (640, 640))
    #expect((wide.width, wide.height, wide.left, wide.top) == (640, 427, 0, 106))
    let street = PictureFit(.centred, picture: (1242, 375), input: (640, 640))
    #expect((street.width, street.height, street.left, street.top) == (640, 193, 0, 223))
    let tall = PictureFit(.centred, picture: (333, 517), input: (640, 640))
    #expect((tall.width, tall.height, tall.left, tall.top) == (412, 640, 114, 0))
  }

  @Test(arguments: [PictureFitting.centred, .topLeft, .stretched]) func boxesComeBackToWhereTheyWere(fitting: PictureFitting) {
    let fit = PictureFit(fitting, picture: (1000, 500), input: (400, 320))
    let whole = fit.picture(
      OrientedBox(
        center: Point(Double(fit.left) + Double(fit.width) / 2, Double(fit.top) + Double(fit.height) / 2), width: Double(fit.width),
        height: Double(fit.height), angle: 0))
    #expect(
      abs(whole.center.x - 500) < 1 && abs(whole.center.y - 250) < 1 && abs(whole.width - 1000) < 2 && abs(whole.height - 500) < 2)
  }

  @Test func channelsMarginsAndDivisorAreTheNetworks() throws {
    var picture = Image(width: 4, height: 2, channels: 3)
    for pixel in 0..<8 {
      (picture.pixels[3 * pixel], picture.pixels[3 * pixel + 1], picture.pixels[3 * pixel + 2]) = (51, 102, 204)
    }
    let (tensor, _) = try PictureRule(fitting: .centred, isRGB: true, divisor: 255).planes(picture, width: 8, height: 8)
    let values = try #require(tensor.values(Float.self))
    func value(_ channel: Int, _ x: Int, _ y: Int) -> Float { values[channel * 64 + y * 8 + x] }
    #expect(value(0, 4, 4) == 0.8 && value(1, 4, 4) == 0.4 && value(2, 4, 4) == 0.2)
    #expect(value(0, 4, 0) == 114 / 255 && value(2, 0, 7) == 114 / 255)
    let (plain, _) = try PictureRule(fitting: .topLeft, isRGB: false, divisor: 1).planes(picture, width: 8, height: 8)
    let bytes = try #require(plain.values(Float.self))
    #expect(bytes[0] == 51 && bytes[64] == 102 && bytes[128] == 204 && bytes[63] == 114)
  }

  /// A picture as wide as the input is not interpolated: each pixel is at its own place below the margin.
  @Test func pixelsOfTheInputsSizeStayAsTheyAre() throws {
    let picture = Image(width: 6, height: 2, channels: 3, pixels: (0..<36).map { UInt8(7 * $0) })
    let (tensor, fit) = try PictureRule(fitting: .centred, isRGB: true, divisor: 255).planes(picture, width: 6, height: 6)
    let values = try #require(tensor.values(Float.self))
    #expect((fit.left, fit.top, fit.width, fit.height) == (0, 2, 6, 2))
    for channel in 0..<3 {
      for (x, y) in (0..<12).map({ ($0 % 6, $0 / 6) }) {
        #expect(values[channel * 36 + (y + 2) * 6 + x] == Float(7 * (3 * (y * 6 + x) + 2 - channel)) / 255)
      }
      #expect(values[channel * 36 + 11] == 114 / 255 && values[channel * 36 + 24] == 114 / 255)
    }
  }

  /// Squares of numbers become what a picture of the same numbers as bytes becomes.
  @Test(arguments: [
    PictureRule(fitting: .topLeft, isRGB: false, divisor: 1), PictureRule(fitting: .centred, isRGB: true, divisor: 255),
    PictureRule(fitting: .stretched, isRGB: false, divisor: 255),
  ])
  func squaresOfNumbersAreSeenAsPicturesAre(rule: PictureRule) throws {
    let picture = Image(width: 4, height: 3, channels: 3, pixels: (0..<36).map { UInt8(7 * $0) })
    let numbers = (0..<3).flatMap { channel in (0..<12).map { Float(picture.pixels[3 * $0 + 2 - channel]) / 255 } }
    // A slice that does not begin at zero.
    let values = try rule.planes(unit: ([9] + numbers)[1...], width: 4, height: 3).values(Float.self)
    let expected = try #require(try rule.planes(picture, width: 4, height: 3).tensor.values(Float.self))
    for (a, b) in zip(try #require(values), expected) { #expect(abs(a - b) <= 1e-6 * max(1, b)) }
    #expect(values?.count == 36)
  }

  /// A ramp stays a ramp between the centres of its pixels.
  @Test func interpolatesBetweenCentres() {
    let axis = BilinearAxis(from: 4, to: 8)
    let values = (0..<8).map { Double(axis.low[$0]) * Double(1 - axis.share[$0]) + Double(axis.high[$0]) * Double(axis.share[$0]) }
    let expected = (0..<8).map { min(3, max(0, (Double($0) + 0.5) / 2 - 0.5)) }
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
