import Foundation
import Geometry
import Motion
import Splines

/// Fits the rates of a motion to what windows went on to do: Levenberg–Marquardt on the errors of all steps ahead, each weighed by the
/// forecast's own covariance and, so that a few wild ones don't rule, as under Student's t with three degrees of freedom
/// (docs/motion-models.md, "Training").
struct RateFit {
  /// Whether the curves are fitted too, and with what weight of their second differences, as a part of the number of errors.
  var smoothness: Double?
  /// Passes over the windows.
  private static let mostPasses = 12
  /// A pass that gains less ends the fit.
  private static let leastGain = 1e-5
  /// Of the coefficients themselves, beside their differences: nobody knows where there are no data.
  fileprivate static let shrinkage = 1e-2

  fileprivate struct System {
    var normal: Matrix
    var right: [Double]
    var loss: Double
  }

  /// The motion with fitted rates, and still stable.
  func fitted(_ start: LearnedMotion, to windows: [MotionWindow]) -> LearnedMotion {
    var law = start
    guard !windows.isEmpty else { return law }
    var damping = 1e-3
    var present = system(law, windows)
    for _ in 0..<RateFit.mostPasses {
      var improved = false
      for _ in 0..<6 where !improved {
        guard let trial = step(law, present, damping) else {
          damping *= 10
          continue
        }
        let next = system(trial, windows)
        if next.loss.isFinite, next.loss < present.loss {
          improved = present.loss - next.loss > RateFit.leastGain
          (law, present) = (trial, next)
          damping = max(damping / 10, 1e-8)
          if !improved { return law }
        } else {
          damping *= 10
        }
      }
      guard improved else { break }
    }
    return law
  }

  private func step(_ law: LearnedMotion, _ system: System, _ damping: Double) -> LearnedMotion? {
    var normal = system.normal
    for index in 0..<normal.rows { normal[index, index] *= 1 + damping }
    guard let change = normal.solvedPositiveDefinite(system.right), change.allSatisfy(\.isFinite) else { return nil }
    var next = law
    next.parameters = zip(next.parameters(isCurved: smoothness != nil), change).map(+)
    next.lowerToBounds()
    return next.problem == nil ? next : nil
  }

  /// The normal equations of the weighted errors and the penalty, per error, and the loss.
  private func system(_ law: LearnedMotion, _ windows: [MotionWindow]) -> System {
    var rollout = SensitiveRollout(law, isCurved: smoothness != nil)
    let count = rollout.count
    var result = System(normal: Matrix(rows: count, columns: count), right: Array(repeating: 0, count: count), loss: 0)
    for window in windows {
      let unit = window.unit(law)
      var point = window.start(law)
      rollout.reset()
      for row in window.observed..<window.places.count {
        let seconds = window.gaps[row - 1]
        rollout.advance(point, law, seconds: seconds, growth: window.growth, unit: unit)
        point.predict(by: law, seconds: seconds, growth: window.growth, unit: unit)
        let innovation = point.state.innovation(of: window.places[row], noise: law.measurementNoise(unit: unit))
        guard let inverse = innovation.covariance.inverse else { continue }
        let square = inverse.quadraticForm(innovation.residual)
        let determinant = innovation.covariance.determinant / (unit * unit * unit * unit)
        result.loss += 2.5 * log(1 + square / 3) + 0.5 * log(determinant)
        result.add(rollout.way, inverse * (5 / (3 + square)), innovation.residual)
      }
    }
    let errors = Double(windows.count * (windows.first?.expected ?? 1))
    result.scale(by: 1 / errors)
    if let smoothness { result.penalize(law, smoothness) }
    return result
  }
}

extension RateFit.System {
  /// Adds Jᵀ W J and Jᵀ W e of one error; the upper triangle only.
  fileprivate mutating func add(_ way: [Point], _ weight: SymmetricMatrix2, _ residual: Point) {
    let count = way.count
    let pull = weight.multiplied(by: residual)
    normal.values.withUnsafeMutableBufferPointer { values in
      way.withUnsafeBufferPointer { way in
        // Bounds: rows and columns run below `count`, and `values` holds count × count numbers.
        for row in 0..<count {
          let left = weight.multiplied(by: way[row])
          guard left.x != 0 || left.y != 0 else { continue }
          right[row] += way[row].dot(pull)
          for column in row..<count { values[row * count + column] += left.x * way[column].x + left.y * way[column].y }
        }
      }
    }
  }

  fileprivate mutating func scale(by factor: Double) {
    loss *= factor
    for index in right.indices { right[index] *= factor }
    for row in 0..<normal.rows {
      for column in row..<normal.columns {
        normal[row, column] *= factor
        normal[column, row] = normal[row, column]
      }
    }
    // A parameter that no window feels stays where it is.
    for index in 0..<normal.rows { normal[index, index] += 1e-9 }
  }

  /// Adds ½ weight (Σ second differences² + shrinkage Σ c²) of every curve.
  fileprivate mutating func penalize(_ law: LearnedMotion, _ weight: Double) {
    var penalty = Matrix(rows: normal.rows, columns: normal.columns)
    let curves = law.curves
    let rates = law.rateOutputs.count
    for rate in 0..<rates {
      for feature in curves.grids.indices {
        let range = curves.range(of: feature)
        let offset = rates + rate * curves.count + range.lowerBound
        penalty.addDifferencePenalty(order: 2, weight: weight, offset: offset, count: range.count)
        for index in offset..<offset + range.count { penalty[index, index] += weight * RateFit.shrinkage }
      }
    }
    let parameters = law.parameters(isCurved: true)
    let pull = penalty * parameters
    for index in right.indices {
      right[index] -= pull[index]
      loss += parameters[index] * pull[index] / 2
    }
    normal = normal + penalty
  }
}

extension LearnedMotion {
  /// The outputs that are rates of velocities: what acceleration is made of.
  var rateOutputs: [MotionCurves.Output] { curves.seesTrend ? [.growth, .departure, .trend] : [.growth, .departure] }

  /// The rates' constants and, where wanted, the coefficients of each.
  func parameters(isCurved: Bool) -> [Double] {
    let rates = rateOutputs
    return rates.map { curves.constants[$0.rawValue] } + (isCurved ? rates.flatMap { curves[$0] } : [])
  }

  /// Sets as many of them as are given.
  var parameters: [Double] {
    get { parameters(isCurved: true) }
    set {
      let rates = rateOutputs
      for (rate, constant) in zip(rates, newValue) { curves.constants[rate.rawValue] = constant }
      guard newValue.count > rates.count else { return }
      for (index, rate) in rates.enumerated() {
        let first = rates.count + index * curves.count
        curves[rate] = Array(newValue[first..<first + curves.count])
      }
    }
  }
}
