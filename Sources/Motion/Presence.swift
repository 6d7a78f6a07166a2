import Foundation

/// How fast objects come out of sight, come back and leave; all rates per second.
@frozen
public struct PresenceRates: Hashable, Sendable {
  /// From visible to hidden: behind something, or where the detector fails for a while.
  public var hiding: Double
  /// From hidden to visible.
  public var revealing: Double
  /// From visible to gone.
  public var leaving: Double
  /// From hidden to gone.
  public var fading: Double

  /// All four per second.
  public init(hiding: Double, revealing: Double, leaving: Double, fading: Double) {
    self.hiding = hiding
    self.revealing = revealing
    self.leaving = leaving
    self.fading = fading
  }
}

/// The probability that a track's object exists, split by whether it can be seen: a Markov chain of visible, hidden and gone.
///
/// A plain Bernoulli filter (docs/motion-models.md, "Existence") takes each miss as fresh evidence and forgets an object within a few frames of an
/// occlusion. Misses come in runs, though: here they first say that the object is hidden, and only time says that it is gone. With a
/// hiding rate of 0 this is the Bernoulli filter.
@frozen
public struct Presence: Hashable, Sendable, Codable {
  /// The probability that the object is there and can be seen.
  public private(set) var visible: Double
  /// The probability that it is there and hidden.
  public private(set) var hidden: Double

  /// Certainty in either direction could never be undone by evidence, so existence stays this far from 0 and 1.
  public static var margin: Double { 1e-9 }

  /// The probability that the object exists.
  public var existence: Double { visible + hidden }

  /// An object that is visible if it exists.
  public init(_ probability: Double) {
    // A NaN compares false and becomes the lower bound.
    visible = probability > Presence.margin ? min(probability, 1 - Presence.margin) : Presence.margin
    hidden = 0
  }

  /// Moves the chain ahead, each exchange by 1 − exp(−rate · dt).
  public mutating func predict(seconds dt: Double, rates: PresenceRates) {
    let hides = visible * -expm1(-rates.hiding * dt)
    let shows = hidden * -expm1(-rates.revealing * dt)
    visible = max(Presence.margin, (visible - hides + shows) * exp(-rates.leaving * dt))
    hidden = (hidden + hides - shows) * exp(-rates.fading * dt)
  }

  /// Takes in evidence: how much likelier it is if the object is visible, and if it is hidden, than if there is none.
  ///
  /// Ratios that are negative or not finite change nothing.
  public mutating func update(visibleRatio: Double, hiddenRatio: Double = 1) {
    let seen = visible * visibleRatio
    let unseen = hidden * hiddenRatio
    let total = max(0, 1 - existence) + seen + unseen
    guard visibleRatio >= 0, hiddenRatio >= 0, total > 0, total.isFinite else { return }
    let scale = min(1, (1 - Presence.margin) * total / max(seen + unseen, .leastNormalMagnitude))
    visible = max(Presence.margin, seen / total * scale)
    hidden = unseen / total * scale
  }

  /// The likelihood ratio of one frame under a visible object: 1 − p_D P_G + p_D Σ g/λ.
  ///
  /// - Parameters:
  ///   - detection: p_D, the probability that a visible object is detected; 0 outside the picture.
  ///   - gate: P_G, the probability that its detection falls inside the gate.
  ///   - evidence: Σ g/λ over the detections in the gate: the density of each under the track over that of clutter; 0 for a miss.
  public static func likelihoodRatio(detection: Double, gate: Double, evidence: Double) -> Double {
    1 - detection * gate + detection * evidence
  }
}
