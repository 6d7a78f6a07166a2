import Testing

@testable import Tracking

/// No limit of time is over after a single frame.
@Suite struct SlowStreamTests {
  /// A tracker in which only time ends a track.
  private func tracker() -> Tracker {
    var settings = TrackerSettings()
    settings.ending = 0
    settings.maximumUncertainty = 1_000
    return Tracker(settings: settings)
  }

  /// Seen in the first frame and never again: 0.3 seconds are over after the first frame at three a second and less.
  @Test(arguments: [0.5, 1.0, 2, 3, 5]) func aNewTrackSurvivesTwoMissedFramesAtAnyRate(rate: Double) {
    var tracker = tracker()
    let counts = times(rate: rate, until: 4 / rate).map { time in
      _ = tracker.run([time]) { $0 == 0 ? [detection(100, 100, score: 0.9)] : [] }
      return tracker.tracks.count
    }
    #expect(counts == [1, 1, 1, 0, 0])
  }

  @Test func atAHighRateTheLimitIsTheTime() {
    var tracker = tracker()
    let counts = times(rate: 20, until: 0.5).map { time in
      _ = tracker.run([time]) { $0 == 0 ? [detection(100, 100, score: 0.9)] : [] }
      return tracker.tracks.count
    }
    // 0.3 seconds are six frames.
    #expect(counts == [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0])
  }

  /// The detector is asked in every tenth frame of 25 a second.
  @Test func theFramesThatCountAreThoseInWhichTheDetectorIsAsked() {
    var tracker = tracker()
    var counts: [Int] = []
    for ordinal in 0...40 {
      let seen = ordinal == 0 ? [detection(100, 100, score: 0.9)] : []
      _ = tracker.update(
        TrackerInput(ordinal: ordinal, time: Double(ordinal) / 25, detections: ordinal % 10 == 0 ? seen : nil))
      counts.append(tracker.tracks.count)
    }
    #expect(counts[20] == 1 && counts[30] == 0)
  }

  /// Frames come at 25 a second, then not for ten seconds: what was seen before the pause has been gone for too long after it.
  @Test func aPauseMakesNoLimitLonger() {
    var tracker = Tracker()
    let before = times(rate: 25, until: 2)
    let outputs = tracker.run(before + before.map { $0 + 12 }) { $0 <= 2 ? [detection(100, 100)] : [] }
    #expect(outputs[before.count].endings.count == 1)
  }

  @Test func aLimitOfNothingStaysNothing() {
    var settings = TrackerSettings()
    settings.coasting = 0
    var tracker = Tracker(settings: settings)
    let outputs = tracker.run(times(rate: 2, until: 5)) { $0 <= 3 ? [detection(100, 100)] : [] }
    #expect(outputs[6].tracks.count == 1 && outputs[7].tracks.isEmpty)
  }
}
