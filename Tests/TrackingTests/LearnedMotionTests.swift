import Foundation
import Geometry
import Motion
import Splines
import Testing

@testable import Tracking

@Suite struct LearnedMotionTests {
  /// Today's filter as a learned motion without curves: only the fading is by Euler's steps.
  private static func plain() throws -> LearnedMotion {
    let grid = try SplineGrid(lower: -1, upper: 1, intervals: 2)
    return LearnedMotion(
      unit: .side, fading: 6, grids: Array(repeating: grid, count: 4), floorSpeed: 0.1, memorySeconds: 1, noise: 4,
      relativeError: 0.025,
      absoluteError: 0.3, initialSpeed: 6)
  }

  private static func frames(_ count: Int, _ box: (Int) -> OrientedBox) -> [TrackerInput] {
    (0..<count).map { index in
      TrackerInput(
        ordinal: index, time: Double(index) / 30,
        detections: index % 11 == 7 ? [] : [DetectedBox(box: GaussianBox(box(index)), score: 0.95, classIndex: 0, index: 0)],
        width: 1920, height: 1080)
    }
  }

  @Test func withoutCurvesItIsTodaysFilter() throws {
    var settings = TrackerSettings()
    settings.accelerationAnisotropy = 0
    settings.forecastTimes = [0.5]
    var (kalman, learned) = (Tracker(settings: settings), Tracker(settings: settings, law: .learned(try Self.plain())))
    let inputs = Self.frames(90) {
      OrientedBox(center: Point(100 + 9 * Double($0), 500 - 0.03 * Double($0 * $0)), width: 60, height: 30, angle: 0.2)
    }
    for input in inputs {
      let (a, b) = (kalman.update(input).tracks, learned.update(input).tracks)
      #expect(a.map(\.id) == b.map(\.id))
      for (a, b) in zip(a, b) {
        #expect((a.box.center - b.box.center).length < 0.05)
        #expect((a.forecast[0].center - b.forecast[0].center).length < 2)
      }
    }
  }

  @Test func aSquareThatTurnsByAWholeTurnHasNoAngleAndNoNaN() throws {
    var tracker = Tracker(law: .learned(try Self.plain()))
    let inputs = Self.frames(360) {
      OrientedBox(center: Point(300 + Double($0), 500), width: 40, height: 40, angle: Double($0) * .pi / 180)
    }
    var ids: Set<Int> = []
    for input in inputs {
      for track in tracker.update(input).tracks {
        ids.insert(track.id)
        #expect(track.box.center.isFinite && track.box.width.isFinite && track.box.height.isFinite && track.velocity.isFinite)
        #expect(track.angleDeviation.map { $0 > 0.5 } ?? true)
      }
    }
    #expect(ids == [1])
  }

  @Test func timesThatRepeatAndRunBackAreNoHarm() throws {
    var tracker = Tracker(law: .learned(try Self.plain()))
    for (index, time) in [0, 0.1, 0.1, 0.05, 0.2, .nan, 0.3, 0.4].enumerated() {
      let box = OrientedBox(center: Point(100 + Double(index), 100), width: 20, height: 10, angle: 0)
      let output = tracker.update(
        TrackerInput(
          ordinal: index, time: time, detections: [DetectedBox(box: GaussianBox(box), score: 0.95, classIndex: 0, index: 0)],
          width: 500,
          height: 500))
      for track in output.tracks { #expect(track.box.center.isFinite) }
    }
  }
}
