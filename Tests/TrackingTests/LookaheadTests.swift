import Foundation
import Geometry
import TestSupport
import Testing

@testable import Tracking

/// Rows that are given when what follows is known.
@Suite struct LookaheadTests {
  /// All frames; the tracks that end with the stream end in the last one.
  private func run(_ inputs: [TrackerInput], seconds: Double, settings: TrackerSettings = TrackerSettings()) -> [FinishedFrame] {
    var tracker = LookaheadTracker(settings: settings, seconds: seconds)
    var frames = inputs.flatMap { tracker.update($0).finished }
    let rest = tracker.finish()
    frames += rest.finished
    if !frames.isEmpty { frames[frames.count - 1].endings += rest.endings }
    return frames
  }

  private func inputs(rate: Double = 10, count: Int, _ detections: (Int) -> [DetectedBox]) -> [TrackerInput] {
    (0..<count).map { TrackerInput(ordinal: $0, time: Double($0) / rate, detections: detections($0)) }
  }

  @Test func aTrackHasARowFromItsFirstDetectionToItsLastAndInItsGaps() throws {
    let inputs = inputs(count: 40) { frame in
      (3..<10).contains(frame) || (15..<30).contains(frame) ? [detection(100 + 4 * Double(frame), 80, index: frame)] : []
    }
    let frames = run(inputs, seconds: .infinity)
    #expect(frames.map(\.ordinal) == Array(0..<40))
    let rows = frames.flatMap { frame in frame.tracks.filter { $0.observation != .predicted }.map { (frame.ordinal, $0) } }
    #expect(rows.map(\.0) == Array(3..<30))
    for (frame, row) in rows {
      let isGap = (10..<15).contains(frame)
      #expect(row.id == 1 && row.state == (isGap ? .coasting : .confirmed))
      #expect(row.observation == (isGap ? .interpolated : .smoothed))
      #expect(row.detectionIndex == (isGap ? nil : frame))
      // The motion is straight and steady, so the smoother has nothing to be wrong about but the first guess of no motion.
      #expect(abs(row.box.center.x - (100 + 4 * Double(frame))) < 0.5 && abs(row.box.center.y - 80) < 0.1)
    }
    #expect(frames.flatMap(\.endings).map(\.id) == [1])
  }

  @Test(arguments: [0, 0.5, 2])
  func aFrameWaitsForItsTimeAndNoLonger(seconds: Double) {
    var tracker = LookaheadTracker(seconds: seconds)
    var next = 0
    for input in inputs(count: 50, { [detection(Double(100 + $0), 80)] }) {
      let output = tracker.update(input)
      #expect(output.present.tracks.count == (input.ordinal > 0 ? 1 : output.present.tracks.count))
      for frame in output.finished {
        #expect(frame.ordinal == next)
        next += 1
      }
      #expect(Double(next) == max(0, ((input.time - seconds) * 10).rounded() + 1))
    }
    #expect(tracker.finish().finished.map(\.ordinal) == Array(next..<50))
  }

  /// Two objects, the first of them found with poor scores throughout: its id is given, and so missing in the rows.
  @Test func aTrackOfPoorScoresIsLeftOutAndTheOthersKeepTheirIds() {
    let inputs = inputs(count: 40) { frame in
      let poor = detection(100 + 3 * Double(frame), 80, score: 0.88)
      return frame < 15 ? [poor] : [poor, detection(100 + 3 * Double(frame), 300, score: 0.995)]
    }
    let frames = run(inputs, seconds: .infinity)
    #expect(Set(frames.flatMap(\.tracks).map(\.id)) == [2])
    #expect(frames.flatMap(\.endings).map(\.id) == [2])
    // Where nothing is surer, the same scores are good enough.
    let alone = inputs.map {
      TrackerInput(ordinal: $0.ordinal, time: $0.time, detections: $0.detections?.filter { $0.score < 0.9 })
    }
    #expect(Set(run(alone, seconds: .infinity).flatMap(\.tracks).map(\.id)) == [1])
  }

