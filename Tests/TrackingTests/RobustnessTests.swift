import Foundation
import Geometry
import TestSupport
import Testing

@testable import Tracking

@Suite struct RobustnessTests {
  /// A number that is often awkward.
  private func awkward(_ generator: inout TestRandom, around value: Double) -> Double {
    switch Int.random(in: 0..<40, using: &generator) {
    case 0: .nan
    case 1: .infinity
    case 2: -.infinity
    case 3: 0
    case 4: 1e300
    case 5: -1e9
    case 6: 1e-300
    default: value * (1 + 0.1 * generator.normal())
    }
  }

  @Test func hostileInputNeverTrapsAndNothingInfiniteComesOut() {
    var generator = TestRandom(seed: 23)
    for _ in 0..<40 {
      var settings = TrackerSettings()
      settings.cost = TrackerSettings.Cost.allCases.randomElement(using: &generator) ?? .hellinger
      settings.forecastTimes = [0.5, 3]
      settings.backfills = Bool.random(using: &generator)
      settings.interpolation = Bool.random(using: &generator) ? 1 : 0
      var tracker = Tracker(settings: settings)
      var time = 0.0
      for frame in 0..<120 {
        time += awkward(&generator, around: 0.1)
        if !time.isFinite || abs(time) > 1e6 { time = Double(frame) / 10 }
        let detections = (0..<8).map { k in
          DetectedBox(
            box: GaussianBox(
              mean: Point(awkward(&generator, around: 100 * Double(k)), awkward(&generator, around: 200)),
              covariance: SymmetricMatrix2(
                xx: awkward(&generator, around: 90), xy: awkward(&generator, around: 10),
                yy: awkward(&generator, around: 40))),
            score: awkward(&generator, around: 0.9), classIndex: Int.random(in: -3...90, using: &generator),
            centerCovariance: SymmetricMatrix2(
              xx: awkward(&generator, around: 4), xy: awkward(&generator, around: 0.1),
              yy: awkward(&generator, around: 4)),
            index: k)
        }
        let homography = Homography(
          awkward(&generator, around: 1), 0.01, awkward(&generator, around: 3), 0, awkward(&generator, around: 1), 2,
          awkward(&generator, around: 1e-5), 0, 1)
        let output = tracker.update(
          TrackerInput(
            ordinal: frame, time: Bool.random(using: &generator) ? time : awkward(&generator, around: time),
            detections: detections,
            motion: CameraMotion(
              status: CameraMotion.Status.allCases.randomElement(using: &generator) ?? .ok, homography: homography,
              inliers: 9),
            width: awkward(&generator, around: 1000), height: awkward(&generator, around: 700)))
        #expect(output.tracks.allSatisfy { $0.isFinite }, "\(output.tracks.filter { !$0.isFinite })")
        #expect(output.backfill.allSatisfy { $0.track.isFinite })
      }
    }
  }

  @Test func timeThatStandsStillOrRunsBackIsBorne() {
    var tracker = Tracker()
    for (frame, time) in [0, 0.1, 0.1, 0.05, 0.2, .nan, 0.3].enumerated() {
      let output = tracker.update(
        TrackerInput(ordinal: frame, time: time, detections: [detection(100, 100, score: 1)]))
      #expect(output.tracks.map(\.id) == [1] && output.tracks.allSatisfy { $0.isFinite })
    }
  }

  /// A fast pan of 25 px a frame over small boxes 30 px apart: without the camera's motion every track would take its neighbour.
  @Test func tracksMoveWithTheCamera() {
    var tracker = Tracker()
    var output = TrackerOutput()
    for frame in 0..<30 {
      let start = 900 - 25 * Double(frame)
      let boxes: [DetectedBox] = (0..<6).map { k in
        detection(start + 30 * Double(k), 100, width: 12, height: 12, index: k)
      }
      output = tracker.update(
        TrackerInput(
          ordinal: frame, time: Double(frame) / 10, detections: boxes,
          motion: CameraMotion(
            status: frame == 0 ? .first : .ok, homography: frame == 0 ? .identity : .translation(Point(-25, 0)),
            inliers: 50)))
      #expect(output.tracks.allSatisfy { $0.detectionIndex == $0.id - 1 })
    }
    #expect(output.tracks.count == 6 && output.tracks.allSatisfy { $0.speed < 5 })
  }

