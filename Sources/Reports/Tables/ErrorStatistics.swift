/// What a list of errors comes to, with the number of pairs behind it.
public struct ErrorStatistics: Sendable, Equatable {
  /// The number of errors.
  public var count: Int
  /// √(mean of the squared errors), in the errors' unit like the others.
  public var rootMeanSquare: Double
  /// The arithmetic mean.
  public var mean: Double
  /// The middle error, or the mean of the two in the middle.
  public var median: Double
  /// The population's standard deviation.
  public var standardDeviation: Double
  /// The smallest error.
  public var minimum: Double
  /// The largest error.
  public var maximum: Double
  /// In the squared unit.
  public var sumOfSquares: Double

  /// The statistics of the errors; nil for none.
  public init?(_ errors: [Double]) {
    guard !errors.isEmpty else { return nil }
    let n = Double(errors.count)
    let mean = errors.reduce(0, +) / n
    let sorted = errors.sorted()
    let middle = errors.count / 2
    count = errors.count
    sumOfSquares = errors.reduce(0) { $0 + $1 * $1 }
    rootMeanSquare = (sumOfSquares / n).squareRoot()
    self.mean = mean
    median = errors.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    standardDeviation = (errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
    minimum = sorted[0]
    maximum = sorted[errors.count - 1]
  }
}
