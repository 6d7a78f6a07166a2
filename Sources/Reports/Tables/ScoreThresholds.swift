/// Scores that must not fall below a value, as `hota=0.6,idf1=0.5`, or errors that must not rise above one.
public struct ScoreThresholds: Sendable, Equatable {
  /// A bound for one score.
  public struct Threshold: Sendable, Equatable {
    /// The score's name, in upper or lower case.
    public var name: String
    /// The bound, in the score's own unit; a ratio as a fraction.
    public var least: Double
  }

  /// The bounds in the order in which they were given.
  public var thresholds: [Threshold]
  /// The option that they were given with, for messages.
  private let option: String

  /// Reads the thresholds of one or several options of a name.
  public init(_ texts: [String], option: String) throws(EvaluationError) {
    thresholds = []
    self.option = option
    for text in texts {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let sides = part.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].isEmpty, let least = Double(sides[1]), least.isFinite else {
          throw .invalidOption(name: "\(option) \(text)", reason: "write thresholds as name=value, such as hota=0.6")
        }
        thresholds.append(Threshold(name: String(sides[0]), least: least))
      }
    }
  }

  /// A sentence for each threshold that a score lies below.
  ///
  /// - Parameters:
  ///   - subject: What the scores belong to.
  ///   - score: The score of a name; nil for a name that there is none of.
  public func failures(of subject: String, score: (String) -> Double?) throws(EvaluationError) -> [String] {
    try sentences(of: subject, score, "below") { $0 >= $1 }
  }

  /// A sentence for each threshold that an error lies above.
  public func excesses(of subject: String, score: (String) -> Double?) throws(EvaluationError) -> [String] {
    try sentences(of: subject, score, "above") { $0 <= $1 }
  }

  private func sentences(
    of subject: String, _ score: (String) -> Double?, _ side: String, isMet: (Double, Double) -> Bool
  ) throws(EvaluationError) -> [String] {
    var sentences: [String] = []
    for threshold in thresholds {
      guard let value = score(threshold.name) else {
        throw .invalidOption(name: "\(option) \(threshold.name)", reason: "there is no score of this name for \(subject)")
      }
      // No comparison holds for what is not a number, so that fails, too.
      if !isMet(value, threshold.least) {
        sentences.append(
          "\(threshold.name) of \(subject) is \(DecimalText.fixed(value, decimals: 6) ?? "undefined"), \(side) \(threshold.least)")
      }
    }
    return sentences
  }
}
