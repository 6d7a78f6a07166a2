import Foundation
import Geometry
import TestSupport
import Testing

@testable import Tracking

/// Angles, squares and headings.
@Suite struct OrientationTests {
  private struct Truth {
    var frame: Int
    var id: Int
    var box: OrientedBox
  }

  private static let rotations = [
    "P1142__1024__0___824", "P1470__1024__3296___1648", "P1571__1024__2976___0", "P1580__1024__824___824",
    "P1724__1024__0___824",
  ]

  private func load(_ name: String) throws -> [Truth] {
    let url = try #require(sharedData("dota8-mot/\(name)/gt_obb.txt"))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      let v = line.split(separator: ",").compactMap { Double($0) }
      return Truth(
        frame: Int(v[0]), id: Int(v[1]),
        box: OrientedBox(center: Point(v[2], v[3]), width: v[4], height: v[5], angle: v[6]))
    }
  }

  /// One rigid rotation by −0.0099733 rad a frame, across the wrap of the angle and with near squares: every box keeps one id and its
  /// angle follows the truth modulo half a turn, or is undefined where the box is a square.
  @Test(
    .enabled(if: sharedData("dota8-mot") != nil, "../shared/data/dota8-mot is not here"), arguments: rotations)
  func followsAnExactRotationThroughTheWrap(name: String) throws {
    let truth = try load(name)
    var tracker = Tracker()
    var idOfTruth: [Int: Int] = [:]
    for frame in 1...8 {
      let rows = truth.filter { $0.frame == frame }
      let output = tracker.update(
        TrackerInput(
          ordinal: frame - 1, time: Double(frame - 1) / 8,
          detections: rows.enumerated().map { DetectedBox(box: GaussianBox($1.box), score: 1, index: $0) }))
      #expect(output.tracks.count == rows.count)
      for track in output.tracks {
        let row = rows[try #require(track.detectionIndex)]
        #expect(idOfTruth[row.id, default: track.id] == track.id)
        idOfTruth[row.id] = track.id
        #expect(track.box.iou(with: row.box) > 0.9)
        guard let deviation = track.angleDeviation else { continue }
        let error = Angle.axisDifference(from: row.box.canonical.angle, to: track.box.angle)
        #expect(abs(error) < 0.01 + 2 * deviation)
        #expect(track.box.width >= track.box.height && track.box.angle >= -.pi / 2 && track.box.angle < .pi / 2)
      }
    }
  }

  @Test func aSquareHasNoAngleAndAnElongatedBoxHasOne() {
    var tracker = Tracker()
    // The square turns once around.
    let outputs = tracker.run(times(rate: 10, until: 2 * .pi)) { t in
      [detection(100, 100, width: 30, height: 30, angle: t), detection(300, 100, width: 60, height: 20, angle: 1.2)]
    }
    for tracks in outputs.dropFirst(3).map(\.tracks) {
      #expect(tracks.map(\.id) == [1, 2] && tracks.allSatisfy(\.isFinite))
      #expect(tracks[0].angleDeviation == nil)
    }
    let tracks = outputs[20].tracks
    #expect((tracks[1].angleDeviation ?? 9) < 0.05 && abs(tracks[1].box.angle - 1.2) < 0.01)
  }

  /// A box that shrinks through a square into one that is upright: (q, r) runs through the origin, the angle jumps by a quarter turn,
  /// nothing else happens.
  @Test func aBoxMayPassThroughASquare() {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 20, until: 4)) { t in
      [detection(100, 100, width: 40 - 5 * t, height: 20 + 5 * t)]
    }
    #expect(outputs.dropFirst(3).allSatisfy { $0.tracks.map(\.id) == [1] && $0.tracks[0].isFinite })
    #expect(outputs.contains { $0.tracks.first?.angleDeviation == nil && !$0.tracks.isEmpty })
    #expect(abs(abs(outputs[80].tracks[0].box.angle) - .pi / 2) < 0.05)
  }

  /// The detections of a car on a circle; its box's angle is known only modulo half a turn.
  private func circle(_ t: Double, radius: Double = 150, period: Double = 20) -> DetectedBox {
    let phase = 2 * .pi * t / period
    let angle = Angle.wrappedAxis(phase + .pi / 2)
    return detection(300 + radius * cos(phase), 300 + radius * sin(phase), width: 44, height: 20, angle: angle)
  }

  @Test func theHeadingOfACarRunsOverTheWholeCircle() throws {
    var tracker = Tracker()
    let times = times(rate: 15, until: 25)
    let outputs = tracker.run(times) { [circle($0)] }
    var quadrants = Set<Int>()
    for (time, output) in zip(times, outputs) where time > 1.5 {
      let track = try #require(output.tracks.first)
      let heading = try #require(track.heading)
      let truth = Angle.wrappedHeading(2 * .pi * time / 20 + .pi / 2)
      #expect(abs(Angle.headingDifference(from: truth, to: heading)) < 0.15)
      #expect((track.headingConfidence ?? 0) > 0.95 && (track.headingDeviation ?? 9) < 0.2)
      quadrants.insert(Int((truth + .pi) / (.pi / 2)))
    }
    #expect(quadrants.isSuperset(of: 0...3))
  }

  @Test func aCarThatStopsKeepsItsHeading() throws {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 15, until: 15)) { t in
      [detection(300 - 60 * min(t, 5), 200, width: 44, height: 20, angle: 0.0001)]
    }
    let heading = try #require(outputs[225].tracks.first?.heading)
    #expect(abs(Angle.headingDifference(from: .pi, to: heading)) < 0.1)
  }

  @Test func aCarThatBacksUpForAMomentDoesNotTurnRound() throws {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 15, until: 12)) { t in
      let x = t < 8 ? 60 * t : t < 10 ? 480.0 : 480 - 15 * (t - 10)
      return [detection(x, 200, width: 44, height: 20, angle: 0.0001)]
    }
    let track = try #require(outputs[165].tracks.first)
    let heading = try #require(track.heading)
    #expect(abs(Angle.headingDifference(from: 0, to: heading)) < 0.1)
    #expect(track.velocity.x < 0)
  }

  /// A person's box is upright whatever the way: the heading is that of the motion, across the box.
  @Test func aPersonFacesTheWayOfTheMotionNotOfTheBox() throws {
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 15, until: 6)) { t in
      let along = t < 3 ? Point(40 * t, 0) : Point(120, 40 * (t - 3))
      return [detection(100 + along.x, 100 + along.y, width: 12, height: 30)]
    }
    let before = try #require(outputs[44].tracks.first?.heading)
    let after = try #require(outputs[90].tracks.first?.heading)
    #expect(abs(Angle.headingDifference(from: 0, to: before)) < 0.1)
    #expect(abs(Angle.headingDifference(from: .pi / 2, to: after)) < 0.3)
  }

  @Test func whatNeverMovedHasNoHeading() {
    var generator = TestRandom(seed: 8)
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 15, until: 6)) { _ in
      [detection(100 + 0.5 * generator.normal(), 100 + 0.5 * generator.normal(), width: 44, height: 20, angle: 0.4)]
    }
    #expect(outputs.filter { $0.tracks.first?.heading != nil }.count < 5)
  }

  /// A false start in one direction, long enough to be sure of, must not leave the heading backwards for seconds.
  @Test(arguments: [10.0, 25, 60])
  func motionInOneDirectionForASecondTurnsTheHeadingForward(rate: Double) {
    var tracker = Tracker()
    let turn = 4.0
    let outputs = tracker.run(times(rate: rate, until: 8)) { t in
      let x = t < turn ? 300 - 60 * t : 60 + 60 * (t - turn)
      return [detection(x, 200, width: 44, height: 20, angle: 0.0001)]
    }
    for (time, output) in zip(times(rate: rate, until: 8), outputs) where time > 1 && time < turn || time > turn + 1 {
      let heading = output.tracks.first?.heading ?? .nan
      #expect(cos(heading) * (time < turn ? -1 : 1) > 0.9)
    }
  }
}
