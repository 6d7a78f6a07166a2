import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import PictureTraining

@Suite("Changed pictures keep their boxes")
struct PictureChangeTests {
  /// A bright box, sampled by a change, has its moments where the change says that the box goes.
  @Test func pixelsAndBoxesMoveAlike() throws {
    var random = SplitMix64(seed: 3)
    var augmentation = Augmentation()
    (augmentation.turn, augmentation.flipsUpright, augmentation.noise, augmentation.brightness, augmentation.contrast) = (
      .pi, true, 0, 0, 1
    )
    for _ in 0..<12 {
      let box = OrientedBox(
        center: Point(80 + 20 * random.uniform(), 70 + 20 * random.uniform()), width: 40, height: 16, angle: 3 * random.uniform())
      let pixels = TrainingPixels(Self.picture(of: box, width: 180, height: 160))
      var change = PictureChange(augmentation, boxes: [], width: 180, height: 160, side: 128, &random)
      change.center = Point(90, 80)
      var values = [Float](repeating: 0, count: 3 * 128 * 128)
      values.withUnsafeMutableBufferPointer { PictureSampler.fill($0, pixels, change, width: 128, height: 128, &random) }
      let expected = GaussianBox(change.box(box, middle: Point(64, 64)))
      let found = Self.moments(values[..<(128 * 128)], around: expected)
      #expect((found.mean - expected.mean).length < 0.1)
      // What the shading of border pixels and their mixing adds to the moments: less than a square pixel at the scales that there are.
      for (a, b) in [
        (found.covariance.xx, expected.covariance.xx), (found.covariance.xy, expected.covariance.xy),
        (found.covariance.yy, expected.covariance.yy),
      ] { #expect(abs(a - b) < 1) }
    }
  }

  @Test(arguments: [0.5, 1, 2]) func greysAreBentByThePower(exponent: Double) {
    let greys: [UInt8] = [0, 1, 51, 128, 200, 255]
    let (side, width) = (64, 128)
    for grey in greys {
      let pixels = TrainingPixels(
        Image(width: width, height: width, channels: 1, pixels: [UInt8](repeating: grey, count: width * width)))
      var change = PictureChange(center: Point(64, 64))
      (change.exponent, change.gain, change.offset) = (exponent, 0.5, 0.1)
      var values = [Float](repeating: -1, count: 3 * side * side)
      var random = SplitMix64(seed: 1)
      values.withUnsafeMutableBufferPointer { PictureSampler.fill($0, pixels, change, width: side, height: side, &random) }
      let expected = 0.5 * (pow(Double(grey) / 255, exponent) - 0.5) + 0.5 + 0.1
      #expect(values.allSatisfy { abs(Double($0) - expected) < 1e-5 }, "grey \(grey)")
    }
  }

  /// Each pixel has the share of it that the box covers, by four by four points.
  private static func picture(of box: OrientedBox, width: Int, height: Int) -> Image {
    var image = Image(width: width, height: height, channels: 1)
    let (c, s) = (cos(box.angle), sin(box.angle))
    for place in 0..<width * height {
      let hits = (0..<16).count { part in
        let corner = Point(Double(place % width) + Double(part % 4) / 4, Double(place / width) + Double(part / 4) / 4)
        let d = corner + Point(0.125, 0.125) - box.center
        return abs(c * d.x + s * d.y) <= box.width / 2 && abs(c * d.y - s * d.x) <= box.height / 2
      }
      image.pixels[place] = UInt8(hits * 255 / 16)
    }
    return image
  }

  /// Of the brightness around a box.
  private static func moments(_ plane: ArraySlice<Float>, around box: GaussianBox) -> GaussianBox {
    var (mass, sum) = (0.0, Point(0, 0))
    var squares = (xx: 0.0, xy: 0.0, yy: 0.0)
    let reach = 2.5 * box.covariance.trace.squareRoot()
    for (place, value) in plane.enumerated() {
      let d = Point(Double(place % 128) + 0.5, Double(place / 128) + 0.5) - box.mean
      guard d.length < reach else { continue }
      let weight = Double(value)
      mass += weight
      sum = sum + d * weight
      squares = (squares.xx + weight * d.x * d.x, squares.xy + weight * d.x * d.y, squares.yy + weight * d.y * d.y)
    }
    let mean = sum / mass
    return GaussianBox(
      mean: box.mean + mean,
      covariance: SymmetricMatrix2(
        xx: squares.xx / mass - mean.x * mean.x, xy: squares.xy / mass - mean.x * mean.y, yy: squares.yy / mass - mean.y * mean.y))
  }

  @Test func theSameSeedChangesAlikeAndAnotherOneDoesNot() throws {
    let made = MadePictures(side: 96, seeds: 0..<4)
    let examples = DetectorExamples(made.pictures, from: made, augmentation: Augmentation(), side: 64, classCount: 2)
    let first = try examples.batch([0, 2], seed: 9)
    let again = try examples.batch([0, 2], seed: 9)
    let other = try examples.batch([0, 2], seed: 10)
    #expect(first == again)
    #expect(first["pictures"] != other["pictures"])
    #expect(first["pictures"]?.shape == [2, 3, 64, 64])
    #expect(first["boxes"]?.shape == [2, 5, 16, 16])
  }
}
