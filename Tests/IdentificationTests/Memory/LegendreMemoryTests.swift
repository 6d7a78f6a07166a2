import Foundation
import Splines
import Testing

@testable import Identification

@Suite("Memory by Legendre polynomials")
struct LegendreMemoryTests {
  @Test("The matrices are those of HiPPO's appendix for four coefficients")
  func matrices() {
    let roots = [1, 3.squareRoot(), 5.squareRoot(), 7.squareRoot()]
    let whole = LegendreMemory(.wholePast, order: 4)
    #expect(whole.b == roots)
    #expect(
      isClose(
        whole.a.values, [-1, 0, 0, 0, -1.7320508, -2, 0, 0, -2.2360680, -3.8729833, -3, 0, -2.6457513, -4.5825757, -5.9160798, -4],
        1e-7))
    let window = LegendreMemory(.window, order: 3)
    #expect(isClose(window.a.values, [-1, 1.7320508, -2.2360680, -1.7320508, -3, 3.8729833, -2.2360680, -3.8729833, -5], 1e-7))
  }

  @Test("Discrete matrices agree with those computed elsewhere, for both rules")
  func discreteMatrices() throws {
    let whole = LegendreMemory(.wholePast, order: 4)
    let bilinear = try #require(whole.discretized(step: 0.1, .bilinear))
    #expect(abs(bilinear.a[3, 2] + 0.428701433557943) < 1e-14)
    #expect(abs(bilinear.b[3] - 0.14192341871888) < 1e-14)
    let held = try #require(whole.discretized(step: 0.1, .zeroOrderHold))
    #expect(abs(held.a[3, 0] + 0.129734088012694) < 1e-14)
    #expect(abs(held.a[0, 0] - exp(-0.1)) < 1e-15)
    let window = LegendreMemory(.window, order: 4)
    let windowBilinear = try #require(window.discretized(step: 0.1, .bilinear))
    #expect(
      isClose(
        Array(windowBilinear.a.values.prefix(4)), [0.895854982103683, 0.147987252927026, -0.175560122930361, 0.122191493410211],
        1e-14))
    let windowHeld = try #require(window.discretized(step: 0.1, .zeroOrderHold))
    #expect(isClose(windowHeld.b, [0.105775474962153, 0.144901106305974, 0.17793768324013, 0.105275381249374], 1e-14))
  }

  @Test("Steps that are no time have no matrices", arguments: [0, -1, Double.nan, .infinity])
  func badSteps(step: Double) {
    #expect(LegendreMemory(.window, order: 3).discretized(step: step, .bilinear) == nil)
  }

  @Test("The exponential of a rotation is the rotation, of a nilpotent matrix its polynomial")
  func exponential() {
    let turned = Matrix([[0, -30], [30, 0]]).exponential
    #expect(isClose(turned.values, [cos(30), -sin(30), sin(30), cos(30)], 1e-12))
    let shear = Matrix([[0, 1, 2], [0, 0, 3], [0, 0, 0]]).exponential
    #expect(isClose(shear.values, [1, 1, 3.5, 0, 1, 3, 0, 0, 1], 1e-15))
    #expect(!Matrix([[1e9]]).exponential.isFinite)
  }

  @Test("The first steps of the whole past, for 1, 2, 0, −1, 3, ½")
  func wholePast() {
    var past = WholePastCoefficients(order: 4)
    let states = [1, 2, 0, -1, 3, 0.5].map { sample in
      past.take(sample)
      return past.state
    }
    #expect(isClose(states[0], [0.666666666666667, 0.577350269189626, 0.149071198499986, 0], 1e-14))
    #expect(isClose(states[2], [0.857142857142857, -0.0412393049421161, -0.862483362749919, -0.377964473009227], 1e-14))
    #expect(isClose(states[5], [0.846153846153846, 0.101512135242132, 0.0571861540699248, 0.20682321687393], 1e-14))
    past.take(.nan)
    #expect(past.count == 6 && past.state == states[5])
  }

  @Test("A parabola is held up to the size of the steps, over the whole past and over a window")
  func parabola() {
    func signal(_ t: Double) -> Double { 0.5 + t - 0.3 * t * t }
    var past = WholePastCoefficients(order: 4)
    var window = WindowCoefficients(order: 4, window: 0.5, .bilinear)
    window.begin(at: signal(0))
    let steps = 2000
    for k in 1...steps {
      let t = 2 * Double(k) / Double(steps)
      past.take(signal(t))
      window.take(signal(t), after: 2 / Double(steps))
    }
    for share in [0, 0.25, 0.5, 0.75, 1] {
      // The steps are 1/1000 s and the slope at most 1: values lie two steps off at most, and what is of higher order in them.
      #expect(abs(past.value(at: share) - signal(2 * share)) < 2.1e-3)
      #expect(abs(window.value(secondsAgo: 0.5 * share) - signal(2 - 0.5 * share)) < 2.1e-3)
    }
    // A sixteenth of the window ahead the parabola still goes on.
    #expect(abs(window.value(secondsAgo: -0.03125) - signal(2.03125)) < 4e-3)
  }

  @Test("A window takes samples at any times, and a constant stays one")
  func irregularTimes() {
    var window = WindowCoefficients(order: 6, window: 1)
    window.begin(at: 3)
    for seconds in [0.04, 0.01, 0.3, 0.04, 0.04, 0.9, 0, -1, .nan] { window.take(3, after: seconds) }
    #expect(isClose(window.state, [3, 0, 0, 0, 0, 0], 1e-12))
    window.take(7, after: 5)
    #expect(window.state == [7, 0, 0, 0, 0, 0])
  }

  /// Splitting a held input into two steps changes nothing: e^{A(s+t)} = e^{As} e^{At}.
  @Test("Two steps of a held sample are one")
  func stepsJoin() {
    var once = WindowCoefficients(order: 5, window: 2)
    var twice = once
    for (sample, seconds) in [(1.0, 0.4), (-2, 0.1), (0.5, 1.2)] {
      once.take(sample, after: seconds)
      twice.take(sample, after: seconds / 4)
      twice.take(sample, after: seconds * 3 / 4)
    }
    #expect(isClose(once.state, twice.state, 1e-12))
  }
}

func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
}
