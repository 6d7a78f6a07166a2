import Geometry
import Imaging
import Testing

@testable import Orientation

@Suite struct AppearanceTests {
  static let truth = Homography.translation(Point(6, -4))

  static func frames() throws -> (Image, Image) {
    let first = try Scene.frame(Scene.ground(), Scene.window)
    return (Scene.withNoise(first, seed: 1), Scene.withNoise(try first.warped(by: truth, border: .replicated), seed: 2))
  }

  @Test func thePictureVotesForTheTrueMap() throws {
    let (first, second) = try Self.frames()
    let appearance = Appearance(first, second, masks: [])
    for other in [Homography.identity, .translation(Point(5, -4)), .translation(Point(-6, 4)), Scene.turn(1)] {
      #expect(appearance.prefers(Self.truth, to: other))
      #expect(!appearance.prefers(other, to: Self.truth))
    }
    #expect(!appearance.prefers(Self.truth, to: Self.truth))
  }

  @Test func aChangeOfLightDoesNotMatter() throws {
    let (first, second) = try Self.frames()
    var dim = second
    dim.pixels = second.pixels.map { UInt8(min(255, 0.7 * Double($0) + 30)) }
    #expect(Appearance(first, dim, masks: []).prefers(Self.truth, to: .identity))
  }

  @Test func anObjectIsOutvotedAndAMaskedOneHasNoVote() throws {
    let (first, second) = try Self.frames()
    let box = AxisBox(left: 300, top: 100, width: 700, height: 500)
    // The object stands still while the rest moves.
    let object = try Scene.textured(width: 350, height: 250, count: 900, seed: 9)
    let frames = (Scene.pasting(object, into: first, at: box), Scene.pasting(object, into: second, at: box))
    let votes = Appearance(frames.0, frames.1, masks: []).votes(for: Self.truth, against: .identity)
    #expect(votes.for > 20 && votes.against > 8)
    let mask = ObjectMask(OrientedBox(box), scale: Point(0.5, 0.5))
    #expect(Appearance(frames.0, frames.1, masks: [mask]).votes(for: Self.truth, against: .identity).against == 0)
  }

  @Test func mapsWithoutOverlapHaveNoVotes() throws {
    let image = try Scene.frame(Scene.ground(), Scene.window)
    let appearance = Appearance(image, image, masks: [])
    for map in [Homography.translation(Point(5_000, 0)), .translation(Point(.nan, 0)), .scaling(1e300, 1e300)] {
      #expect(appearance.votes(for: map, against: .identity) == (0, 0))
    }
    let tiny = Image(width: 1, height: 1, channels: 1)
    #expect(Appearance(tiny, tiny, masks: []).votes(for: .identity, against: .identity) == (0, 0))
  }
}
