import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Detection

@Suite("Differences from two earlier frames")
struct FrameDifferenceTests {
  /// A bright square of 6×6 pixels over a textured ground, fast enough that its places in the three frames lie apart.
  static let flyer = MovingScene.Object(place: { t in
    OrientedBox(center: Point(40 + 120 * t, 90 + 30 * t), width: 6, height: 6, angle: 0)
  })

  /// The spots of each frame, with the scene's own exact motion.
  static func run(_ scene: MovingScene, frames: Int) throws -> [[FrameDifference.Spot]] {
    var difference = FrameDifference()
    return try (0..<frames).map { frame in
      difference.move(previousFromPresent: scene.motion(frame).homography.inverse ?? .identity)
      let picture = try scene.picture(frame).gaussianBlurred(sigma: 0.8)
      let spots = try difference.spots(in: picture, time: scene.time(frame))
      difference.add(picture, time: scene.time(frame))
      return spots
    }
  }

  @Test("of a square and its shadow the square is a spot, where the scene's shadows are known")
  func shadow() throws {
    func picture(_ columns: Range<Int>, _ shaded: Range<Int>) -> Image {
      var image = Image(width: 80, height: 60, channels: 1, pixels: [UInt8](repeating: 120, count: 4800))
      image.grid.forEachPixel(columns: shaded, rows: 20..<30) { _, _, i in image.pixels[i] = 70 }
      image.grid.forEachPixel(columns: columns, rows: 20..<30) { _, _, i in image.pixels[i] = 220 }
      return image
    }
    var difference = FrameDifference()
    difference.add(picture(0..<0, 0..<0), time: 0)
    difference.add(picture(0..<0, 0..<0), time: 0.14)
    // The square on the left, its shadow on the right.
    let present = picture(30..<40, 40..<50)
    let whole = try difference.spots(in: present, time: 0.28).map(\.box)
    let trimmed = try difference.spots(in: present, time: 0.28, light: SceneLight(level: Float(log(70.0 / 120)), black: 0)).map(
      \.box)
    #expect(whole == [AxisBox(left: 30, top: 20, width: 20, height: 10)])
    // A pixel beside it may be its own.
    #expect(trimmed == [AxisBox(left: 30, top: 20, width: 11, height: 10)])
  }

  @Test(
    "a square of six pixels is one spot in its place, seen by a standing or a moving camera", arguments: [false, true],
    [2.0, 30, 240])
  func movingSquare(moves: Bool, rate: Double) throws {
    var scene = MovingScene(width: 200, height: 160, framesPerSecond: rate, objects: [Self.flyer])
    if moves { scene.camera = { Homography.translation(Point(-20 * $0, 8 * $0)) } }
    // Half a second, and at least three frames.
    let frames = max(3, Int(rate / 2))
    let found = try Self.run(scene, frames: frames)
    #expect(found[0].isEmpty && found[1].isEmpty)
    let truth = try #require(scene.truth(frames - 1).first)
    let spot = try #require(found[frames - 1].first)
    #expect(found[frames - 1].count == 1)
    #expect((spot.box.center - truth.mean).length < 2.5)
    #expect(spot.box.width <= 11 && spot.box.height <= 11)
    #expect(spot.strength >= 1)
  }

  @Test("noise, and ground that comes into view, give no spots")
  func ground() throws {
    var scene = MovingScene(width: 200, height: 160, noise: 2)
    #expect(try Self.run(scene, frames: 12).allSatisfy(\.isEmpty))
    scene.camera = { Homography.translation(Point(-200 * $0, 120 * $0)) }
    #expect(try Self.run(scene, frames: 12).allSatisfy(\.isEmpty))
  }

  @Test("a scene of many spots gives the strongest two hundred")
  func bound() throws {
    var difference = FrameDifference()
    var last: [FrameDifference.Spot] = []
    for frame in 0..<3 {
      var picture = Image(width: 640, height: 480, channels: 1, pixels: [UInt8](repeating: 20, count: 640 * 480))
      for k in 0..<300 {
        // Squares of 4×4 pixels, each brighter than the one before, which leave their places from frame to frame.
        let (left, top) = (8 + 30 * (k % 20) + 8 * frame, 8 + 30 * (k / 20))
        picture.grid.forEachPixel(columns: left..<left + 4, rows: top..<top + 4) { _, _, i in picture.pixels[i] = UInt8(30 + k / 2)
        }
      }
      last = try difference.spots(in: picture, time: Double(frame))
      difference.add(picture, time: Double(frame))
    }
    #expect(last.count == 200)
    #expect(zip(last, last.dropFirst()).allSatisfy { $0.strength >= $1.strength })
  }

  @Test("the columns that another picture shows are those whose centres the map brings into it", arguments: 0..<40)
  func seenColumns(seed: UInt64) {
    var random = TestRandom(seed: seed)
    func number(_ range: Double) -> Double { Double.random(in: -range...range, using: &random) }
    let map = Homography(
      1 + number(0.4), number(0.4), number(30), number(0.4), 1 + number(0.4), number(30), number(0.03), number(0.03), 1)
    let other = Image(width: 50, height: 33, channels: 1)
    let columns = SeenColumns(map, of: other)
    for y in 0..<40 {
      let seen = columns.inRow(y, width: 60)
      for x in 0..<60 {
        let depth = map.h31 * (Double(x) + 0.5) + map.h32 * (Double(y) + 0.5) + map.h33
        let place = map.apply(Point(Double(x) + 0.5, Double(y) + 0.5))
        let distance = min(place.x - 0.5, place.y - 0.5, 49.5 - place.x, 32.5 - place.y)
        // On the border itself rounding decides.
        guard abs(distance) > 1e-6, abs(depth) > 1e-4 else { continue }
        #expect(seen.contains(x) == (depth > 0 && distance > 0))
      }
    }
  }

  @Test("maps without sense show nothing or something, and are survived")
  func senselessMaps() {
    let other = Image(width: 50, height: 33, channels: 1)
    for map in [Homography(.nan, 0, 0, 0, 1, 0, 0, 0, 1), .translation(Point(1e9, 0)), Homography(0, 0, 0, 0, 0, 0, 0, 0, 1)] {
      #expect(SeenColumns(map, of: other).inRow(5, width: 60).isEmpty)
    }
    #expect(SeenColumns(.identity, of: other).inRow(5, width: 50) == 0..<50)
  }
}
