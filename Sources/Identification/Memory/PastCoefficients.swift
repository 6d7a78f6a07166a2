import Foundation
import Splines

/// The whole past of a signal in a few coefficients: HiPPO-LegS, in its own discrete form.
///
/// x_k = (I − A/2k)⁻¹ ((I + A/2k) x_{k−1} + B u_k / k) for the k-th sample, k = 1, 2, … (Gu and others, 2020, proposition 3 with the
/// trapezoidal rule). The scale of time is the length of the past itself, so nothing depends on the time between the samples.
public struct WholePastCoefficients: Sendable, Hashable {
  private let memory: LegendreMemory
  /// x_n of u(s t) ≈ Σ x_n R_n P_n(2s − 1), s from 0 (the beginning) to 1 (now).
  public private(set) var state: [Double]
  /// How many samples were taken.
  public private(set) var count = 0

  /// An empty past.
  /// - Parameter order: The number of coefficients, 1 to `LegendreMemory.largestOrder`.
  public init(order: Int) {
    memory = LegendreMemory(.wholePast, order: order)
    state = [Double](repeating: 0, count: order)
  }

  /// Takes the next sample; one that is not finite is left out, since nothing would ever forget it.
  ///
  /// A is lower triangular, so the step is one forward substitution of order² operations.
  public mutating func take(_ sample: Double) {
    guard sample.isFinite else { return }
    count += 1
    let k = Double(count)
    let order = memory.order
    var next = [Double](repeating: 0, count: order)
    for n in 0..<order {
      var right = state[n] + memory.b[n] * sample / k
      for j in 0...n { right += memory.a[n, j] * state[j] / (2 * k) }
      for j in 0..<n { right += memory.a[n, j] * next[j] / (2 * k) }
      next[n] = right / (1 - memory.a[n, n] / (2 * k))
    }
    state = next
  }

  /// The signal as the coefficients hold it at a share s of its past, 0 the beginning and 1 now.
  public func value(at share: Double) -> Double { LegendreMemory.value(of: state, at: 2 * share - 1) }
}

/// The last θ seconds of a signal in a few coefficients: HiPPO-LegT, for samples at any times.
public struct WindowCoefficients: Sendable {
  private let memory: LegendreMemory
  /// θ, seconds.
  public let window: Double
  /// x_n of u(t − r θ) ≈ Σ x_n R_n P_n(1 − 2r), r from 0 (now) to 1 (the window's beginning).
  public private(set) var state: [Double]
  private let rule: Discretization
  /// Ā and B̄ of the last step, which is most often the next one as well.
  private var cached: (step: Double, a: Matrix, b: [Double])?

  /// - Parameters:
  ///   - window: θ in seconds, finite and positive.
  public init(order: Int, window: Double, _ rule: Discretization = .zeroOrderHold) {
    precondition(window.isFinite && window > 0, "a window has a length")
    memory = LegendreMemory(.window, order: order)
    self.window = window
    self.rule = rule
    state = [Double](repeating: 0, count: order)
  }

  /// Fills the window with a constant: a signal that begins does not come from zero.
  public mutating func begin(at value: Double) {
    for n in state.indices { state[n] = n == 0 ? value : 0 }
  }

  /// Takes a sample that holds for the `seconds` since the last one; what is not finite, or no time, changes nothing.
  public mutating func take(_ sample: Double, after seconds: Double) {
    guard sample.isFinite, seconds.isFinite, seconds > 0 else { return }
    // After a whole window without samples nothing older is left.
    guard seconds < window else { return begin(at: sample) }
    let step = seconds / window
    if cached?.step != step {
      guard let made = memory.discretized(step: step, rule) else { return }
      cached = (step, made.a, made.b)
    }
    guard let (_, a, b) = cached else { return }
    state = zip(a * state, b).map { $0 + $1 * sample }
  }

  /// The signal as the coefficients hold it `seconds` ago.
  ///
  /// Negative times carry the polynomial on beyond now; up to an eighth of the window that is a forecast, beyond it is not.
  public func value(secondsAgo seconds: Double) -> Double {
    LegendreMemory.value(of: state, at: 1 - 2 * seconds / window)
  }
}
