import Foundation
import TestSupport

@testable import Identification
@testable import Splines

/// Systems with exact equations, written out anew here: the truth that models are held against.
enum TestSystems {
  /// Reproducible numbers in [-1, 1).
  static func noise(_ count: Int, seed: UInt64) -> [Double] {
    var random = TestRandom(seed: seed)
    return (0..<count).map { _ in random.signed() }
  }

  /// y_k = 1.4 y_{k-1} - .9 y_{k-2} + .1 u_{k-1} - cubic y_{k-1}³: an oscillator with a spring that stiffens.
  static func duffing(_ u: [Double], cubic: Double) -> [Double] {
    var y = [0.0, 0.0]
    for k in 2..<u.count { y.append(1.4 * y[k - 1] - 0.9 * y[k - 2] + 0.1 * u[k - 1] - cubic * y[k - 1] * y[k - 1] * y[k - 1]) }
    return y
  }

  /// q'' = -damping q' - stiffness q - cubic q³ + u by Runge–Kutta steps of 1/1920 s, u straight between samples of `rate`.
  static func oscillator(
    _ u: [Double], rate: Double, start: (Double, Double) = (0, 0), damping: Double, stiffness: Double, cubic: Double
  ) -> [Double] {
    let steps = Int((1920 / rate).rounded())
    let h = 1 / rate / Double(steps)
    var (q, v) = start
    var outputs: [Double] = []
    func acceleration(_ q: Double, _ v: Double, _ u: Double) -> Double { -damping * v - stiffness * q - cubic * q * q * q + u }
    for k in u.indices {
      outputs.append(q)
      let next = k + 1 < u.count ? u[k + 1] : u[k]
      for step in 0..<steps {
        func input(_ part: Double) -> Double { u[k] + (next - u[k]) * (Double(step) + part) / Double(steps) }
        let (a1, b1) = (v, acceleration(q, v, input(0)))
        let (a2, b2) = (v + h / 2 * b1, acceleration(q + h / 2 * a1, v + h / 2 * b1, input(0.5)))
        let (a3, b3) = (v + h / 2 * b2, acceleration(q + h / 2 * a2, v + h / 2 * b2, input(0.5)))
        let (a4, b4) = (v + h * b3, acceleration(q + h * a3, v + h * b3, input(1)))
        q += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        v += h / 6 * (b1 + 2 * b2 + 2 * b3 + b4)
      }
    }
    return outputs
  }

  /// A model with every kind of part: edges on states, inputs and outputs, in both maps, with SiLU and a formula.
  static func everything(_ clock: ModelClock) -> StateSpaceModel {
    let numbers = noise(200, seed: 9)
    var used = 0
    func next(_ count: Int) -> [Double] {
      defer { used += count }
      return numbers[used..<used + count].map { 0.2 * $0 }
    }
    func spline() -> Curve {
      .spline(try! CubicSpline(grid: try! SplineGrid(lower: -1, upper: 1, intervals: 3), coefficients: next(6)))
    }
    var state = Matrix(rows: 2, columns: 5)
    state.values = next(10)
    state[0, 0] = 0.5
    state[1, 1] = -0.4
    var output = Matrix(rows: 1, columns: 4)
    output.values = next(4)
    output[0, 0] = 1
    let formula = Formula(terms: [.power(3), .sine(frequency: 2)], factors: [0.05, 0.1])
    return StateSpaceModel(
      drift: Matrix([[0, 0.1], [-0.1, 0]]), entry: Matrix([[1, 0], [0.2, 1]]),
      stateMap: LearnedMap(
        linear: state, isFree: [true, true, false, true, true, true, true, true, true, false],
        links: [
          .init(row: 0, source: 0, edge: Edge(spline(), siluWeight: 0.1)), .init(row: 1, source: 3, edge: Edge(spline())),
          .init(row: 1, source: 2, edge: Edge(.formula(formula))),
        ]),
      outputMap: LearnedMap(
        linear: output, isFree: [false, true, true, true], links: [.init(row: 0, source: 1, edge: Edge(spline()))]),
      clock: clock, scaling: .none(inputs: 1, outputs: 1))
  }
}
