import Foundation
import Geometry
import TestSupport
import Testing

@testable import Tracking

@Suite struct TrackerTests {
  @Test func followsTwoObjectsThatCrossEachWithItsOwnId() {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 10, until: 4)) { t in
      [detection(100 + 50 * t, 100), detection(300 - 50 * t, 130)]
    }
    for output in outputs.dropFirst(5) {
      #expect(output.tracks.map(\.id) == [1, 2])
    }
    let last = outputs[40].tracks
    #expect(abs(last[0].box.center.x - 300) < 1 && abs(last[1].box.center.x - 100) < 1)
    #expect(abs(last[0].velocity.x - 50) < 2.5 && abs(last[1].velocity.x + 50) < 2.5)
  }

  @Test func theSameInputGivesTheSameOutput() {
    func run() -> [[TrackSnapshot]] {
      var generator = TestRandom(seed: 3)
      var tracker = Tracker()
      return tracker.run(times(rate: 20, until: 3)) { t in
        (0..<12).map { k in
          detection(
            80 * Double(k) + 30 * t + generator.normal(), 200 + generator.normal(),
            score: Double.random(in: 0.3...1, using: &generator), index: k)
        }
      }.map(\.tracks)
    }
    #expect(run() == run())
  }

  @Test func idsAreGivenAtConfirmationWithoutHolesAndNeverTwice() {
    var generator = TestRandom(seed: 17)
    var tracker = Tracker()
    var seen: [Int] = []
    var ended = Set<Int>()
    for frame in 0..<600 {
      // Objects of two seconds at changing places among clutter of single frames.
      var boxes = (0..<5).map { k in
        let phase = (frame + 8 * k) / 40
        return detection(Double((phase * 211 + k * 307) % 1500), Double((phase * 131 + k * 97) % 900))
      }
      for _ in 0..<3 {
        boxes.append(
          detection(
            Double.random(in: 0...1500, using: &generator), Double.random(in: 0...900, using: &generator), score: 0.6))
      }
      let output = tracker.update(
        TrackerInput(ordinal: frame, time: Double(frame) / 20, detections: boxes, width: 1500, height: 900))
      for track in output.tracks {
        #expect(!ended.contains(track.id))
        if !seen.contains(track.id) { seen.append(track.id) }
      }
      #expect(output.tracks.map(\.id) == output.tracks.map(\.id).sorted())
      for ending in output.endings { #expect(ended.insert(ending.id).inserted) }
    }
    for ending in tracker.finish().endings {
      #expect(ending.reason == .finished)
      #expect(ended.insert(ending.id).inserted)
    }
    #expect(seen.sorted() == Array(1...seen.count))
    #expect(ended == Set(seen))
    #expect(seen.count >= 60)
  }

  @Test func unsureDetectionsProlongTracksAndBeginNone() {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 10, until: 4)) { t in
      [detection(100 + 20 * t, 100, score: t < 1 ? 0.95 : 0.65), detection(500, 300, score: 0.65)]
    }
    #expect(outputs[12].tracks.map(\.observation) == [.observed])
    #expect(outputs.allSatisfy { $0.tracks.allSatisfy { $0.id == 1 } })
  }

  /// Weak evidence over many frames confirms no track; strong evidence does so at once.
  @Test func scoresDecideHowFastATrackIsConfirmed() {
    func firstFrame(score: Double) -> Int? {
      var tracker = Tracker()
      return tracker.run(times(rate: 10, until: 3)) { _ in [detection(100, 100, score: score)] }
        .firstIndex { !$0.tracks.isEmpty }
    }
    #expect(firstFrame(score: 1) == 0)
    #expect(firstFrame(score: 0.9) ?? 99 <= 2)
    #expect(firstFrame(score: 0.55) == nil)
  }

  @Test func aTrackWhoseScoresTurnPoorIsNoLongerReported() {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 10, until: 10)) { t in [detection(100, 100, score: t < 1 ? 0.9 : 0.15)] }
    #expect(!outputs[10].tracks.isEmpty)
    #expect(outputs[100].tracks.isEmpty)
  }

  @Test func theClassIsAVoteAndTheRawOneIsKept() {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 10, until: 3)) { t in
      [detection(100, 100, class: Int(t * 10 + 0.5) % 4 == 3 ? 7 : 2)]
    }
    for (frame, output) in outputs.enumerated() {
      #expect(output.tracks.map(\.classIndex) == [2])
      #expect(output.tracks.map(\.rawClassIndex) == [frame % 4 == 3 ? 7 : 2])
    }
  }

  @Test func classesAreKeptApartOnRequest() {
    var settings = TrackerSettings()
    settings.isClassAgnostic = false
    var tracker = Tracker(settings: settings)
    let outputs = tracker.run(times(rate: 10, until: 1)) { t in [detection(100, 100, score: 1, class: t < 0.5 ? 0 : 1)] }
    #expect(outputs[4].tracks.map(\.id) == [1])
    #expect(outputs[10].tracks.first { $0.observation == .observed }?.id == 2)
  }

  @Test func aCutEndsAllTracksOrNoneOnRequest() {
    for cuts in TrackerSettings.Cuts.allCases {
      var settings = TrackerSettings()
      settings.cuts = cuts
      var tracker = Tracker(settings: settings)
      _ = tracker.run(times(rate: 10, until: 1)) { _ in [detection(100, 100)] }
      let output = tracker.update(
        TrackerInput(
          ordinal: 11, time: 1.1, detections: [detection(100, 100, score: 1)],
          motion: CameraMotion(status: .cut, homography: .identity, inliers: 0)))
      #expect(output.endings.map(\.reason) == (cuts == .reset ? [.cut] : []))
      #expect(output.tracks.map(\.id) == [cuts == .reset ? 2 : 1])
    }
  }

  @Test func detectionIndicesPointIntoTheSourcesList() {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 10, until: 1)) { _ in
      [
        detection(.nan, 0, index: 0), detection(500, 100, index: 1), detection(10, 10, width: 0, index: 2),
        detection(100, 100, index: 3),
      ]
    }
    #expect(Set(outputs[10].tracks.compactMap(\.detectionIndex)) == [1, 3])
  }

  @Test func detectedBoxesAreReportedUntouchedOnRequest() throws {
    var settings = TrackerSettings()
    settings.boxes = .detected
    var generator = TestRandom(seed: 4)
    var tracker = Tracker(settings: settings)
    for frame in 0..<20 {
      let box = OrientedBox(
        center: Point(100 + generator.normal(), 100), width: 40 + generator.normal(), height: 20,
        angle: 0.1 * generator.normal())
      let output = tracker.update(
        TrackerInput(
          ordinal: frame, time: Double(frame) / 10, detections: [DetectedBox(box: GaussianBox(box), score: 1)]))
      let track = try #require(output.tracks.first)
      #expect(track.box.iou(with: box) > 1 - 1e-9)
    }
  }

  @Test func forecastsMoveOnAndGrowUncertain() {
    var settings = TrackerSettings()
    settings.forecastTimes = [0, 0.5, 1]
    settings.velocityFading = 1e6
    var tracker = Tracker(settings: settings)
    let outputs = tracker.run(times(rate: 10, until: 3)) { t in [detection(100 + 60 * t, 100)] }
    let track = outputs[30].tracks[0]
    #expect(track.forecast.map(\.time) == [3, 3.5, 4])
    #expect(track.forecast[0].center == track.box.center)
    #expect(abs(track.forecast[2].center.x - 340) < 2)
    #expect(zip(track.forecast, track.forecast.dropFirst()).allSatisfy { $0.covariance.xx < $1.covariance.xx })
  }

  @Test(arguments: TrackerSettings.Cost.allCases)
  func everyCostFollowsAnObject(cost: TrackerSettings.Cost) {
    var settings = TrackerSettings()
    settings.cost = cost
    if cost == .iou || cost == .rotatedIoU {
      settings.maximumCost = 0.9
      settings.rarityWeight = 0
    }
    var tracker = Tracker(settings: settings)
    let outputs = tracker.run(times(rate: 25, until: 3)) { t in
      [detection(100 + 60 * t, 100, angle: 0.3 * t), detection(100 + 60 * t, 160, angle: 0.3 * t)]
    }
    #expect(outputs.last?.tracks.map(\.id) == [1, 2])
  }
}
