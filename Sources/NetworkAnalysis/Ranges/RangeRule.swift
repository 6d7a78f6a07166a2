/// How the range that a value's bytes cover is chosen from the numbers that were seen.
public enum RangeRule: Sendable, Equatable {
  /// From the least number to the greatest.
  case all
  /// The smallest limit of |x| below which this share of the numbers lies, in percent.
  case percentile(Double)
  /// The limit of |x| at which the numbers on 128 levels tell the most about those seen.
  case entropy
}
