import Foundation

/// How large a stream's noises are against what is assumed: factors of the measurement errors' and of the accelerations' covariances.
///
/// Nobody tells how exact a detector is on a stream, nor how restless its objects are, but innovations do: for a consistent filter the
/// normalised square of one is 2 in the mean. Those of the next frame hang on the errors most, those a second ahead (`ForecastProbe`) on the
/// accelerations; each factor f is led by its own,
///
///     ln f ← ln f + gain/(prior + n) (½ NIS − 1)
///
/// in steps that grow smaller (H. Robbins and S. Monro, "A stochastic approximation method", 1951).
public struct StreamNoise: Hashable, Sendable, Codable {
  private var errors = Factor()
  private var accelerations = Factor()

  /// Of a stream of which nothing is known yet.
  public init() {}

  /// The factor of the measurement errors' covariance.
  public var errorFactor: Double { exp(errors.logarithm) }
  /// The factor of the accelerations' density.
  public var accelerationFactor: Double { exp(accelerations.logarithm) }

  /// Takes in what a detection said against the prediction from the frame before.
  public mutating func learn(next innovation: PlanarInnovation) { errors.learn(innovation, gain: StreamNoise.errorGain) }

  /// Takes in what a detection said against a forecast from a second before.
  public mutating func learn(later innovation: PlanarInnovation) {
    accelerations.learn(innovation, gain: StreamNoise.accelerationGain)
  }

  // Newton's steps: errors are about a third of an innovation's variance, accelerations half of it a second ahead, so that a factor e of them
  // is a third and a half of its normalised square.
  private static let errorGain = 3.0
  private static let accelerationGain = 2.0

  private struct Factor: Hashable, Sendable, Codable {
    var logarithm = 0.0
    var innovations = 0.0

    mutating func learn(_ innovation: PlanarInnovation, gain: Double) {
      innovations = min(innovations + 1, Factor.memory)
      let square = min(innovation.normalizedSquare, Factor.largestSquare)
      let next = logarithm + gain / (Factor.prior + innovations) * (square / 2 - 1)
      logarithm = min(max(next, -Factor.mostLogarithm), Factor.mostLogarithm)
    }

    /// What is assumed weighs as many innovations.
    private static let prior = 100.0
    /// Innovations that are remembered, a minute or less of a few objects: light and traffic change.
    private static let memory = 1000.0
    /// A detection of another object says nothing about noises.
    private static let largestSquare = 20.0
    /// Covariances of a twenty-fifth to twenty-five times what is assumed.
    private static let mostLogarithm = 3.2
  }
}
