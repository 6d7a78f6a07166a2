import Foundation
import Geometry
import Motion
import Splines
import Tracking

/// The lowest rung: today's filter, and the grids that the data ask for.
enum MotionStart {
  /// For boxes the tracker's defaults; for points a velocity that stays, with noises by the rough size of what the tracks do.
  static func motion(unit: LearnedMotion.Unit, windows: [MotionWindow], settings: MotionLadder.Settings) throws -> LearnedMotion {
    let speeds = windows.map { speed($0, unit) }.sorted()
    let typical = max(speeds[speeds.count / 2], 1e-6)
    let fastest = max(speeds[speeds.count * 99 / 100], 2 * typical)
    let growths = windows.map { abs($0.growth) }.sorted()
    let growth = max(growths[growths.count * 99 / 100], leastGrowth)
    let intervals = settings.intervals
    let floor = floorPart * typical
    let grids =
      [try SplineGrid(lower: floor, upper: fastest, intervals: intervals)] + (try comparisonGrids(settings))
      + [try SplineGrid(lower: -growth, upper: growth, intervals: intervals)]
    switch unit {
    case .side:
      let tracker = TrackerSettings()
      return LearnedMotion(
        unit: unit, fading: tracker.velocityFading, grids: grids, floorSpeed: floor, memorySeconds: 1,
        noise: tracker.centerAcceleration * tracker.centerAcceleration, relativeError: tracker.centerError,
        absoluteError: tracker.pixelError, initialSpeed: tracker.initialSpeed)
    case .length:
      // A velocity that turns by its own size in ten seconds, places that err by a hundredth of a second's way.
      return LearnedMotion(
        unit: unit, fading: 1e6, grids: grids, floorSpeed: floor, memorySeconds: 1, noise: typical * typical / 10, relativeError: 0,
        absoluteError: typical / 100, initialSpeed: 2 * typical)
    }
  }

  /// Of the share and the alignment of another velocity (`VelocityComparison`), whose ranges are known.
  static func comparisonGrids(_ settings: MotionLadder.Settings) throws -> [SplineGrid] {
    [
      try SplineGrid(lower: 0, upper: 1, intervals: settings.intervals),
      try SplineGrid(lower: -1, upper: 1, intervals: settings.intervals),
    ]
  }

  /// The floor, as a part of the median speed.
  private static let floorPart = 0.1
  /// Growth's grid is at least as wide, 1/s.
  private static let leastGrowth = 0.1

  private static func speed(_ window: MotionWindow, _ unit: LearnedMotion.Unit) -> Double {
    let last = window.observed - 1
    let seconds = window.gaps[..<last].reduce(0, +)
    let length = (window.places[last] - window.places[0]).length
    return seconds > 0 ? length / seconds / (unit == .side ? window.sides[last] : 1) : 0
  }
}
