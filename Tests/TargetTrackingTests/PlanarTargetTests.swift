import Detection
import Foundation
import Geometry
import Imaging
import Testing

@testable import TargetTracking

/// A flat target that is moved through pictures by maps that are known exactly.
@Suite struct PlanarTargetTests {
  private static let size = (width: 480, height: 360)
  /// The target's own picture: 160×120 pixels.
  private static let target = texture(width: 160, height: 120, seed: 5)
  private static let ground = texture(width: 480, height: 360, seed: 1)

  /// Smooth blotches on blocks.
  private static func texture(width: Int, height: Int, seed: UInt64) -> Image {
    var generator = SplitMix64(seed: seed)
    func grid(_ cell: Int) -> [[Double]] {
      (0...(height / cell + 1)).map { _ in (0...(width / cell + 1)).map { _ in Double(generator.next() % 1_000) / 1_000 } }
    }
    let (blotches, blocks) = (grid(6), grid(17))
    var image = Image(width: width, height: height, channels: 1)
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = (Double(x) / 6, Double(y) / 6)
        let (i, j) = (Int(u), Int(v))
        let (a, b) = (u - Double(i), v - Double(j))
        let above = blotches[j][i] * (1 - a) + blotches[j][i + 1] * a
        let below = blotches[j + 1][i] * (1 - a) + blotches[j + 1][i + 1] * a
        let value = (above * (1 - b) + below * b + blocks[y / 17][x / 17]) / 2
        image[x, y] = UInt8(20 + 215 * value)
      }
    }
    return image
  }

  /// One grey level, of the target's size.
  private static func plain(_ level: UInt8) -> Image {
    Image(width: 160, height: 120, channels: 1, pixels: [UInt8](repeating: level, count: 160 * 120))
  }

  /// From the target's picture to frame `index`: it turns, tilts, nears and wanders.
  private static func map(_ index: Int) -> Homography {
    let t = Double(index)
    let tilt = Homography(1, 0, 0, 0, 1, 0, 4e-4 * sin(t / 9), 3e-4 * sin(t / 13), 1)
    let (c, s) = (cos(0.35 * sin(t / 15)), sin(0.35 * sin(t / 15)))
    let scale = 1 + 0.3 * sin(t / 20)
    let turn = Homography(scale * c, -scale * s, 0, scale * s, scale * c, 0, 0, 0, 1)
    return .translation(Point(240 + 60 * sin(t / 11), 180 + 40 * sin(t / 17))) * turn * tilt * .translation(Point(-80, -60))
  }

  /// - Parameter cover: Whether something else lies over the whole target.
  private static func picture(_ index: Int, cover: Bool = false, shows: Bool = true) throws -> Image {
    var image = ground
    if shows {
      let warped = try target.warped(by: map(index), width: size.width, height: size.height)
      let inside = try Self.plain(255).warped(
        by: map(index), width: size.width, height: size.height)
      for y in 0..<size.height {
        for x in 0..<size.width where inside[x, y] > 127 { image[x, y] = warped[x, y] }
      }
    }
    if cover {
      let sheet = texture(width: 300, height: 260, seed: 77)
      for y in 0..<260 {
        for x in 0..<300 { image[x + 90, y + 50] = sheet[x, y] }
      }
    }
    return image
  }

  private static func input(_ picture: Image, _ index: Int) -> DetectionInput {
    DetectionInput(
      image: picture, color: picture, displayWidth: size.width, displayHeight: size.height,
      motion: CameraMotion(status: .ok, homography: .identity, inliers: 100), time: Double(index) / 25, ordinal: index)
  }

  private static func error(_ found: DetectedBox, _ index: Int) -> Double {
    let truth = [Point(0, 0), Point(160, 0), Point(160, 120), Point(0, 120)].map(map(index).apply)
    return zip(found.corners ?? [], truth).map { ($0 - $1).length }.max() ?? .infinity
  }

  /// The corners are right to a pixel in each frame, and no error grows: each frame is laid onto the first picture.
  @Test func aPictureOfATargetIsFoundAndFollowed() throws {
    var detector = try PlanarTargetDetector(start: .picture(Self.target, seconds: 0))
    for index in 0..<40 {
      let found = try detector.detect(Self.input(Self.picture(index), index))
      let box = try #require(found.first, "frame \(index)")
      #expect(Self.error(box, index) < 1, "frame \(index)")
      #expect(box.score > 0.5)
    }
  }

  /// Pointed at by its box, where the first picture shows it upright.
  @Test func aBoxIsFollowed() throws {
    let box = AxisBox(left: 160, top: 120, width: 160, height: 120)
    var detector = try PlanarTargetDetector(start: .box(box, seconds: 0))
    for index in 0..<30 {
      let found = try detector.detect(Self.input(Self.picture(index), index))
      #expect(Self.error(try #require(found.first, "frame \(index)"), index) < 1, "frame \(index)")
    }
  }

  /// Covered at once, or out of sight: no box is told; and it is found again where it is.
  @Test(arguments: [true, false]) func aHiddenTargetHasNoBox(isCovered: Bool) throws {
    var detector = try PlanarTargetDetector(start: .picture(Self.target, seconds: 0))
    for index in 0..<8 { #expect(try detector.detect(Self.input(Self.picture(index), index)).count == 1) }
    for index in 8..<30 {
      let picture = try Self.picture(index, cover: isCovered, shows: isCovered)
      #expect(try detector.detect(Self.input(picture, index)).isEmpty, "frame \(index)")
    }
    for index in 60..<64 {
      let found = try detector.detect(Self.input(Self.picture(index), index))
      #expect(Self.error(try #require(found.first, "frame \(index)"), index) < 1, "frame \(index)")
    }
  }

  /// What is not there from the beginning is told of from when it is.
  @Test func aTargetThatComesLaterIsFoundThen() throws {
    var detector = try PlanarTargetDetector(start: .picture(Self.target, seconds: 0.2))
    for index in 0..<5 { #expect(try detector.detect(Self.input(Self.picture(index), index)).isEmpty) }
    #expect(try detector.detect(Self.input(Self.picture(6, shows: false), 6)).isEmpty)
    #expect(try detector.detect(Self.input(Self.picture(7), 7)).count == 1)
  }

  @Test func whatShowsNothingIsRefused() throws {
    let plain = Self.plain(90)
    #expect(throws: TargetError.self) { try PlanarTargetDetector(start: .picture(plain, seconds: 0)) }
    #expect(throws: TargetError.self) {
      try PlanarTargetDetector(start: .picture(Image(width: 900, height: 2, channels: 1), seconds: 0))
    }
    var outside = try PlanarTargetDetector(start: .box(AxisBox(left: 900, top: 0, width: 20, height: 20), seconds: 0))
    #expect(throws: TargetError.self) { try outside.detect(Self.input(Self.picture(0), 0)) }
  }
}
