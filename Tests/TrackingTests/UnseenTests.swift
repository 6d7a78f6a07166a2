import Foundation
import Geometry
import TestSupport
import Testing

@testable import Tracking

/// What becomes of a box that is not seen.
@Suite struct UnseenTests {
  /// One detection of another size, just before the object is lost, must not set off a box that grows for ever.
  @Test(arguments: [2.0, 10, 30])
  func aBoxThatIsNotSeenKeepsItsSizeAndShape(rate: Double) throws {
    var settings = TrackerSettings()
    settings.coasting = 3
    var tracker = Tracker(settings: settings)
    let outputs = tracker.run(times(rate: rate, until: 12 / rate + 2)) { t in
      let frame = (t * rate).rounded()
      if frame < 9 { return [detection(600 + 5 * frame, 300, width: 58, height: 12)] }
      return frame == 9 ? [detection(650, 300, width: 50, height: 35)] : []
    }
    let unseen = outputs.dropFirst(10).flatMap(\.tracks)
    let last = try #require(outputs[9].tracks.first?.box)
    #expect(last.height > 20 && !unseen.isEmpty)
    // The bound of the rates, 1/s, over the time in which they fade, 0.2 s.
    let most = exp(0.2)
    #expect(unseen.allSatisfy { $0.box.width < last.width * most && $0.box.height > last.height / most })
    #expect(unseen.allSatisfy { $0.box.width > last.width / most && $0.box.height < last.height * most })
  }

  @Test func aTrackWhoseBoxLeavesThePictureEndsAtOnce() {
    var tracker = Tracker()
    var last: Double?
    for frame in 0..<60 {
      let x = 250 + 10 * Double(frame)
      let output = tracker.update(
        TrackerInput(
          ordinal: frame, time: Double(frame) / 10, detections: x < 620 ? [detection(x, 100)] : [], width: 640, height: 480))
      if let ending = output.endings.first {
        #expect(ending.reason == .left)
        last = x
      }
      #expect(output.tracks.allSatisfy { $0.box.hull.left < 640 })
    }
    // The box is 40 px wide: it is out when its centre is at 660.
    #expect(last.map { (650...670).contains($0) } ?? false)
  }

  /// The camera swings away by 300 px for half a second and back: the object, which stands, keeps its id and has no rows meanwhile.
  @Test func aTrackThatTheCameraSwingsAwayFromIsFoundAgain() {
    var tracker = Tracker()
    for frame in 0..<40 {
      let isAway = (20..<25).contains(frame)
      let swing = frame == 20 ? -300.0 : frame == 25 ? 300 : 0
      let motion = CameraMotion(status: .ok, homography: .translation(Point(swing, 0)), inliers: 100)
      let output = tracker.update(
        TrackerInput(
          ordinal: frame, time: Double(frame) / 10, detections: isAway ? [] : [detection(100, 100)], motion: motion, width: 640,
          height: 480))
      #expect(output.endings.isEmpty)
      if frame > 5 { #expect(output.tracks.map(\.id) == (isAway ? [] : [1])) }
    }
  }

  /// Random boxes that come, jump, change and go, under a random camera: what holds for every row of every output.
  @Test func rowsStayInThePictureAndSidesWithinTwiceTheLongestObserved() {
    var generator = TestRandom(seed: 77)
    var unseen = 0
    for run in 0..<60 {
      var tracker = Tracker(settings: randomSettings(&generator))
      let rate = [2.0, 10, 25, 60][run % 4]
      var rows: [TrackSnapshot] = []
      var objects = (0..<6).map { _ in RandomObject(&generator) }
      for frame in 0..<100 {
        let boxes = objects.indices.compactMap { objects[$0].step(&generator, seconds: 1 / rate) }
        let output = tracker.update(
          TrackerInput(
            ordinal: frame, time: Double(frame) / rate, detections: boxes, motion: randomCamera(&generator), width: 640,
            height: 480))
        rows += output.tracks + output.backfill.map(\.track)
      }
      unseen += rows.filter { $0.observation != .observed }.count
      let longest = Dictionary(grouping: rows.filter { $0.observation == .observed }, by: \.id)
        .mapValues { $0.map(\.box.width).max() ?? 0 }
      for row in rows {
        let hull = row.box.hull
        #expect(row.isFinite)
        #expect(hull.right > 0 && hull.left < 640 && hull.bottom > 0 && hull.top < 480)
        #expect(row.box.height > 0 && row.box.width <= 2 * (longest[row.id] ?? 0))
      }
    }
    #expect(unseen > 1000)
  }

  private func randomSettings(_ generator: inout TestRandom) -> TrackerSettings {
    var settings = TrackerSettings()
    settings.boxes = Bool.random(using: &generator) ? .filtered : .detected
    settings.backfills = Bool.random(using: &generator)
    settings.interpolation = Bool.random(using: &generator) ? 2 : 0
    settings.coasting = 3
    settings.reportingUnseen = 0
    return settings
  }

  private func randomCamera(_ generator: inout TestRandom) -> CameraMotion {
    let shift = Point(generator.normal(), generator.normal()) * 4
    let zoom = exp(0.02 * generator.normal())
    return CameraMotion(
      status: .ok, homography: Homography(zoom, 0, shift.x, 0, zoom, shift.y, 0, 0, 1), inliers: 100)
  }

  /// An object that moves and changes in bursts, and is detected most of the time.
  private struct RandomObject {
    var center: Point
    var velocity: Point
    var width: Double
    var height: Double
    var angle: Double

    init(_ generator: inout TestRandom) {
      center = Point(Double.random(in: 0..<640, using: &generator), Double.random(in: 0..<480, using: &generator))
      velocity = Point(generator.normal(), generator.normal()) * 60
      width = 20 * exp(0.7 * generator.normal())
      height = 20 * exp(0.7 * generator.normal())
      angle = .pi * generator.normal()
    }

    mutating func step(_ generator: inout TestRandom, seconds: Double) -> DetectedBox? {
      center += velocity * seconds
      angle += 0.5 * seconds * generator.normal()
      if Double.random(in: 0..<1, using: &generator) < 0.1 {
        width *= exp(0.5 * generator.normal())
        height *= exp(0.5 * generator.normal())
      }
      if Double.random(in: 0..<1, using: &generator) < 0.02 { self = RandomObject(&generator) }
      guard Double.random(in: 0..<1, using: &generator) < 0.8 else { return nil }
      return detection(center.x, center.y, width: width, height: height, angle: angle, score: 0.95)
    }
  }
}