  /// The camera jerks once by half the distance between neighbours and no picture tells: the tracks' own agreement does.
  @Test func aJerkOfTheCameraIsReadFromTheTracks() {
    var generator = TestRandom(seed: 2)
    let places: [Point] = (0..<12).map { k in
      let row = Double(k / 4)
      return Point(270 + 70 * Double(k % 4) + 13 * row, 200 + 60 * row)
    }
    for finds in [true, false] {
      var settings = TrackerSettings()
      settings.findsCommonShift = finds
      var tracker = Tracker(settings: settings)
      var switches = 0
      for frame in 0..<40 {
        let jerk = frame >= 20 ? Point(17, 9) : .zero
        let boxes: [DetectedBox] = places.enumerated().map { k, place in
          let noise = Point(generator.normal(), generator.normal()) * 0.2
          let center = place + jerk + noise
          return detection(center.x, center.y, width: 14, height: 10, index: k)
        }
        let output = tracker.update(
          TrackerInput(
            ordinal: frame, time: Double(frame) / 30, detections: boxes, width: 1000, height: 600))
        switches += output.tracks.filter { $0.detectionIndex != nil && $0.detectionIndex != $0.id - 1 }.count
        if finds, frame > 10 { #expect(output.tracks.count == 12) }
      }
      #expect((switches == 0) == finds)
    }
  }

  /// A detector that for a moment sees only a part of an object: the part takes over neither its track nor its size.
  @Test func aFragmentDoesNotTakeOverItsObject() {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 25, until: 3)) { t in
      let part = detection(100 + 20 * t, 104, width: 18, height: 13, score: 0.85)
      return (1.5..<1.7).contains(t) ? [part] : [detection(100 + 20 * t, 100, width: 110, height: 50, score: 0.95), part]
    }
    let whole = outputs.map { output in output.tracks.first { $0.box.width > 80 } }
    #expect(whole.dropFirst(10).allSatisfy { $0?.id == whole[10]?.id && $0 != nil })
  }

  /// The camera swings by 140 px in a frame whose motion was not found: many times the objects' size, and they walk on meanwhile.
  @Test func aSwingThatThePictureDidNotTellIsReadFromTheTracks() {
    let places = [Point(360, 140), Point(300, 65), Point(95, 170), Point(110, 390), Point(25, 125), Point(400, 300)]
    var tracker = Tracker()
    for frame in 0..<30 {
      let swing = frame >= 15 ? Point(140, 25) : .zero
      let boxes: [DetectedBox] = places.enumerated().map { k, place in
        let center = place + swing + Point(3, Double(k % 3) - 1) * Double(frame)
        return detection(center.x, center.y, width: 11, height: 19, score: 1, index: k)
      }
      let motion = frame == 15 ? CameraMotion(status: .degenerate, homography: .identity, inliers: 3) : .still
      let output = tracker.update(
        TrackerInput(ordinal: frame, time: Double(frame) / 2, detections: boxes, motion: motion, width: 640, height: 512))
      #expect(output.tracks.filter { $0.detectionIndex == $0.id - 1 }.count == places.count)
    }
  }

  @Test func aHundredObjectsKeepTheirIds() {
    var tracker = Tracker()
    var first: [Int: Int] = [:]
    for frame in 0..<60 {
      let t = Double(frame) / 25
      let boxes: [DetectedBox] = (0..<100).map { k in
        let x = 30 + 90 * Double(k % 20)
        let y = 40 + 150 * Double(k / 20)
        return detection(x + 20 * t * Double(k % 3), y + 15 * t, width: 30, height: 18, index: k)
      }
      for track in tracker.update(TrackerInput(ordinal: frame, time: t, detections: boxes)).tracks {
        guard let index = track.detectionIndex else { continue }
        #expect(first[index, default: track.id] == track.id)
        first[index] = track.id
      }
    }
    #expect(first.count == 100)
  }
}
