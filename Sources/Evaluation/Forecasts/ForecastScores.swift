import Foundation
import Geometry

/// One predicted position: where, and how sure.
public struct PredictedPosition: Sendable, Hashable {
  public var position: Point
  /// The covariance of the position; nil where the forecast has none.
  public var covariance: SymmetricMatrix2?

  public init(_ position: Point, covariance: SymmetricMatrix2? = nil) {
    self.position = position
    self.covariance = covariance
  }
}

/// A forecast of one object beside what it did: one or more hypotheses over the same steps.
public struct ForecastSample: Sendable, Equatable {
  /// Each with one position a step of the truth.
  public var hypotheses: [[PredictedPosition]]
  public var truth: [Point]

  /// - Parameter hypotheses: At least one; each has as many positions as the truth, and that is at least one.
  public init(hypotheses: [[PredictedPosition]], truth: [Point]) {
    precondition(
      !hypotheses.isEmpty && !truth.isEmpty && hypotheses.allSatisfy { $0.count == truth.count },
      "hypotheses over the truth's steps")
    self.hypotheses = hypotheses
    self.truth = truth
  }
}

/// ADE, FDE and what goes with them (`metrics-and-formats.md` section 10).
public struct ForecastScores: Sendable, Equatable {
  public struct Settings: Sendable, Equatable {
    /// A final error beyond this is a miss, in the unit of the positions (2 m is the convention).
    public var missDistance = 2.0
    /// Only this many of the first hypotheses count; nil for all.
    public var hypothesisLimit: Int?
    /// Probabilities of the ellipses whose coverage is measured.
    public var coverageLevels = [0.5, 0.9, 0.95]

    public init() {}
  }

  /// How often the truth lies inside an ellipse of a given probability.
  public struct Coverage: Sendable, Equatable {
    public var level: Double
    public var covered: Double
    public var positions: Int
  }

  /// Forecasts that were scored.
  public var samples: Int
  /// The largest number of hypotheses of a sample.
  public var hypotheses: Int
  /// Mean over the samples of the mean error over the steps, and of the error at the last step.
  public var averageDisplacement: Double
  public var finalDisplacement: Double
  /// The smallest of the hypotheses' values, each measure by itself.
  public var minimumAverageDisplacement: Double
  public var minimumFinalDisplacement: Double
  /// The share of samples whose smallest final error is a miss.
  public var missRate: Double
  /// Coverage of the first hypothesis' ellipses; empty where there are no covariances.
  public var coverage: [Coverage]
  /// Mean of the squared Mahalanobis distance, 2 for a consistent forecast; nil where there are no covariances.
  public var meanSquaredMahalanobis: Double?

  /// The scores of all samples, each weighing the same; nil for none.
  public init?(_ samples: [ForecastSample], settings: Settings = Settings()) {
    guard !samples.isEmpty else { return nil }
    let errors = samples.map { SampleErrors($0, limit: settings.hypothesisLimit) }
    func mean(_ value: (SampleErrors) -> Double) -> Double {
      errors.reduce(0) { $0 + value($1) } / Double(errors.count)
    }
    self.samples = samples.count
    hypotheses = errors.reduce(0) { max($0, $1.count) }
    averageDisplacement = mean(\.average)
    finalDisplacement = mean(\.final)
    minimumAverageDisplacement = mean(\.minimumAverage)
    minimumFinalDisplacement = mean(\.minimumFinal)
    missRate = mean { $0.minimumFinal > settings.missDistance ? 1 : 0 }
    let distances = samples.flatMap(ForecastScores.squaredMahalanobis)
    coverage = distances.isEmpty ? [] : settings.coverageLevels.map { level in
      let bound = ForecastScores.squaredRadius(level)
      return Coverage(
        level: level, covered: Double(distances.count { $0 <= bound }) / Double(distances.count),
        positions: distances.count)
    }
    meanSquaredMahalanobis = distances.isEmpty ? nil : distances.reduce(0, +) / Double(distances.count)
  }

  /// The quantile of χ² with two degrees of freedom, −2 ln(1 − level): the squared radius of the ellipse of that probability.
  static func squaredRadius(_ level: Double) -> Double { -2 * Foundation.log(1 - min(max(level, 0), 1)) }

  private static func squaredMahalanobis(_ sample: ForecastSample) -> [Double] {
    zip(sample.hypotheses[0], sample.truth).compactMap { predicted, truth in
      predicted.covariance?.inverse.map { $0.quadraticForm(truth - predicted.position) }
    }
  }
}

/// The errors of one sample's hypotheses.
private struct SampleErrors {
  let count: Int
  /// Of the first hypothesis.
  let average: Double
  let final: Double
  let minimumAverage: Double
  let minimumFinal: Double

  init(_ sample: ForecastSample, limit: Int?) {
    let used = sample.hypotheses.prefix(max(1, limit ?? .max))
    let errors = used.map { hypothesis in zip(hypothesis, sample.truth).map { ($0.position - $1).length } }
    let averages = errors.map { $0.reduce(0, +) / Double($0.count) }
    let finals = errors.map { $0[$0.count - 1] }
    count = used.count
    average = averages[0]
    final = finals[0]
    minimumAverage = averages.reduce(.infinity, min)
    minimumFinal = finals.reduce(.infinity, min)
  }
}
