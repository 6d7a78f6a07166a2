import Reports

/// How the errors of forecasts are spread: over the horizon, over the ellipses' levels, over the samples.
public enum ForecastProfile {
  /// The errors at one horizon.
  public struct Horizon: Sendable, Equatable {
    /// Steps, or seconds in a stream.
    public var horizon: Double
    /// The mean distance of forecast and truth, in the unit of the positions.
    public var mean: Double
    /// Nine of ten errors are smaller.
    public var ninetyPercent: Double
    /// How many positions of forecasts the figures are made of.
    public var positions: Int
  }

  /// The first hypothesis' errors by horizon, ascending.
  public static func horizons(_ samples: [ForecastSample]) -> [Horizon] {
    var errors: [Double: [Double]] = [:]
    for sample in samples {
      for (horizon, error) in zip(sample.horizons, sample.errors()) { errors[horizon, default: []].append(error) }
    }
    return errors.sorted { $0.key < $1.key }.map { horizon, errors in
      Horizon(
        horizon: horizon, mean: errors.reduce(0, +) / Double(errors.count),
        ninetyPercent: PairedBootstrap.quantile(errors.sorted(), 0.9), positions: errors.count)
    }
  }

  /// The share of positions inside the ellipses of levels from 5 to 99 %; empty where there are no covariances.
  public static func calibration(_ samples: [ForecastSample]) -> [(level: Double, covered: Double)] {
    let distances = samples.flatMap(\.squaredMahalanobis).sorted()
    guard !distances.isEmpty else { return [] }
    let levels = (1...19).map { Double($0) / 20 } + [0.99]
    var inside = 0
    return levels.map { level in
      let bound = ForecastScores.squaredRadius(level)
      while inside < distances.count, distances[inside] <= bound { inside += 1 }
      return (level, Double(inside) / Double(distances.count))
    }
  }

  /// The share of values that are at most as large, at no more than 200 of them.
  public static func cumulative(_ values: [Double]) -> [(x: Double, y: Double)] {
    let sorted = values.sorted()
    guard let first = sorted.first else { return [] }
    let step = max(1, sorted.count / 200)
    let inner = stride(from: step - 1, to: sorted.count, by: step).map { (x: sorted[$0], y: Double($0 + 1) / Double(sorted.count)) }
    return [(x: min(0, first), y: 0)] + inner + [(x: sorted[sorted.count - 1], y: 1)]
  }

  /// The places of the samples with the largest of the best hypotheses' final errors, the largest first; one an agent, as the windows overlap.
  public static func worst(_ samples: [ForecastSample], count: Int, hypothesisLimit: Int?) -> [Int] {
    let errors = samples.map { $0.bestFinal(limit: hypothesisLimit).error }
    let order = samples.indices.sorted { (errors[$0], $1) > (errors[$1], $0) }
    var seen: Set<Int> = []
    var worst: [Int] = []
    for index in order where worst.count < count && seen.insert(samples[index].agent).inserted { worst.append(index) }
    return worst
  }
}
