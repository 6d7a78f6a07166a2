import Geometry
import TestSupport
import Testing

@testable import Tracking

@Suite struct LifeCycleTests {
  /// Times of about `rate` frames per second that come early and late.
  private func uneven(rate: Double, until end: Double, seed: UInt64) -> [Double] {
    var generator = TestRandom(seed: seed)
    var time = 0.0
    var result: [Double] = []
    while time <= end {
      result.append(time)
      time += Double.random(in: 0.3...1.7, using: &generator) / rate
    }
    return result
  }

  /// An object seen until second 3: its track ends after the same time whatever the frame rate, within one frame.
  @Test(arguments: [5.0, 10, 25, 60])
  func aTrackThatIsNotSeenEndsAfterTheSameSecondsAtAnyRate(rate: Double) {
    var settings = TrackerSettings()
    settings.maximumGap = 1.5
    settings.ending = 0
    settings.maximumUncertainty = 100
    for times in [times(rate: rate, until: 8), uneven(rate: rate, until: 8, seed: 4)] {
      var tracker = Tracker(settings: settings)
      let outputs = tracker.run(times) { t in t <= 3 ? [detection(100, 100)] : [] }
      let endings = outputs.flatMap(\.endings)
      #expect(endings.map(\.reason) == [.expired])
      let last = times.last { $0 <= 3 } ?? 0
      let next = times.first { $0 > last + 1.5 } ?? 0
      #expect(endings.first?.time == next)
      #expect(endings.first.map { times[$0.lastSeenOrdinal] } == last)
    }
  }

  /// Evidence is weighed by time: the same scores confirm after about the same time at any rate.
  @Test func aWeakTrackIsConfirmedAfterTheSameSecondsAtAnyRate() {
    var delays: [Double] = []
    for rate in [20.0, 40, 80, 160] {
      var tracker = Tracker()
      let times = times(rate: rate, until: 3)
      let outputs = tracker.run(times) { _ in [detection(100, 100, score: 0.8)] }
      delays.append(outputs.firstIndex { !$0.tracks.isEmpty }.map { times[$0] } ?? 99)
    }
    #expect((delays.max() ?? 99) - (delays.min() ?? 0) <= 0.06, "\(delays)")
  }

