/// What the scores of forecasts are made of, summed over samples: sums of parts add up to those of the whole.
struct ForecastSums: Sendable {
  let settings: ForecastScores.Settings
  private(set) var samples = 0
  /// The largest number of hypotheses of a sample.
  private(set) var hypotheses = 0
  /// Over the samples: the first hypothesis' mean and final error, and the smallest of all hypotheses.
  private(set) var average = 0.0
  private(set) var final = 0.0
  private(set) var minimumAverage = 0.0
  private(set) var minimumFinal = 0.0
  private(set) var misses = 0
  /// Positions with a covariance, those within each level's ellipse, and their squared distances.
  private(set) var positions = 0
  private(set) var covered: [Int]
  private(set) var squaredMahalanobis = 0.0
  private let squaredRadii: [Double]

  init(_ settings: ForecastScores.Settings) {
    self.settings = settings
    covered = settings.coverageLevels.map { _ in 0 }
    squaredRadii = settings.coverageLevels.map(ForecastScores.squaredRadius)
  }

  mutating func add(_ sample: ForecastSample) {
    let count = min(sample.hypotheses.count, max(1, settings.hypothesisLimit ?? .max))
    let errors = (0..<count).map(sample.errors)
    let averages = errors.map { $0.reduce(0, +) / Double($0.count) }
    let smallestFinal = errors.reduce(Double.infinity) { min($0, $1[$1.count - 1]) }
    samples += 1
    hypotheses = max(hypotheses, count)
    average += averages[0]
    final += errors[0][errors[0].count - 1]
    minimumAverage += averages.reduce(.infinity, min)
    minimumFinal += smallestFinal
    misses += smallestFinal > settings.missDistance ? 1 : 0
    for distance in sample.squaredMahalanobis {
      positions += 1
      squaredMahalanobis += distance
      for (level, bound) in squaredRadii.enumerated() where distance <= bound { covered[level] += 1 }
    }
  }

  /// Adds the sums of another part of the same settings, as often as it occurs.
  mutating func add(_ other: ForecastSums, times: Int) {
    guard times > 0 else { return }
    samples += times * other.samples
    hypotheses = max(hypotheses, other.hypotheses)
    average += Double(times) * other.average
    final += Double(times) * other.final
    minimumAverage += Double(times) * other.minimumAverage
    minimumFinal += Double(times) * other.minimumFinal
    misses += times * other.misses
    positions += times * other.positions
    for level in covered.indices { covered[level] += times * other.covered[level] }
    squaredMahalanobis += Double(times) * other.squaredMahalanobis
  }
}
