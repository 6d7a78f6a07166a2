import Foundation
import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Extents of small things")
struct SmallPartsTests {
  static let (width, height) = (80, 60)

  /// The exact picture of a rectangle on a grey ground, by 8×8 samples a pixel, blurred as the detector blurs.
  static func picture(_ box: OrientedBox?, level: Double = 180) throws -> Image {
    var image = Image(width: width, height: height, channels: 1)
    let turn = Matrix2(rotation: -(box?.angle ?? 0))
    image.grid.forEachPixel { x, y, i in
      var inside = 0.0
      for k in 0..<64 {
        guard let box else { break }
        let place = Point(Double(x) + (Double(k % 8) + 0.5) / 8, Double(y) + (Double(k / 8) + 0.5) / 8)
        let local = turn * (place - box.center)
        if abs(local.x) < box.width / 2, abs(local.y) < box.height / 2 { inside += 1.0 / 64 }
      }
      image.pixels[i] = UInt8(90 + (level - 90) * inside)
    }
    return try image.gaussianBlurred(sigma: MotionDetector.smoothing)
  }

  static func differences(_ frame: Image, _ mean: Image) -> Image {
    var result = frame
    for i in frame.pixels.indices { result.pixels[i] = abs(Int(frame.pixels[i]) - Int(mean.pixels[i])) > 4 ? 255 : 0 }
    return result
  }

  @Test("the box is the rectangle with the blurred one's moments", arguments: [0.0, 0.4, -0.7], [(3.0, 5.0), (4, 9), (6, 6.5)])
  func size(angle: Double, sides: (Double, Double)) throws {
    let truth = OrientedBox(center: Point(40.3, 29.6), width: max(sides.0, sides.1), height: min(sides.0, sides.1), angle: angle)
    let (frame, mean) = (try Self.picture(truth), try Self.picture(nil))
    let parts = try SmallParts(
      frame: frame, mean: mean, evidence: Self.differences(frame, mean), isShade: { _ in false }, leastRegion: 200)
    #expect(parts.boxes.count == 1)
    let box = try #require(parts.boxes.first).orientedBox
    #expect((box.center - truth.center).length < 0.15)
    // Moments add up: those of the rectangle, of the blur, and of the pixels, less what is too faint to count.
    func blurred(_ side: Double) -> Double {
      (side * side + 12 * MotionDetector.smoothing * MotionDetector.smoothing + 1).squareRoot()
    }
    #expect(abs(box.width - blurred(truth.width)) < 0.7 && abs(box.height - blurred(truth.height)) < 0.7)
  }

  @Test("what may be shade, what is a region, and pairs of pixels are none")
  func others() throws {
    let box = OrientedBox(center: Point(40, 30), width: 6, height: 6, angle: 0)
    let (frame, mean) = (try Self.picture(box), try Self.picture(nil))
    let evidence = Self.differences(frame, mean)
    #expect(try SmallParts(frame: frame, mean: mean, evidence: evidence, isShade: { _ in true }, leastRegion: 200).boxes.isEmpty)
    #expect(try SmallParts(frame: frame, mean: mean, evidence: evidence, isShade: { _ in false }, leastRegion: 20).boxes.isEmpty)
    var pair = Image(width: Self.width, height: Self.height, channels: 1)
    (pair[10, 10], pair[11, 10]) = (255, 255)
    #expect(try SmallParts(frame: frame, mean: mean, evidence: pair, isShade: { _ in false }, leastRegion: 20).boxes.isEmpty)
  }
}
