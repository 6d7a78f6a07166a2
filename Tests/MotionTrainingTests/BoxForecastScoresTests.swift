import Foundation
import Geometry
import Motion
import Records
import Splines
import TestSupport
import Testing

@testable import MotionTraining

@Suite struct BoxForecastScoresTests {
  private static let rate = 10.0

  private func law(noise: Double, error: Double, speed: Double = 2) throws -> LearnedMotion {
    let grids = try [(0.1, 5.0), (0, 1), (-1, 1), (-1, 1)].map { try SplineGrid(lower: $0.0, upper: $0.1, intervals: 2) }
    return LearnedMotion(
      unit: .side, fading: 1e6, grids: grids, floorSpeed: 0.1, memorySeconds: 1, noise: noise, relativeError: error,
      absoluteError: 1e-6, initialSpeed: speed)
  }

  private func scores(_ law: LearnedMotion, _ tracks: [[MatchedTrack.Row]]) -> BoxForecastScores {
    let boxes = tracks.map { MatchedTrack(rows: $0, framesPerSecond: Self.rate) }
    return BoxForecastScores(law, on: [MotionSequence(name: "made", boxes: boxes)])
  }

  private func box(_ x: Double, _ y: Double, _ width: Double = 20, _ height: Double = 20) -> OrientedBox {
    OrientedBox(center: Point(x, y), width: width, height: height, angle: 0)
  }

