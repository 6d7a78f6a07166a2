import Foundation
import Geometry
import Motion

/// How well a motion expects what comes.
public struct MotionScores: Sendable, Hashable {
  /// How many windows were forecast.
  public var windows = 0
  /// The mean log-density of an expected row, with lengths in the motion's unit.
  public var logLikelihood = 0.0
  /// The mean distance of forecast and truth over the rows, in the motion's unit.
  public var average = 0.0
  /// That of the last rows.
  public var final = 0.0
  /// The share of truths inside the 90 % ellipses.
  public var coverage = 0.0
  /// The mean of the next row's normalised innovation squared over its 2 degrees of freedom; 1 for a consistent filter.
  public var innovation = 0.0
  /// The mean of ln(1 + NIS/3): what the curves are fitted to, which far outliers do not rule.
  var robust = 0.0

  /// Forecasts of windows.
  init(_ law: LearnedMotion, on windows: [MotionWindow]) {
    guard let first = windows.first else { return }
    self.windows = windows.count
    let rows = Double(windows.count * first.expected)
    for window in windows {
      let unit = window.unit(law)
      let start = window.start(law)
      var point = start
      for step in 0..<window.expected {
        let row = window.observed + step
        point.predict(by: law, seconds: window.gaps[row - 1], growth: window.growth, unit: unit)
        let innovation = point.state.innovation(of: window.places[row], noise: law.measurementNoise(unit: unit))
        let square = innovation.normalizedSquare
        let distance = innovation.residual.length / unit
        logLikelihood += (innovation.logLikelihood + 2 * log(unit)) / rows
        robust += log(1 + square / 3) + 0.2 * log(innovation.covariance.determinant / (unit * unit * unit * unit))
        average += distance / rows
        if square <= PlanarInnovation.nineTenths { coverage += 1 / rows }
        if step == 0 { self.innovation += square / 2 / Double(windows.count) }
        if step == window.expected - 1 { final += distance / Double(windows.count) }
      }
    }
    robust /= rows
  }
}