  /// Detections of poor score at both ends, the last of them leading away: the rows go from the first sure one to the last.
  @Test func poorEndsOfAGoodTrackAreLeftOut() {
    let inputs = inputs(count: 50) { frame in
      let isSure = (10...30).contains(frame)
      guard (5...35).contains(frame) else { return [] }
      return [detection(100 + 4 * Double(frame), 80, score: isSure ? 0.99 : 0.5)]
    }
    let rows = run(inputs, seconds: .infinity).flatMap { frame in frame.tracks.map { (frame.ordinal, $0) } }
    #expect(rows.map(\.0) == Array(10...30))
  }

  /// Poor detections lead away before the object is not seen for a while: the tracker begins anew, the look ahead joins.
  @Test(arguments: [3, .infinity])
  func aTrackThatBeginsWhereAnotherWasLedAstrayGoesOnWithItsId(seconds: Double) {
    let inputs = inputs(count: 60) { frame in
      let x = 100 + 6 * Double(frame)
      switch frame {
      case ..<25: return [detection(x, 80)]
      case 25..<30: return [detection(x, 80 - 3 * Double((frame - 24) * (frame - 24)), width: 30, height: 16, score: 0.55)]
      case 30..<36: return []
      default: return [detection(x, 80)]
      }
    }
    var tracker = Tracker()
    #expect(Set(inputs.flatMap { tracker.update($0).tracks }.map(\.id)) == [1, 2])
    let frames = run(inputs, seconds: seconds)
    let rows = frames.flatMap { frame in frame.tracks.filter { $0.observation != .predicted }.map { (frame.ordinal, $0) } }
    #expect(rows.map(\.0) == Array(0..<60) && rows.allSatisfy { $0.1.id == 1 })
    #expect(rows.filter { $0.1.observation == .interpolated }.map(\.0) == Array(25..<36))
    #expect(rows.allSatisfy { abs($0.1.box.center.x - (100 + 6 * Double($0.0))) < 3 && abs($0.1.box.center.y - 80) < 1 })
    #expect(frames.flatMap(\.endings).map(\.id) == [1])
  }

  @Test func aTrackThatTurnsOutPoorWithinTheTimeIsLeftOut() {
    let inputs = inputs(count: 60) { frame in
      [detection(100, 300, score: 0.995), detection(300, 80, score: frame < 3 ? 0.995 : 0.4)]
    }
    #expect(run(inputs, seconds: 0.1).contains { $0.tracks.contains { $0.id == 2 } })
    #expect(!run(inputs, seconds: 2).contains { $0.tracks.contains { $0.id == 2 && $0.observation != .predicted } })
  }

  /// Noisy detections of objects on curved ways, seen by a camera that moves: what follows brings the boxes nearer to the truth.
  @Test func smoothedBoxesAreNearerToTheTruthThanFilteredOnes() {
    var generator = TestRandom(seed: 4)
    var (filtered, smoothed, count) = (0.0, 0.0, 0.0)
    for _ in 0..<20 {
      let shifts = (0..<80).map { _ in Point(generator.normal(), generator.normal()) * 3 }
      var origin = Point.zero
      let radius = generator.uniform(50, 200)
      var truth: [Point] = []
      let inputs = (0..<80).map { frame in
        if frame > 0 { origin += shifts[frame] }
        let turn = Double(frame) / 40
        truth.append(origin + Point(400 + radius * cos(turn), 300 + radius * sin(turn)))
        let seen = truth[frame] + Point(generator.normal(), generator.normal() * 0.5)
        return TrackerInput(
          ordinal: frame, time: Double(frame) / 25, detections: [detection(seen.x, seen.y)],
          motion: CameraMotion(status: .ok, homography: .translation(frame > 0 ? shifts[frame] : .zero), inliers: 100))
      }
      var tracker = Tracker()
      for (input, frame) in zip(inputs, run(inputs, seconds: .infinity)) {
        guard let online = tracker.update(input).tracks.first, let later = frame.tracks.first, later.observation == .smoothed else {
          continue
        }
        filtered += (online.box.center - truth[input.ordinal]).squaredLength
        smoothed += (later.box.center - truth[input.ordinal]).squaredLength
        count += 1
      }
    }
    #expect(count > 1000)
    #expect(smoothed < 0.7 * filtered)
  }