  @Test func aGapIsBridgedWithCoastingRowsAndTheSameId() throws {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 10, until: 5)) { t in
      t > 2.05 && t < 2.75 ? [] : [detection(100 + 40 * t, 100, score: 0.99)]
    }
    let hidden = try #require(outputs[25].tracks.first)
    #expect(hidden.state == .coasting && hidden.observation == .predicted)
    #expect(hidden.detectionIndex == nil && hidden.rawClassIndex == nil)
    #expect(abs(hidden.box.center.x - 200) < 8)
    #expect(outputs[30].tracks.map(\.id) == [1] && outputs[30].tracks.map(\.state) == [.confirmed])
  }

  /// One object that is not detected may be hidden; a frame in which none of five is was lost, and tells of none.
  @Test func aFrameWithoutAnyOfSeveralObjectsCountsAgainstNone() throws {
    func run(objects: Int) -> [TrackerOutput] {
      var tracker = Tracker()
      return tracker.run(times(rate: 6, until: 6)) { t in
        t > 3.1 && t < 4.6 ? [] : (0..<objects).map { detection(100 + 40 * t, 100 + 150 * Double($0)) }
      }
    }
    let (one, five) = (run(objects: 1), run(objects: 5))
    // Two thirds of a second into the gap.
    let (single, several) = (one[22].tracks.first?.existence ?? 0, five[22].tracks.map(\.existence))
    #expect(several.count == 5 && several.allSatisfy { $0 > 0.8 && $0 > single + 0.05 })
    #expect(five[22].tracks.allSatisfy { $0.state == .coasting })
    // As soon as the frames are back, so are all five.
    #expect(five[28].tracks.map(\.id) == [1, 2, 3, 4, 5] && five[28].tracks.allSatisfy { $0.state == .confirmed })
  }

  @Test func aTrackOutsideThePictureIsNotMissed() {
    func existence(width: Double) -> Double {
      var tracker = Tracker()
      var last = 0.0
      for frame in 0..<36 {
        let time = Double(frame) / 10
        let seen = time < 3 ? [detection(60 * time, 100)] : []
        let output = tracker.update(
          TrackerInput(ordinal: frame, time: time, detections: seen, width: width, height: 400))
        if let track = output.tracks.first { last = track.existence }
      }
      return last
    }
    #expect(existence(width: 150) > existence(width: 1000))
  }

  @Test func tracksTellWhyTheyEnd() {
    var tracker = Tracker()
    var reasons: [Int: TrackEnding.Reason] = [:]
    for frame in 0..<100 {
      let time = Double(frame) / 10
      // The first leaves at the right edge, the second vanishes in the middle.
      var boxes: [DetectedBox] = []
      if time < 3 { boxes.append(detection(100 + 100 * time, 100, score: 1)) }
      if time < 2 { boxes.append(detection(200, 300, score: 1)) }
      let output = tracker.update(
        TrackerInput(ordinal: frame, time: time, detections: boxes, width: 400, height: 400))
      for ending in output.endings { reasons[ending.id] = ending.reason }
    }
    #expect(reasons.count == 2 && reasons[1] == .left)
    #expect(reasons[2] != .left)
  }

  @Test func aMissedBlipNeverGetsAnId() {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 25, until: 2)) { t in t < 0.03 ? [detection(100, 100, score: 0.8)] : [] }
    #expect(outputs.allSatisfy { $0.tracks.isEmpty && $0.endings.isEmpty })
  }

  @Test func rowsBeforeConfirmationAreGivenAfterwardsOnRequest() {
    var settings = TrackerSettings()
    settings.backfills = true
    var tracker = Tracker(settings: settings)
    let outputs = tracker.run(times(rate: 20, until: 1)) { t in
      [detection(100 + 40 * t, 100, score: 0.85, index: 4), detection(500 + 40 * t, 100, score: t < 0.08 ? 0.6 : 0.05)]
    }
    let first = outputs.firstIndex { !$0.tracks.isEmpty } ?? 0
    #expect(first > 0)
    let rows = outputs.flatMap(\.backfill)
    #expect(rows.map(\.ordinal) == Array(0..<first))
    for row in rows {
      #expect(row.track.id == 1 && row.track.state == .tentative && row.track.detectionIndex == 4)
      #expect(abs(row.track.box.center.x - (100 + 2 * Double(row.ordinal))) < 1)
    }
  }

  /// A camera that pans 3 px a frame and an object that stands: the rows of the gap lie where the object was in each frame.
  @Test func gapsAreInterpolatedInTheirOwnFramesCoordinates() {
    var settings = TrackerSettings()
    settings.interpolation = 2
    var tracker = Tracker(settings: settings)
    var rows: [TrackerOutput.EarlierRow] = []
    for frame in 0..<40 {
      let seen = (20..<28).contains(frame) ? [] : [detection(400 - 3 * Double(frame), 100, score: 0.99)]
      let motion = CameraMotion(status: .ok, homography: .translation(Point(-3, 0)), inliers: 99)
      rows +=
        tracker.update(
          TrackerInput(ordinal: frame, time: Double(frame) / 10, detections: seen, motion: motion)
        ).backfill
    }
    #expect(rows.map(\.ordinal) == Array(20..<28))
    for row in rows {
      #expect(row.track.observation == .interpolated && row.track.id == 1 && row.track.detectionIndex == nil)
      #expect(abs(row.track.box.center.x - (400 - 3 * Double(row.ordinal))) < 0.5)
    }
  }

  /// After a gap with a turn in it the velocity is that of the way taken, not the one from before.
  @Test func theVelocityAfterAGapIsThatOfTheWayTaken() {
    func velocityError(reupdates: Bool) -> Double {
      var settings = TrackerSettings()
      settings.reupdates = reupdates
      settings.centerAcceleration = 0.6
      var tracker = Tracker(settings: settings)
      let outputs = tracker.run(times(rate: 10, until: 3.3)) { t in
        t <= 2.05 ? [detection(100 + 60 * t, 100)] : t < 2.75 ? [] : [detection(223 - 20 * (t - 2.05), 100)]
      }
      return abs((outputs[28].tracks.first { $0.observation == .observed }?.velocity.x ?? 1e9) + 20)
    }
    #expect(velocityError(reupdates: true) < 60)
    #expect(velocityError(reupdates: true) <= velocityError(reupdates: false))
  }

  /// Frames in which nobody looked are no evidence: the track goes on under its id, through gaps far longer than a tentative track may have.
  @Test func framesWithoutADetectorAreNoMisses() {
    var tracker = Tracker(settings: TrackerSettings())
    var rows: [TrackSnapshot] = []
    for frame in 0..<200 {
      let time = Double(frame) / 25
      let isAsked = frame % 10 == 0
      let seen = isAsked ? [detection(100 + 20 * time, 100)] : nil
      rows += tracker.update(TrackerInput(ordinal: frame, time: time, detections: seen, width: 640, height: 400)).tracks
    }
    #expect(Set(rows.map(\.id)) == [1])
    let between = rows.filter { $0.observation == .predicted }
    #expect(between.count > 100)
    #expect(between.allSatisfy { $0.state == .coasting })
    // Only the chance that it has gone away meanwhile counts, far less than a miss would.
    let steps = zip(rows, rows.dropFirst()).filter { $1.observation == .predicted }
    #expect(steps.allSatisfy { $1.existence > 0.99 * $0.existence })
    #expect(rows.last.map { abs($0.box.center.x - (100 + 20 * 199.0 / 25)) < 2 } == true)
  }
}
