import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Scores of regions")
struct RegionScoreTests {
  static func sighting(
    area: Int = 200, unsupported: Double = 0, seenShare: Double = 1, wandered: Double = 20
  ) -> ObjectMemory.Sighting {
    ObjectMemory.Sighting(
      box: GaussianBox(AxisBox(left: 10, top: 10, width: 20, height: 20)), unsupported: unsupported, area: area, age: 1,
      seenShare: seenShare, wandered: wandered, mask: nil)
  }

  static func score(_ sighting: ObjectMemory.Sighting) -> Double { RegionScore.score(of: sighting, leastArea: 46) }

  @Test("what is larger, steadier, and went farther is surer; what is not seen any more is less sure")
  func order() {
    let middle = Self.score(Self.sighting())
    #expect((0...1).contains(middle))
    #expect(Self.score(Self.sighting(area: 400)) > middle)
    #expect(Self.score(Self.sighting(wandered: 40)) > middle)
    #expect(Self.score(Self.sighting(seenShare: 0.5)) < middle)
    #expect(Self.score(Self.sighting(unsupported: 0.5)) < middle)
  }

  @Test("what has never moved begins no track, however steadily it differs", arguments: [0, 1, 2])
  func standing(seed: Int) {
    #expect(Self.score(Self.sighting(area: 46 << seed, wandered: 0)) < MotionDetector.neutralScore)
    #expect(Self.score(Self.sighting(wandered: 20)) > MotionDetector.neutralScore)
  }

  @Test("the way is measured against the ground, whatever the camera does")
  func way() throws {
    // The camera turns the ground by 3 pixels a frame to the left; the object goes 2 pixels a frame to the right in the picture.
    var memory = ObjectMemory(settings: .init())
    for step in 0..<8 {
      let place = ObjectMemoryTests.place(step)
      let frame = ObjectMemoryTests.frame(place)
      let seen = memory.update(
        [try ObjectMemoryTests.region(place, frame)], frame: frame, presentFromPrevious: .translation(Point(-3, 0)),
        time: Double(step) / 25, seconds: 0.04)
      let sighting = try #require(seen.first)
      #expect(abs(sighting.wandered - 5 * Double(step)) < 2.5)
      #expect(sighting.seenShare == 1)
    }
  }
}
