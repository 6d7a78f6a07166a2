import Foundation
import Geometry
import Motion
import Testing

@testable import Tracking

/// What an unsure detection's score adds to the cost of a match (`TrackerSettings.doubtWeight`).
struct DoubtTests {
  private func settings(_ weight: Double) -> TrackerSettings {
    var settings = TrackerSettings()
    (settings.highScore, settings.neutralScore, settings.lowScore) = (0.2, 0.2, 0.01)
    settings.doubtWeight = weight
    return settings
  }

  /// The cost of the very place where a track is, from a detection of this score.
  private func cost(score: Double, weight: Double) -> Double? {
    let settings = settings(weight)
    guard let seen = Measurement(detection(100, 100), settings: settings),
      let next = Measurement(detection(101, 100, score: score), settings: settings)
    else { return nil }
    let track = Track(serial: 1, seen, FrameContext(), settings: settings)
    return Comparison(settings).evaluate(Prediction(track), track.motion, next)
  }

  @Test(arguments: [(0.01, log(0.25 * 99)), (0.1, log(0.25 * 9)), (0.2, 0), (0.9, 0)])
  func theOddsThatAreMissingAreAdded(score: Double, missing: Double) throws {
    let (without, with) = try (#require(cost(score: score, weight: 0)), #require(cost(score: score, weight: 1)))
    #expect(abs(with - without - missing) < 1e-12)
    let double = try #require(cost(score: score, weight: 2))
    #expect(abs(double - without - 2 * missing) < 1e-12)
  }

  /// A large object of which one frame shows a small, unlikely part: without doubt the part takes the track's shape, and the
  /// whole object begins another track.
  @Test(arguments: [(0.0, 2), (1.0, 1)])
  func anUnlikelyPartDoesNotTakeTheTrack(weight: Double, ids: Int) {
    var tracker = Tracker(settings: settings(weight))
    let outputs = tracker.run(times(rate: 24, until: 2)) { t in
      let x = 100 + 40 * t
      return (1...1.05).contains(t)
        ? [detection(x + 40, 75, width: 100, height: 55, score: 0.015)] : [detection(x, 100, width: 280, height: 160)]
    }
    #expect(Set(outputs.flatMap(\.tracks).map(\.id)).count == ids)
  }

  @Test func aNegativeWeightIsRefused() {
    #expect(throws: (any Error).self) { try settings(-1).check() }
  }
}
