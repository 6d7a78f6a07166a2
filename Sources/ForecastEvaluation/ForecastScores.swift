import Foundation
import Geometry
import Reports

/// ADE, FDE and what goes with them (`docs/evaluation.md`, Forecasts).
public struct ForecastScores: Sendable, Equatable {
  /// What counts.
  public struct Settings: Sendable, Equatable {
    /// A final error beyond this is a miss, in the unit of the positions (2 m is the convention).
    public var missDistance = 2.0
    /// Only this many of the first hypotheses count; nil for all.
    public var hypothesisLimit: Int?
    /// Probabilities of the ellipses whose coverage is measured.
    public var coverageLevels = [0.5, 0.9, 0.95]

    /// The field's convention: misses beyond 2 m, all hypotheses.
    public init() {}
  }

  /// How often the truth lies inside an ellipse of a given probability.
  public struct Coverage: Sendable, Equatable {
    /// The probability that the ellipse should hold, 0 to 1.
    public var level: Double
    /// The share of positions inside it.
    public var covered: Double
    /// How many positions had a covariance.
    public var positions: Int
  }

  /// Forecasts that were scored.
  public var samples: Int
  /// The largest number of hypotheses of a sample.
  public var hypotheses: Int
  /// Mean over the samples of the mean error over the steps, and of the error at the last step.
  public var averageDisplacement: Double
  /// Mean over the samples of the error at the last step.
  public var finalDisplacement: Double
  /// The smallest of the hypotheses' values, each measure by itself.
  public var minimumAverageDisplacement: Double
  /// The smallest error at the last step of a sample's hypotheses, mean over the samples.
  public var minimumFinalDisplacement: Double
  /// The share of samples whose smallest final error is a miss.
  public var missRate: Double
  /// Coverage of the first hypothesis' ellipses; empty where there are no covariances.
  public var coverage: [Coverage]
  /// Mean of the squared Mahalanobis distance, 2 for a consistent forecast; nil where there are no covariances.
  public var meanSquaredMahalanobis: Double?

  /// The scores of all samples, each weighing the same; nil for none.
  public init?(_ samples: some Sequence<ForecastSample>, settings: Settings = Settings()) {
    var sums = ForecastSums(settings)
    for sample in samples { sums.add(sample) }
    self.init(sums)
  }

  /// The scores behind sums; nil for the sums of nothing.
  init?(_ sums: ForecastSums) {
    guard sums.samples > 0 else { return nil }
    let count = Double(sums.samples)
    samples = sums.samples
    hypotheses = sums.hypotheses
    averageDisplacement = sums.average / count
    finalDisplacement = sums.final / count
    minimumAverageDisplacement = sums.minimumAverage / count
    minimumFinalDisplacement = sums.minimumFinal / count
    missRate = Double(sums.misses) / count
    coverage =
      sums.positions == 0
      ? []
      : zip(sums.settings.coverageLevels, sums.covered).map { level, covered in
        Coverage(level: level, covered: Double(covered) / Double(sums.positions), positions: sums.positions)
      }
    meanSquaredMahalanobis = sums.positions == 0 ? nil : sums.squaredMahalanobis / Double(sums.positions)
  }

  /// Every figure with the name that tables and thresholds know it by.
  public var figures: [(name: String, value: Double)] {
    [
      ("ADE", averageDisplacement), ("FDE", finalDisplacement), ("minADE", minimumAverageDisplacement),
      ("minFDE", minimumFinalDisplacement), ("miss_rate", missRate),
    ] + coverage.map { (Self.name(ofCoverage: $0.level), $0.covered) } + (meanSquaredMahalanobis.map { [("NIS", $0)] } ?? [])
  }

  /// Whether a figure is a ratio, which people read in per cent; the others are lengths and squared distances.
  static func isRatio(_ name: String) -> Bool { name == "miss_rate" || name.hasPrefix("coverage") }

  static func name(ofCoverage level: Double) -> String { "coverage\(ScoreName.percent(level))" }

  /// The quantile of χ² with two degrees of freedom, −2 ln(1 − level): the squared radius of the ellipse of that probability.
  static func squaredRadius(_ level: Double) -> Double { -2 * Foundation.log(1 - min(max(level, 0), 1)) }
}
