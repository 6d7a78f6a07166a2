import Foundation
import Splines

/// The forms that a model can be identified in; `docs/identification.md` gives their equations.
public enum ModelForm: String, Sendable, CaseIterable {
  /// Linear terms only.
  case linear
  /// One curve of the output, in the equation of its acceleration: a spring.
  case acceleration
  /// Exact kinematics of a position and a velocity, with the acceleration learned: a spring and a damper.
  case kinematic
  /// Curves from every state and input to every state and output.
  case full
}

extension StateSpaceModel {
  /// A linear model in the canonical form of an observer, where the output is fed back:
  /// x_i' = x_{i+1} − a_i y + b_i u, y = x_1 + b_0 u.
  static func observer(_ start: LinearStart, scaling: SignalScaling) -> StateSpaceModel {
    let n = start.feedback.count
    let m = start.forward.count
    var drift = Matrix(rows: n, columns: n)
    for row in 0..<n - 1 { drift[row, row + 1] = 1 }
    var state = Matrix(rows: n, columns: n + m + 2)
    var stateFree = [Bool](repeating: false, count: n * (n + m + 2))
    for row in 0..<n {
      for input in 0..<m { state[row, n + input] = start.forward[input][row + 1] }
      state[row, n + m] = -start.feedback[row]
      for column in n...n + m { stateFree[row * (n + m + 2) + column] = true }
    }
    state[0, n + m + 1] = start.constant
    stateFree[n + m + 1] = true
    var output = Matrix(rows: 1, columns: n + m + 1)
    var outputFree = [Bool](repeating: false, count: n + m + 1)
    output[0, 0] = 1
    for input in 0..<m {
      output[0, n + input] = start.forward[input][0]
      outputFree[n + input] = true
    }
    return StateSpaceModel(
      drift: drift, entry: .identity(n), stateMap: LearnedMap(linear: state, isFree: stateFree),
      outputMap: LearnedMap(linear: output, isFree: outputFree), clock: .discrete, scaling: scaling)
  }

  /// A position and a velocity per sample, whose acceleration is learned; in discrete time p' = p + v + a/2, v' = v + a, in continuous time
  /// dp/dt = v/T, dv/dt = a/T with T the sample time of the data.
  ///
  /// - Throws: `IdentificationError.setting` where the linear start has a pole that no such model has (real and not positive).
  static func kinematic(
    _ start: LinearStart, scaling: SignalScaling, clock: ModelClock
  ) throws(IdentificationError) -> StateSpaceModel {
    let m = start.forward.count
    let (product, sum) = try KinematicPoles(start).rates(clock)
    var state = Matrix(rows: 1, columns: m + 4)
    state[0, 0] = -product
    state[0, 1] = sum
    let gain = 1 / (1 + start.feedback.reduce(0, +))
    for input in 0..<m { state[0, 2 + input] = product * gain * start.forward[input].reduce(0, +) }
    state[0, m + 3] = product * gain * start.constant
    var free = [Bool](repeating: true, count: m + 4)
    free[m + 2] = false
    var output = Matrix(rows: 1, columns: m + 3)
    output[0, 0] = 1
    var drift = Matrix([[1, 1], [0, 1]])
    var entry = Matrix([[0.5], [1]])
    if case .continuous(let sampleTime, _, _) = clock {
      drift = Matrix([[0, 1 / sampleTime], [0, 0]])
      entry = Matrix([[0], [1 / sampleTime]])
    }
    return StateSpaceModel(
      drift: drift, entry: entry, stateMap: LearnedMap(linear: state, isFree: free),
      outputMap: LearnedMap(linear: output, isFree: [Bool](repeating: false, count: m + 3)), clock: clock, scaling: scaling)
  }

  /// Adds splines that are zero to a linear model, on grids that hold the linear model's own signals with a margin.
  ///
  /// - Parameters:
  ///   - ranges: The range of each source (states, inputs, outputs) over the training rows.
  ///   - margin: How much wider than the range a grid is, in parts of it, half on each side.
  func withEdges(
    _ form: ModelForm, ranges: [ClosedRange<Double>], intervals: Int, margin: Double, silu: Bool
  ) throws(IdentificationError) -> StateSpaceModel {
    var result = self
    let n = stateCount
    let m = inputCount
    func edge(_ source: Int) throws(IdentificationError) -> Edge {
      let range = ranges[source]
      let extra = (range.upperBound - range.lowerBound) * margin / 2
      do throws(SplineError) {
        let grid = try SplineGrid(lower: range.lowerBound - extra, upper: range.upperBound + extra, intervals: intervals)
        return Edge(.spline(CubicSpline(line: 0, offset: 0, on: grid)), siluWeight: silu ? 0 : nil)
      } catch { throw .setting(.intervals, "\(error)") }
    }
    switch form {
    case .linear: break
    case .acceleration:
      result.stateMap.links = [LearnedMap.Link(row: 0, source: n + m, edge: try edge(n + m))]
    case .kinematic:
      result.stateMap.links = [
        LearnedMap.Link(row: 0, source: 0, edge: try edge(0)), LearnedMap.Link(row: 0, source: 1, edge: try edge(1)),
      ]
    case .full:
      for row in 0..<stateMap.rows {
        for source in 0..<n + m { result.stateMap.links.append(LearnedMap.Link(row: row, source: source, edge: try edge(source))) }
      }
      for source in 0..<n + m { result.outputMap.links.append(LearnedMap.Link(row: 0, source: source, edge: try edge(source))) }
    }
    return result
  }
}

/// The two rates of a kinematic model with the poles of a linear one of second order.
private struct KinematicPoles {
  /// a_1 and a_2 of z² + a_1 z + a_2.
  private let a: (Double, Double)

  init(_ start: LinearStart) throws(IdentificationError) {
    guard start.feedback.count == 2 else {
      throw .setting(.states, "a kinematic model has two states, a position and a velocity, not \(start.feedback.count); give two")
    }
    a = (start.feedback[0], start.feedback[1])
  }

  /// The acceleration is −product · p + sum · v (+ input).
  ///
  /// In discrete time p' = p + v + a/2, v' = v + a: the matrix [[1 − k/2, 1 + s/2], [−k, 1 + s]] has trace 2 + s − k/2 and determinant
  /// 1 + s + k/2. In continuous time, per sample, the poles are logarithms: k = their product, s = their sum.
  func rates(_ clock: ModelClock) throws(IdentificationError) -> (product: Double, sum: Double) {
    guard case .continuous = clock else {
      let (trace, determinant) = (-a.0, a.1)
      return (determinant - trace + 1, (trace + determinant - 3) / 2)
    }
    let discriminant = a.0 * a.0 / 4 - a.1
    if discriminant < 0 {
      let real = log(a.1) / 2
      let imaginary = acos(max(-1, min(1, -a.0 / (2 * a.1.squareRoot()))))
      return (real * real + imaginary * imaginary, 2 * real)
    }
    let roots = (-a.0 / 2 + discriminant.squareRoot(), -a.0 / 2 - discriminant.squareRoot())
    guard roots.1 > 0 else {
      throw .setting(.clock, "the linear start has a pole at \(roots.1), which no model in continuous time has; use discrete time")
    }
    return (log(roots.0) * log(roots.1), log(roots.0) + log(roots.1))
  }
}