  /// Random boxes that come, jump, change and go, under a random camera and with uneven times.
  @Test(arguments: 0..<12)
  func aLongLagGivesWhatLookingToTheEndDoesAndRowsStayWithinTheirBounds(seed: UInt64) {
    var generator = TestRandom(seed: 100 + seed)
    let inputs = randomInputs(&generator)
    var settings = TrackerSettings()
    settings.boxes = seed % 3 == 0 ? .detected : .filtered
    settings.keptShare = [0, 0.5, 0.9][Int(seed % 3)]
    let whole = run(inputs, seconds: .infinity, settings: settings)
    let long = run(inputs, seconds: 1e6, settings: settings)
    #expect(whole.map(\.ordinal) == inputs.map(\.ordinal))
    #expect(whole.map(\.tracks) == long.map(\.tracks) && whole.map(\.endings) == long.map(\.endings))
    for seconds in [0.0, 0.3, 1.5] {
      let frames = run(inputs, seconds: seconds, settings: settings)
      #expect(frames.map(\.ordinal) == inputs.map(\.ordinal))
      check(frames)
    }
    check(whole)
  }

  private func check(_ frames: [FinishedFrame]) {
    var last: [Int: Int] = [:]
    for frame in frames {
      #expect(frame.tracks.map(\.id) == Array(Set(frame.tracks.map(\.id))).sorted())
      for row in frame.tracks {
        let hull = row.box.hull
        #expect(row.isFinite && row.id > 0 && row.existence >= 0 && row.existence <= 1)
        #expect(hull.right > 0 && hull.left < 640 && hull.bottom > 0 && hull.top < 480)
        #expect((row.observation == .smoothed) == (row.detectionIndex != nil))
        last[row.id] = frame.ordinal
      }
      for ending in frame.endings { #expect(last[ending.id] ?? .max <= frame.ordinal) }
    }
    #expect(Set(frames.flatMap(\.endings).map(\.id)) == Set(last.keys))
    let rows = frames.flatMap(\.tracks)
    let longest = Dictionary(grouping: rows.filter { $0.observation == .smoothed }, by: \.id).mapValues {
      $0.map(\.box.width).max() ?? 0
    }
    for row in rows { #expect(row.box.height > 0 && row.box.width <= 2.001 * (longest[row.id] ?? .infinity)) }
  }

  private func randomInputs(_ generator: inout TestRandom) -> [TrackerInput] {
    var time = 0.0
    var places = (0..<6).map { _ in Point(generator.uniform(0, 640), generator.uniform(0, 480)) }
    let speeds = (0..<6).map { _ in Point(generator.normal(), generator.normal()) * 40 }
    let sizes = (0..<6).map { _ in generator.uniform(10, 80) }
    return (0..<120).map { frame in
      let step = generator.unit() < 0.1 ? 0.5 : 0.05
      time += step
      let shift = Point(generator.normal(), generator.normal()) * 4
      let zoom = exp(0.02 * generator.normal())
      var boxes: [DetectedBox] = []
      for index in places.indices {
        places[index] = places[index] * zoom + shift + speeds[index] * step
        if generator.unit() < 0.01 { places[index] = Point(generator.uniform(0, 640), generator.uniform(0, 480)) }
        guard generator.unit() < 0.75 else { continue }
        boxes.append(
          detection(
            places[index].x + generator.normal(), places[index].y, width: sizes[index] * exp(0.2 * generator.normal()),
            height: sizes[index] / 2, angle: generator.normal(), score: generator.uniform(0.3, 1), index: boxes.count))
      }
      return TrackerInput(
        ordinal: frame, time: time, detections: frame % 17 == 9 ? nil : boxes,
        motion: CameraMotion(
          status: frame % 61 == 60 ? .cut : frame % 13 == 5 ? .degenerate : .ok,
          homography: frame % 13 == 5 ? .identity : Homography(zoom, 0, shift.x, 0, zoom, shift.y, 0, 0, 1), inliers: 100),
        width: 640, height: 480)
    }
  }
}
