import Foundation
import Geometry
import Motion

/// What detections and misses say about whether a track's object exists; plain numbers drawn from the settings once.
struct ExistenceModel {
  private let rates: PresenceRates
  private let detectionProbability: Double
  private let interval: Double

  init(_ settings: TrackerSettings) {
    rates = settings.presenceRates
    detectionProbability = settings.detectionProbability
    interval = settings.evidenceInterval
  }

  func predict(_ presence: inout Presence, seconds: Double) {
    presence.predict(seconds: seconds, rates: rates)
  }

  /// A detection whose score is `evidence` times likelier for an object than for clutter.
  ///
  /// At the place of a hidden object it is clutter, as it is where there is none: it says nothing between these two.
  func see(_ presence: inout Presence, evidence: Double, seconds: Double) {
    let ratio = Presence.likelihoodRatio(detection: detectionProbability, gate: 1, evidence: evidence)
    presence.update(visibleRatio: weighed(ratio, seconds: seconds))
  }

  /// No detection, though this share of the object was inside the picture.
  func miss(_ presence: inout Presence, visibleShare: Double, seconds: Double) {
    let ratio = Presence.likelihoodRatio(detection: detectionProbability * visibleShare, gate: 1, evidence: 0)
    presence.update(visibleRatio: weighed(ratio, seconds: seconds))
  }

  /// How likely it is that a track has no detection, this share of it being inside the picture.
  func missProbability(_ presence: Presence, visibleShare: Double) -> Double {
    1 - detectionProbability * visibleShare * presence.visible
  }

  /// Frames that follow each other fast are not independent: each counts by its share of the interval.
  private func weighed(_ ratio: Double, seconds: Double) -> Double {
    guard interval > 0, seconds < interval else { return ratio }
    return pow(max(ratio, 0), max(0, seconds) / interval)
  }
}
