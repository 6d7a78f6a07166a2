import Foundation
import Geometry

/// The view that agrees best with straight lines of two crossing roads.
///
/// The error of a line is the angle to the nearer of the two vanishing points over its standard deviation; their sum is taken under Cauchy's loss,
/// as some vehicles change lanes or cut corners. Starts on a grid, then Levenberg's and Marquardt's steps from the best of them.
struct TrafficFit {
  /// Relative to the picture's middle.
  let lines: [TrafficPath.Line]
  /// The picture's width in pixels.
  let width: Double

  /// What no line's noise explains: roads are not quite straight, nor quite at right angles. Radians.
  private static let leastDeviation = 1e-3
  /// Errors beyond so many deviations count less and less.
  private static let lossScale = 3.0
  /// Cameras are levelled by their installers: the standard deviation of the roll, radians (5°).
  private static let rollDeviation = 5 * Double.pi / 180
  private static let startCount = 12, steps = 60

  struct Solution {
    var view: TrafficView
    /// 4×4, row by row, of the view's values.
    var covariance: [Double]
    /// Lines that agree with each of the roads.
    var counts: [Int]
  }

  private func deviation(_ line: TrafficPath.Line) -> Double { hypot(line.deviation, Self.leastDeviation) }

  /// Each line's error with the road that it fits better, in deviations.
  private func errors(_ view: TrafficView) -> [(group: Int, error: Double)] {
    lines.map { line in
      let (a, b) = (view.angle(0, line), view.angle(1, line))
      return abs(a) <= abs(b) ? (0, a / deviation(line)) : (1, b / deviation(line))
    }
  }

  private func cost(_ view: TrafficView, scale: Double = lossScale) -> Double {
    let roll = view.roll / Self.rollDeviation
    return errors(view).reduce(roll * roll) { $0 + scale * scale * log1p($1.error * $1.error / (scale * scale)) }
  }

  /// - Parameter start: Where to begin; nil for a grid of starts.
  /// - Returns: nil where the lines do not determine the view.
  func solution(from start: TrafficView? = nil) -> Solution? {
    let starts = start.map { [$0] } ?? grid
    return starts.compactMap(refined).min { cost($0) < cost($1) }.flatMap(solution)
  }

  /// Focal lengths from .4 to 3 widths, tilts from 5° to 85°, roads by 7.5°.
  private var grid: [TrafficView] {
    let focals = (0..<8).map { log(0.4 * width) + Double($0) * log(3 / 0.4) / 7 }
    let views = focals.flatMap { focal in
      stride(from: 5.0, to: 90, by: 8).flatMap { tilt in
        stride(from: 0.0, to: 90, by: 7.5).map { road in
          TrafficView(logFocal: focal, tilt: -tilt * .pi / 180, roll: 0, road: road * .pi / 180)
        }
      }
    }
    // A wide loss, so that a start need not be near.
    let ranked = views.map { (cost($0, scale: 10), $0) }.sorted { $0.0 < $1.0 }
    return ranked.prefix(Self.startCount).map(\.1)
  }

  private struct Normal {
    var matrix: [Double]
    var gradient: [Double]
    var squares: Double
    var weight: Double
  }

  /// The normal equations with Cauchy's weights; the roads' lines stay with them.
  private func normal(_ view: TrafficView) -> Normal {
    let n = TrafficView.count
    var normal = Normal(
      matrix: [Double](repeating: 0, count: n * n), gradient: [Double](repeating: 0, count: n), squares: 0, weight: 0)
    for (line, found) in zip(lines, errors(view)) {
      let weight = 1 / (1 + found.error * found.error / (Self.lossScale * Self.lossScale))
      let row = (0..<n).map { slope(view, $0, found.group, line) }
      for i in 0..<n {
        normal.gradient[i] += weight * row[i] * found.error
        for j in 0..<n { normal.matrix[i * n + j] += weight * row[i] * row[j] }
      }
      normal.squares += weight * found.error * found.error
      normal.weight += weight
    }
    let prior = 1 / (Self.rollDeviation * Self.rollDeviation)
    normal.matrix[2 * n + 2] += prior
    normal.gradient[2] += prior * view.roll
    return normal
  }

  /// The derivative of a line's error by one of the view's values, by central differences.
  private func slope(_ view: TrafficView, _ index: Int, _ group: Int, _ line: TrafficPath.Line) -> Double {
    let step = 1e-6
    var (low, high) = (view.values, view.values)
    low[index] -= step
    high[index] += step
    return (TrafficView(values: high).angle(group, line) - TrafficView(values: low).angle(group, line))
      / (2 * step * deviation(line))
  }

  private func refined(_ start: TrafficView) -> TrafficView? {
    var (view, damping) = (start, 1e-3)
    var current = cost(view)
    let n = TrafficView.count
    for _ in 0..<Self.steps where damping < 1e8 {
      let normal = normal(view)
      var matrix = normal.matrix
      for i in 0..<n { matrix[i * n + i] *= 1 + damping }
      guard let factor = CholeskyFactor(matrix, size: n, leastPivot: { 1e-14 * $0 }) else { return nil }
      let next = TrafficView(values: zip(view.values, factor.solve(normal.gradient)).map { $0 - $1 })
      let cost = cost(next)
      // A focal length of 10⁴ widths is a direction that nothing holds.
      guard cost.isFinite, abs(next.logFocal - log(width)) < 9 else { return nil }
      if cost < current {
        (view, damping, current) = (next, max(1e-9, damping / 5), cost)
      } else {
        damping *= 4
      }
    }
    return view
  }

  private func solution(_ view: TrafficView) -> Solution? {
    let normal = normal(view)
    let n = TrafficView.count
    guard let factor = CholeskyFactor(normal.matrix, size: n, leastPivot: { 1e-12 * $0 }) else { return nil }
    let freedom = max(1, normal.weight - Double(n))
    let variance = max(1, normal.squares / freedom)
    var covariance = [Double](repeating: 0, count: n * n)
    for column in 0..<n {
      let solved = factor.solve((0..<n).map { $0 == column ? variance : 0 })
      for row in 0..<n { covariance[row * n + column] = solved[row] }
    }
    var counts = [0, 0]
    for found in errors(view) where abs(found.error) <= Self.lossScale { counts[found.group] += 1 }
    return Solution(view: view, covariance: covariance, counts: counts)
  }
}
