import Foundation
import Motion

/// Fits the noises, errors and the first speed of a motion: the largest likelihood of the steps ahead, by a simplex.
struct NoiseFit {
  /// Enough for four parameters to settle to a hundredth.
  private static let evaluations = 160

  /// The motion with the noises of the largest likelihood.
  ///
  /// - Parameter isRobust: Student's likelihood, which far outliers don't rule: for the gains; Gauss's otherwise, for the spread.
  static func fitted(_ start: LearnedMotion, to windows: [MotionWindow], isRobust: Bool) -> LearnedMotion {
    guard !windows.isEmpty else { return start }
    let origin = start.noiseParameters
    let best = Simplex.minimum(from: origin, step: 0.5, evaluations: evaluations) { parameters in
      var law = start
      law.noiseParameters = parameters
      guard law.problem == nil else { return .infinity }
      let scores = MotionScores(law, on: windows)
      let loss = isRobust ? scores.robust : -scores.logLikelihood
      return loss.isFinite ? loss : .infinity
    }
    var law = start
    law.noiseParameters = best
    return law.problem == nil ? law : start
  }

  /// Scales all covariances by one factor so that the likelihood is the largest: the filter's gains stay, its spread becomes the errors'.
  static func scaled(_ start: LearnedMotion, to windows: [MotionWindow]) -> LearnedMotion {
    let best = Simplex.minimum(from: [0], step: 0.3, evaluations: 24) { parameters in
      var law = start
      law.scaleCovariances(by: exp(parameters[0]))
      let loss = -MotionScores(law, on: windows).logLikelihood
      return law.problem == nil && loss.isFinite ? loss : .infinity
    }
    var law = start
    law.scaleCovariances(by: exp(best[0]))
    return law.problem == nil ? law : start
  }
}

extension LearnedMotion {
  /// Multiplies every covariance of the filter.
  mutating func scaleCovariances(by factor: Double) {
    noise *= factor
    relativeError *= factor.squareRoot()
    absoluteError *= factor.squareRoot()
    initialSpeed *= factor.squareRoot()
  }

  /// Logarithms of the noise, its part along the velocity, the error of the unit's kind and the first speed.
  var noiseParameters: [Double] {
    get { [log(noise), log(1 + alongNoise), log(unit == .side ? relativeError : absoluteError), log(initialSpeed)] }
    set {
      noise = exp(newValue[0])
      alongNoise = exp(newValue[1]) - 1
      if unit == .side { relativeError = exp(newValue[2]) } else { absoluteError = exp(newValue[2]) }
      initialSpeed = exp(newValue[3])
    }
  }
}

/// The downhill simplex (J. Nelder and R. Mead, "A simplex method for function minimization", 1965), for a few parameters.
enum Simplex {
  /// The best place found in at most so many evaluations; the start counts among them.
  static func minimum(from start: [Double], step: Double, evaluations: Int, _ value: ([Double]) -> Double) -> [Double] {
    var corners = [start] + start.indices.map { index in start.enumerated().map { $0 == index ? $1 + step : $1 } }
    var values = corners.map(value)
    var spent = corners.count
    while spent < evaluations {
      let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      corners = order.map { corners[$0] }
      values = order.map { values[$0] }
      let last = corners.count - 1
      let middle = start.indices.map { axis in corners[..<last].reduce(0) { $0 + $1[axis] } / Double(last) }
      func place(_ factor: Double) -> [Double] { zip(middle, corners[last]).map { $0 + factor * ($0 - $1) } }
      let mirrored = place(1)
      let there = value(mirrored)
      spent += 1
      if there < values[0] {
        let further = place(2)
        let beyond = value(further)
        spent += 1
        (corners[last], values[last]) = beyond < there ? (further, beyond) : (mirrored, there)
      } else if there < values[last - 1] || (last == 1 && there < values[last]) {
        (corners[last], values[last]) = (mirrored, there)
      } else {
        let nearer = place(there < values[last] ? 0.5 : -0.5)
        let here = value(nearer)
        spent += 1
        if here < min(there, values[last]) {
          (corners[last], values[last]) = (nearer, here)
        } else {
          for index in 1...last {
            corners[index] = zip(corners[0], corners[index]).map { ($0 + $1) / 2 }
            values[index] = value(corners[index])
          }
          spent += last
        }
      }
    }
    return corners[values.indices.min { (values[$0], $0) < (values[$1], $1) } ?? 0]
  }
}
