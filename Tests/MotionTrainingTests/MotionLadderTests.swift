import Foundation
import Geometry
import Motion
import Splines
import TestSupport
import Testing

@testable import MotionTraining

@Suite struct MotionLadderTests {
  /// Ways whose velocity fades with a time constant, driven by white noise of a density, seen with an error.
  static func fading(_ seconds: Double, noise: Double, error: Double, tracks: Int, seed: UInt64) -> MotionSequence {
    var random = TestRandom(seed: seed)
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) } }
    let dt = 0.4
    let fine = 40
    let list = (0..<tracks).map { _ in
      var track = MotionTrack()
      var (place, velocity) = (Point.zero, Point(1.5 * normal(), 1.5 * normal()))
      for row in 0..<30 {
        track.append(time: Double(row) * dt, place: place + Point(error * normal(), error * normal()), side: 1, growth: 0)
        for _ in 0..<fine {
          let h = dt / Double(fine)
          place += velocity * h
          velocity += velocity * (-h / seconds) + Point(normal(), normal()) * (noise * h).squareRoot()
        }
      }
      return track
    }
    return MotionSequence(name: "fading", tracks: list, unit: .length)
  }

  /// Tracks that begin together are parted by their order: not all of them are held out.
  @Test(arguments: [[0.0, 0, 0, 0], [3, 2, 1, 0], [0, 5, 5, 5], [0], []])
  func aQuarterOfTheTracksIsHeldOut(starts: [Double]) {
    let tracks = starts.enumerated().map { place, start in
      var track = MotionTrack()
      track.append(time: start, place: Point(Double(place), 0), side: 1, growth: 0)
      return track
    }
    let (first, last) = MotionSequence(name: "s", tracks: tracks, unit: .length).withoutLastQuarter
    #expect(last.tracks.count == (starts.count + 3) / 4 && first.tracks.count + last.tracks.count == starts.count)
    let latest = first.tracks.compactMap(\.times.first).max() ?? 0
    #expect(last.tracks.allSatisfy { ($0.times.first ?? 0) >= latest })
    #expect(Set((first.tracks + last.tracks).compactMap(\.places.first?.x)).count == starts.count)
  }

  @Test func findsTheNoiseTheErrorAndTheFadingOfSyntheticWays() throws {
    let training = Self.fading(3, noise: 0.05, error: 0.03, tracks: 80, seed: 1)
    let others = Self.fading(3, noise: 0.05, error: 0.03, tracks: 60, seed: 2)
    var settings = MotionLadder.Settings()
    settings.windowing.most = 300
    let ladder = try MotionLadder(training: [training], heldOut: [others], settings: settings)
    let linear = try #require(ladder[.linear])
    // Euler's part steps of 0.2 s fade by 1 − h/τ, so the rate that fits is (1 − e^(−h/τ))/h.
    #expect(abs(linear.motion.curves.constants[0] + (1 - exp(-0.2 / 3)) / 0.2) < 0.06)
    #expect(abs(log(linear.motion.noise / 0.05)) < 0.35)
    #expect(abs(linear.heldOut.coverage - 0.9) < 0.04)
    #expect(abs(linear.heldOut.innovation - 1) < 0.1)
    #expect(linear.heldOut.logLikelihood > ladder.steps[1].heldOut.logLikelihood)
    let kan = try #require(ladder[.kan])
    // Nothing is curved in these ways, so curves must not make them worse.
    #expect(kan.heldOut.logLikelihood > linear.heldOut.logLikelihood - 0.02)
    #expect(kan.motion.problem == nil)
    let memory = try #require(ladder[.memory])
    #expect(memory.motion.curves.seesTrend && memory.motion.problem == nil)
    #expect(memory.heldOut.logLikelihood > kan.heldOut.logLikelihood - 0.02)
  }

  /// Points that wander while they are seen, and then go on exactly by known rates.
  @Test func ratesOfTheTrendAreFoundFromWaysThatFollowThem() throws {
    var random = TestRandom(seed: 9)
    func number() -> Double { Double.random(in: -1...1, using: &random) }
    let grids = try MotionStart.comparisonGrids(MotionLadder.Settings())
    let speeds = try SplineGrid(lower: 0.01, upper: 3, intervals: 5)
    let start = LearnedMotion(
      unit: .length, fading: 10, grids: [speeds] + grids + [try SplineGrid(lower: -1, upper: 1, intervals: 5)], floorSpeed: 0.01,
      memorySeconds: 1.4, noise: 1, relativeError: 0, absoluteError: 1e-3, initialSpeed: 10
    ).seeingTrend(grids)
    var truth = start
    truth.curves.constants = SIMD4(-0.2, -0.3, 0, 0.8)
    let windows = (0..<200).map { _ in
      var places = [Point.zero]
      var velocity = Point(number(), number())
      for _ in 1..<8 {
        places.append(places[places.count - 1] + velocity * 0.4)
        velocity += Point(number(), number()) * 0.3
      }
      var window = MotionWindow(
        gaps: Array(repeating: 0.4, count: 19), places: places + Array(repeating: .zero, count: 12),
        sides: Array(repeating: 1, count: 20), growths: Array(repeating: 0, count: 20), observed: 8)
      let ahead = window.start(truth).forecast(by: truth, steps: Array(repeating: 0.4, count: 12))
      window.places.replaceSubrange(8..., with: ahead.map(\.position))
      return window
    }
    let found = RateFit(smoothness: 10).fitted(start, to: windows)
    // Curves would tell apart what is the same everywhere, so the constants have all of it.
    for rate in [0, 1, 3] { #expect(abs(found.curves.constants[rate] - truth.curves.constants[rate]) < 0.03, "rate \(rate)") }
  }

  /// What stands still in the world stands still in the window, however the camera pans, turns, zooms and tilts.
  @Test func theCamerasMotionIsTakenOff() throws {
    let map = Homography(1.02, 0.01, 5, -0.01, 1.01, -3, 1e-5, 2e-5, 1)
    var track = MotionTrack()
    var (place, side) = (Point(100, 80), 12.0)
    for row in 0..<20 {
      track.append(time: Double(row), place: place, side: side, growth: 0, camera: row == 0 ? .identity : map)
      side *= map.jacobian(at: place).determinant.squareRoot()
      place = map.apply(place)
    }
    let sequence = MotionSequence(name: "still", tracks: [track], unit: .side)
    let window = try #require(MotionWindowing().windows(of: [sequence]).first)
    #expect(window.places[7] == track.places[7] && window.sides[7] == track.sides[7])
    for row in 0..<20 {
      #expect((window.places[row] - track.places[7]).length < 1e-9)
      #expect(abs(window.sides[row] - track.sides[7]) < 1e-9)
    }
    // A map that takes the places to infinity gives no window.
    track.cameras[12] = Homography(1, 0, 0, 0, 1, 0, 0, 0, 0)
    #expect(MotionWindowing().windows(of: [MotionSequence(name: "still", tracks: [track], unit: .side)]).isEmpty)
  }

  @Test func theSameTracksGiveTheSameMotion() throws {
    let training = Self.fading(3, noise: 0.05, error: 0.03, tracks: 30, seed: 1)
    var settings = MotionLadder.Settings()
    settings.windowing.most = 40
    let first = try MotionLadder(training: [training], heldOut: [training], settings: settings)
    let second = try MotionLadder(training: [training], heldOut: [training], settings: settings)
    #expect(first.steps.map(\.motion) == second.steps.map(\.motion))
  }

  @Test func tracksTooShortAreRefusedWithTheirNumbers() throws {
    var track = MotionTrack()
    track.append(time: 0, place: .zero, side: 1, growth: 0)
    let short = MotionSequence(name: "short", tracks: [track], unit: .length)
    #expect(throws: MotionTrainingError.tooFewWindows(training: 0, heldOut: 0, rows: 20)) {
      try MotionLadder(training: [short], heldOut: [short])
    }
  }

  @Test(arguments: [false, true]) func sensitivitiesAreCentralDifferences(seesTrend: Bool) throws {
    let windows = MotionWindowing().windows(of: [Self.fading(3, noise: 0.1, error: 0.02, tracks: 20, seed: 4)])
    var law = try MotionStart.motion(unit: .length, windows: windows, settings: MotionLadder.Settings())
    if seesTrend { law = law.seeingTrend(try MotionStart.comparisonGrids(MotionLadder.Settings())) }
    law.parameters = law.parameters(isCurved: true).indices.map { 0.03 * sin(1.3 * Double($0)) - ($0 < 2 ? 0.3 : 0) }
    let start = windows[3].start(law)
    func end(_ law: LearnedMotion) -> Point {
      start.forecast(by: law, steps: Array(repeating: 0.4, count: 5)).last?.position ?? .zero
    }
    var rollout = SensitiveRollout(law, isCurved: true)
    rollout.reset()
    var point = start
    for _ in 0..<5 {
      rollout.advance(point, law, seconds: 0.4, growth: 0, unit: 1)
      point.predict(by: law, seconds: 0.4)
    }
    let h = 1e-6
    for index in 0..<rollout.count {
      var (more, less) = (law, law)
      var parameters = law.parameters
      parameters[index] += h
      more.parameters = parameters
      parameters[index] -= 2 * h
      less.parameters = parameters
      let expected = (end(more) - end(less)) / (2 * h)
      #expect((rollout.way[index] - expected).length < 1e-6)
    }
  }

  @Test func theSimplexFindsTheBottomOfAValley() {
    let found = Simplex.minimum(from: [-1, 2], step: 0.5, evaluations: 400) { p in
      let (a, b) = (1 - p[0], p[1] - p[0] * p[0])
      return a * a + 10 * b * b
    }
    #expect(abs(found[0] - 1) < 1e-3 && abs(found[1] - 1) < 1e-3)
  }
}
