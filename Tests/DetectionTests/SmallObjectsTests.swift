import Geometry
import Testing

@testable import Detection

@Suite("Small objects")
struct SmallObjectsTests {
  /// What is remembered of spots that stood in these places for so many frames of 25 a second.
  static func objects(
    _ centers: [Point], strength: Double = 4, frames: Int = 10, display: Int = 1, extents: [GaussianBox] = []
  ) -> SmallObjects {
    var memory = SpotMemory()
    var last: [SpotMemory.Entry] = []
    for frame in 0..<frames {
      last = memory.update(
        centers.map { SpotMemoryTests.spot($0, strength: strength) }, presentFromPrevious: .identity, extents: extents,
        time: 0.04 * Double(frame), seconds: 0.04)
    }
    let scale = WorkingScale(
      imageWidth: 640, imageHeight: 480, displayWidth: 640 * display, displayHeight: 480 * display, pixels: 640 * 480)
    return SmallObjects(spots: last, scale: scale, displaySize: (scale.width, scale.height))
  }

  static func large(_ box: OrientedBox, score: Double = 0.1) -> DetectedBox {
    DetectedBox(box: GaussianBox(box), score: score, index: 0)
  }

  @Test("a spot alone is an object in displayed pixels, with a score that makes a track")
  func alone() throws {
    let found = Self.objects([Point(100, 80)], display: 3).joined(with: [])
    let box = try #require(found.first?.box.orientedBox)
    #expect(found.count == 1)
    #expect((box.center - Point(300, 240)).length < 1e-6)
    #expect(abs(box.width - 18) < 1e-6 && abs(box.height - 18) < 1e-6)
    #expect(found[0].score > MotionDetector.neutralScore && found[0].score < 1)
    #expect(found[0].centerCovariance?.isPositiveDefinite == true)
  }

  @Test("strength and time raise the score, company lowers it")
  func score() throws {
    func score(_ objects: SmallObjects) throws -> Double { try #require(objects.joined(with: []).first).score }
    let usual = try score(Self.objects([Point(100, 80)]))
    #expect(try score(Self.objects([Point(100, 80)], strength: 8)) > usual)
    #expect(try score(Self.objects([Point(100, 80)], frames: 30)) > usual)
    #expect(try score(Self.objects([Point(100, 80), Point(120, 80), Point(100, 100)])) < usual)
    // A tenth of the picture's width is 64 pixels.
    #expect(try score(Self.objects([Point(100, 80), Point(165, 80)])) == usual)
  }

  @Test("a spot that is most of a large box lends it its score, one that is a part of it does not")
  func lending() {
    // The spots are 6×6 pixels.
    let box = Self.large(OrientedBox(center: Point(200, 200), width: 8, height: 7, angle: 0))
    let same = Self.objects([Point(200, 200)]).joined(with: [box])
    #expect(same.count == 1 && same[0].score > MotionDetector.neutralScore && same[0].box == box.box)
    // A better score of the large box stays.
    let sure = Self.large(OrientedBox(center: Point(200, 200), width: 8, height: 7, angle: 0), score: 1)
    #expect(Self.objects([Point(200, 200)]).joined(with: [sure]) == [sure])
    let person = Self.large(OrientedBox(center: Point(200, 200), width: 20, height: 40, angle: 0))
    #expect(Self.objects([Point(200, 215)]).joined(with: [person]) == [person])
  }

  @Test("a spot at a large box's fringe is part of it, others stay objects")
  func joining() {
    let box = Self.large(OrientedBox(center: Point(200, 200), width: 80, height: 40, angle: 0))
    let fringe = Self.objects([Point(246, 200)]).joined(with: [box])
    #expect(fringe == [box])
    let beside = Self.objects([Point(290, 200)]).joined(with: [box])
    #expect(beside.count == 2 && beside[0] == box && beside[1].index == 1)
  }

  @Test("spots that show parts of one extent are one object with its box, others keep theirs")
  func extents() throws {
    // Two ends of a person of 8×14 pixels who has gone a little to the right, and a bird.
    let person = GaussianBox(OrientedBox(center: Point(100, 82), width: 14, height: 8, angle: 1.4))
    let found = Self.objects([Point(97, 80), Point(104, 84), Point(300, 80)], extents: [person]).joined(with: [])
    #expect(found.count == 2)
    #expect((found[0].box.mean - person.mean).length < 1e-6 && abs(found[0].box.orientedBox.width - 14) < 1e-6)
    #expect((found[1].box.mean - Point(300, 80)).length < 1e-6)
  }
}
