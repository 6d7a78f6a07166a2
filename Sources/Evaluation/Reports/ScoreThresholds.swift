/// Scores that must not fall below a value, as `hota=0.6,idf1=0.5`.
public struct ScoreThresholds: Sendable, Equatable {
  public struct Threshold: Sendable, Equatable {
    public var name: String
    public var least: Double
  }

  public var thresholds: [Threshold]

  /// Reads the thresholds of one or several options.
  public init(_ texts: [String]) throws(EvaluationError) {
    thresholds = []
    for text in texts {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let sides = part.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].isEmpty, let least = Double(sides[1]), least.isFinite else {
          throw .invalidOption(name: "--fail-below \(text)", reason: "write thresholds as name=value, such as hota=0.6")
        }
        thresholds.append(Threshold(name: String(sides[0]), least: least))
      }
    }
  }

  /// A sentence for each threshold that is not met.
  ///
  /// - Parameters:
  ///   - subject: What the scores belong to.
  ///   - score: The score of a name; nil for a name that there is none of.
  public func failures(of subject: String, score: (String) -> Double?) throws(EvaluationError) -> [String] {
    var failures: [String] = []
    for threshold in thresholds {
      guard let value = score(threshold.name) else {
        throw .invalidOption(name: "--fail-below \(threshold.name)", reason: "there is no score of this name for \(subject)")
      }
      // Written so that a score that is not a number fails, too.
      if !(value >= threshold.least) {
        failures.append("\(threshold.name) of \(subject) is \(DecimalText.fixed(value, decimals: 6) ?? "undefined"), below \(threshold.least)")
      }
    }
    return failures
  }
}
