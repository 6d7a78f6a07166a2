/// The probability that a track's object exists, a Bernoulli filter (`motion.md` section 6).
@frozen
public struct Existence: Hashable, Sendable {
  public private(set) var probability: Double

  /// Certainty in either direction could never be undone by evidence, so the probability stays this far from 0 and 1.
  public static var margin: Double { 1e-9 }

  public init(_ probability: Double) {
    self.probability = Existence.bounded(probability)
  }

  /// The object may have gone (`survival`), or one may have come where there was none (`birth`).
  public mutating func predict(survival: Double, birth: Double = 0) {
    probability = Existence.bounded(survival * probability + birth * (1 - probability))
  }

  /// Takes in evidence: `ratio` is how much likelier it is if the object exists than if it does not.
  public mutating func update(likelihoodRatio ratio: Double) {
    guard ratio >= 0, ratio.isFinite else { return }
    let weighted = probability * ratio
    probability = Existence.bounded(weighted / (1 - probability + weighted))
  }

  /// The likelihood ratio of one frame: 1 − p_D P_G + p_D Σ g/λ.
  ///
  /// - Parameters:
  ///   - detection: p_D, the probability that an existing object is detected; 0 where it cannot be seen.
  ///   - gate: P_G, the probability that its detection falls inside the gate.
  ///   - evidence: Σ g/λ over the detections in the gate: the density of each under the track over that of clutter; 0 for a miss.
  public static func likelihoodRatio(detection: Double, gate: Double, evidence: Double) -> Double {
    1 - detection * gate + detection * evidence
  }

  private static func bounded(_ value: Double) -> Double {
    // A NaN compares false and becomes the lower bound.
    value > margin ? min(value, 1 - margin) : margin
  }
}
