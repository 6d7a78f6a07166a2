import Foundation

/// How a network's scores become probabilities that a box is right: a logistic function of their log-odds (Platt 1999, "Probabilistic outputs for
/// support vector machines").
public struct ScoreCalibration: Sendable, Equatable {
  /// The probability's log-odds for each unit of the score's; above 0, so that the order of boxes stays.
  public let slope: Double
  /// The probability's log-odds at a score of one half.
  public let offset: Double

  /// The key under which files have it, as two numbers with a blank between.
  public static let key = "sextant.calibration"

  /// Numbers as given.
  public init(slope: Double, offset: Double) { (self.slope, self.offset) = (slope, offset) }

  /// What a file says; nil where it says nothing that can be used.
  init?(_ text: String?) {
    let numbers = text?.split(separator: " ").compactMap { Double($0) } ?? []
    guard numbers.count == 2, numbers[0] > 0, numbers.allSatisfy({ abs($0) <= ScoreCalibration.greatest }) else { return nil }
    self.init(slope: numbers[0], offset: numbers[1])
  }

  /// As files have it.
  public var text: String { "\(slope) \(offset)" }

  /// Numbers beyond make every score 0 or 1.
  private static let greatest = 100.0

  /// The probability that a box of a score is right.
  public func probability(_ score: Double) -> Double { LogOdds.probability(slope * LogOdds.of(score) + offset) }

  /// The likeliest one for boxes counted in groups of like scores, by Newton's method; the likelihood is concave.
  ///
  /// - Parameter groups: The mean score of each, the share of its boxes that is right, how many it has.
  /// - Returns: nil where the groups do not tell one: too few, or scores that do not rise with the share.
  public init?(fitting groups: [(score: Double, share: Double, count: Int)]) {
    let groups = groups.filter { $0.count > 0 }
    guard groups.count > 1 else { return nil }
    var (slope, offset) = (1.0, 0.0)
    for _ in 0..<ScoreCalibration.steps {
      var (gradient, curvature) = ((0.0, 0.0), (0.0, 0.0, 0.0))
      let now = ScoreCalibration(slope: slope, offset: offset)
      for group in groups {
        let (x, p, n) = (LogOdds.of(group.score), now.probability(group.score), Double(group.count))
        let (error, weight) = (n * (group.share - p), n * p * (1 - p))
        gradient = (gradient.0 + error * x, gradient.1 + error)
        curvature = (curvature.0 + weight * x * x, curvature.1 + weight * x, curvature.2 + weight)
      }
      let determinant = curvature.0 * curvature.2 - curvature.1 * curvature.1
      guard determinant > ScoreCalibration.leastCurvature else { return nil }
      slope += (curvature.2 * gradient.0 - curvature.1 * gradient.1) / determinant
      offset += (curvature.0 * gradient.1 - curvature.1 * gradient.0) / determinant
    }
    guard slope > 0, abs(slope) <= ScoreCalibration.greatest, abs(offset) <= ScoreCalibration.greatest else { return nil }
    self.init(slope: slope, offset: offset)
  }

  /// Newton's method doubles the right digits with each step.
  private static let steps = 20
  /// Below it all groups have the same score, or the likelihood has no maximum.
  private static let leastCurvature = 1e-9
}