  /// A box of 20×20 px that goes 3 px a frame: a filter that believes in constant velocities forecasts it to the end.
  @Test func aStraightWayIsForecast() throws {
    let rows = (0..<40).map { frame in
      MatchedTrack.Row(frame: frame, truth: box(3 * Double(frame), 50), detected: box(3 * Double(frame), 50))
    }
    let scores = try scores(law(noise: 0.01, error: 0.001), [rows])
    #expect(scores.ahead.map(\.frames) == [1, 5, 10])
    // Forecasts begin behind the third row.
    #expect(scores.ahead.map(\.count) == [37, 33, 28] && scores.ahead.map(\.detections) == [37, 33, 28])
    #expect(scores.innovations == 37)
    for ahead in scores.ahead { #expect(ahead.overlap > 0.97 && ahead.relativeError < 0.02) }
  }

  /// What was not detected is truth to compare with, and nothing is forecast from there.
  @Test func missedRowsAreComparedAndForecastNothing() throws {
    let rows = (0..<40).map { frame in
      MatchedTrack.Row(frame: frame, truth: box(9, 50), detected: frame == 20 ? nil : box(9, 50))
    }
    let scores = try scores(law(noise: 0.01, error: 0.01), [rows])
    #expect(scores.ahead.map(\.count) == [36, 32, 27] && scores.ahead.map(\.detections) == [35, 31, 26])
    #expect(scores.innovations == 36)
  }

  /// Two boxes of 40×10 px, one 6 to the right and 8 below of the other, are half a side of 20 px apart and share 34×2 of 732 px².
  @Test func errorsAreInSidesOfTheBox() throws {
    let rows = (0..<40).map { frame in
      MatchedTrack.Row(frame: frame, truth: box(106, 58, 40, 10), detected: box(100, 50, 40, 10))
    }
    let scores = try scores(law(noise: 0.01, error: 0.001), [rows])
    for ahead in scores.ahead {
      #expect(abs(ahead.relativeError - 0.5) < 1e-9 && abs(ahead.overlap - 68.0 / 732) < 1e-9)
      #expect(ahead.detectionsHeld == 1)
    }
    #expect(scores.ahead[0].truthsHeld == 0)
  }

  /// Frames far apart are neither stepped through nor one way.
  @Test func afterALongGapTheFilterBeginsAnew() throws {
    let frames = [0, 1, 2, 3, 2_000_000_000, 2_000_000_001]
    let rows = frames.map { MatchedTrack.Row(frame: $0, truth: box(9, 50), detected: box(9, 50)) }
    let scores = try scores(law(noise: 0.01, error: 0.01), [rows])
    #expect(scores.innovations == 1 && scores.ahead.map(\.count) == [1, 0, 0])
  }

  /// Ways of boxes of 20 px, one after the other, driven by white accelerations of a density, detected with an error in sides and with one that
  /// lasts as long as the way.
  private func ways(
    _ count: Int, density: Double, error: Double, lasting: Double = 0, seed: UInt64
  ) -> [[MatchedTrack.Row]] {
    var random = TestRandom(seed: seed)
    let (side, dt) = (20.0, 1 / Self.rate)
    /// A step of the velocity, and the place's given it.
    func step() -> (place: Double, velocity: Double) {
      let v = random.normal() * (density * dt).squareRoot()
      return (v * dt / 2 + random.normal() * (density * dt * dt * dt / 12).squareRoot(), v)
    }
    return (0..<count).map { number in
      var place = Point(0, 0)
      var velocity = Point(2 * side * random.normal(), 2 * side * random.normal())
      let offset = Point(random.normal(), random.normal()) * (lasting * side)
      return (0..<25).map { frame in
        let truth = box(place.x, place.y)
        var detected = truth
        detected.center += offset + Point(random.normal(), random.normal()) * (error * side)
        let (x, y) = (step(), step())
        place += velocity * dt + Point(x.place, y.place) * side
        velocity += Point(x.velocity, y.velocity) * side
        return MatchedTrack.Row(frame: 12 * number + frame, truth: truth, detected: detected)
      }
    }
  }

  private func isCalibrated(_ scores: BoxForecastScores) -> Bool {
    abs(scores.innovation - 1) < 0.1
      && scores.ahead.allSatisfy { (0.85...0.95).contains($0.truthsHeld) && (0.85...0.95).contains($0.detectionsHeld) }
  }

  /// Ways drawn from the filter's own assumptions: the innovation is as large as it says, and nine of ten places lie in the ellipses.
  @Test func aTrueModelIsCalibrated() throws {
    let scores = try scores(law(noise: 0.5, error: 0.05), ways(300, density: 0.5, error: 0.05, seed: 11))
    #expect(isCalibrated(scores), "\(scores)")
  }

  /// What is assumed is four times too little or too much; the sequence's own innovations tell.
  @Test(arguments: [(4.0, 1.0), (1, 4), (0.25, 1)])
  func noisesOfAnotherSizeAreLearned(accelerations: Double, errors: Double) throws {
    let ways = ways(800, density: 0.5 * accelerations, error: 0.05 * errors.squareRoot(), seed: 5)
    let law = try law(noise: 0.5, error: 0.05)
    let boxes = ways.map { MatchedTrack(rows: $0, framesPerSecond: Self.rate) }
    let sequences = [MotionSequence(name: "made", boxes: boxes)]
    let learned = BoxForecastScores(law, on: sequences)
    #expect(isCalibrated(learned), "\(learned)")
    #expect(!isCalibrated(BoxForecastScores(law, on: sequences, learnsNoise: false)))
  }

  /// Detections that lie beside the truth by a twentieth of a side as long as they last: the filter is sure of a wrong place, and a normal error
  /// of that deviation is what its ellipses lack.
  @Test func anErrorThatLastsIsToldByTheTruth() throws {
    let boxes = ways(300, density: 0.02, error: 0.01, lasting: 0.05, seed: 8).map {
      MatchedTrack(rows: $0, framesPerSecond: Self.rate)
    }
    let sequences = [MotionSequence(name: "made", boxes: boxes)]
    let law = try law(noise: 0.02, error: 0.01)
    #expect(BoxForecastScores(law, on: sequences).ahead[0].truthsHeld < 0.5)
    let fitted = LastingErrorFit.fitted(law, to: sequences)
    #expect(abs(fitted.lastingError / 0.05 - 1) < 0.15, "\(fitted.lastingError)")
    #expect((0.89...0.91).contains(BoxForecastScores(fitted, on: sequences).ahead[0].truthsHeld))
    #expect(LastingErrorFit.fitted(law, to: []).lastingError == 0)
  }

  /// A box that stands still while the camera swings by 70 px from side to side and sinks by 7 px a frame: with the camera's motion known it is where it was.
  @Test func forecastsMoveWithTheCamera() throws {
    let rows = (0..<30).map { frame -> MatchedTrack.Row in
      let pan = Homography.translation(Point(frame % 2 == 0 ? -70 : 70, 7))
      let seen = box(frame % 2 == 0 ? 100 : 170, 50 + 7 * Double(frame))
      return MatchedTrack.Row(frame: frame, truth: seen, detected: seen, camera: pan)
    }
    let scores = try scores(law(noise: 0.01, error: 0.001), [rows])
    #expect(scores.ahead.map(\.count) == [27, 23, 18])
    for ahead in scores.ahead { #expect(ahead.overlap > 0.999 && ahead.relativeError < 1e-6) }
  }

  /// Between two rows the picture may have moved in several frames, with or without the object in them.
  @Test func theCamerasWayBetweenRowsIsThatOfAllFrames() {
    var table = BoxTable(format: .mot)
    for frame in [3, 5, 6] as [Int32] {
      table.frames.append(frame)
      table.ids.append(1)
      table.axisBoxes.append(AxisBox(left: 0, top: 0, width: 20, height: 20))
    }
    let camera = Dictionary(uniqueKeysWithValues: (0..<6).map { ($0, Homography.translation(Point(Double($0), 0))) })
    let sequence = MotionSequence(name: "made", truth: table, camera: camera, framesPerSecond: 10)
    #expect(sequence.boxes[0].rows.map(\.camera.h13) == [0, 9, 0])
    #expect(sequence.tracks[0].cameras.map(\.h13) == [0, 9, 0])
  }

  /// Two boxes that overlap and two detections: each finds its own, and one of another place finds none.
  @Test func detectionsAreMatchedByTheirOverlap() {
    func table(_ lefts: [Double], ids: [Int32]) -> BoxTable {
      var table = BoxTable(format: .mot)
      for (left, id) in zip(lefts, ids) {
        table.frames.append(0)
        table.ids.append(id)
        table.axisBoxes.append(AxisBox(left: left, top: 0, width: 20, height: 20))
      }
      return table
    }
    let sequence = MotionSequence(
      name: "made", truth: table([0, 8, 100], ids: [1, 2, 3]), detections: table([9, 1, 140], ids: [-1, -1, -1]),
      framesPerSecond: 10)
    #expect(sequence.boxes.map { $0.rows[0].detected?.center.x } == [11, 19, nil])
    #expect(sequence.tracks.map(\.count) == [1, 1, 0])
    let alone = MotionSequence(name: "made", truth: table([0, 8], ids: [1, 1]), framesPerSecond: 10)
    // Of two rows of an object in a frame the last counts; without detections the truth stands for them.
    #expect(alone.boxes.map { $0.rows.map(\.detected?.center.x) } == [[18]])
  }
}
