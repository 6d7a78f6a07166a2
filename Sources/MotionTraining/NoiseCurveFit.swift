import Foundation
import Geometry
import Motion
import Splines

/// Fits how the noise depends on the state: windows whose forecasts miss by more than their spread raise the curve where they began.
///
/// With the mean NIS n of a window of two-dimensional errors, the spread's logarithmic factor ψ = Σ curves of the state at its start has the
/// likelihood −ψ − n e^(−ψ)/2 per error; Fisher's scoring with the curves' smoothness (docs/motion-models.md, "Training").
enum NoiseCurveFit {
  /// The weight of the second differences, as a part of the number of windows.
  private static let smoothness = 1.0
  /// Of the coefficients themselves beside them.
  private static let shrinkage = 0.05
  /// Rounds of scoring, each with the forecasts of the noise so far.
  private static let rounds = 3
  /// NIS beyond this count as this.
  private static let largest = 30.0

  /// The motion with a fitted noise.
  static func fitted(_ start: LearnedMotion, to windows: [MotionWindow]) -> LearnedMotion {
    var law = start
    for _ in 0..<rounds {
      guard let next = scored(law, windows), next.problem == nil else { break }
      law = NoiseFit.scaled(next, to: windows)
    }
    return MotionScores(law, on: windows).logLikelihood > MotionScores(start, on: windows).logLikelihood ? law : start
  }

  private static func scored(_ law: LearnedMotion, _ windows: [MotionWindow]) -> LearnedMotion? {
    let count = law.curves.count
    var normal = Matrix(rows: count, columns: count)
    var right = [Double](repeating: 0, count: count)
    for window in windows {
      let unit = window.unit(law)
      let start = window.start(law)
      let features = law.features(start.memory, velocity: start.state.velocity, growth: window.growth, unit: unit).values
      let basis = law.curves.grids.indices.flatMap { feature in
        let weights = law.curves.weights(feature, at: features[feature])
        return (0..<4).map { (index: weights.first + $0, value: weights.value[$0]) }
      }
      let pull = meanSquare(law, window, start) / 2 - 1
      for a in basis {
        right[a.index] += a.value * pull
        for b in basis { normal[a.index, b.index] += a.value * b.value }
      }
    }
    let scale = 1 / Double(max(windows.count, 1))
    normal = scale * normal
    var penalty = Matrix(rows: count, columns: count)
    for feature in law.curves.grids.indices {
      let range = law.curves.range(of: feature)
      penalty.addDifferencePenalty(order: 2, weight: smoothness, offset: range.lowerBound, count: range.count)
      for index in range { penalty[index, index] += shrinkage }
    }
    // The curves are few against the windows: a thousandth of each penalty smooths without flattening.
    penalty = 1e-2 * penalty
    let present = law.curves[.noise]
    let held = penalty * present
    for index in right.indices { right[index] = right[index] * scale - held[index] }
    guard let change = (normal + penalty).solvedPositiveDefinite(right) else { return nil }
    var next = law
    next.curves[.noise] = zip(present, change).map { $0 + min(max($1, -1), 1) }
    return next
  }

  private static func meanSquare(_ law: LearnedMotion, _ window: MotionWindow, _ start: PointMotion) -> Double {
    let unit = window.unit(law)
    var point = start
    var sum = 0.0
    for row in window.observed..<window.places.count {
      point.predict(by: law, seconds: window.gaps[row - 1], growth: window.growth, unit: unit)
      let square = point.state.innovation(of: window.places[row], noise: law.measurementNoise(unit: unit)).normalizedSquare
      sum += min(square, largest)
    }
    return sum / Double(window.expected)
  }
}
