import Foundation
import Motion
import Testing

@Suite struct PresenceTests {
  struct Reference: Decodable {
    struct Step: Decodable {
      let g_over_clutter: Double?
      let r_pred: Double
      let Lambda: Double
      let r: Double
    }
    let pS: Double
    let pD: Double
    let PG: Double
    let r0: Double
    let steps: [Step]
  }

  @Test(.enabled(if: TestVectors.isAvailable, "../shared/reference is not here"))
  func withoutHidingItIsTheBernoulliFilterOfTheReference() throws {
    let reference = try TestVectors.section("existence", as: Reference.self)
    let rates = PresenceRates(hiding: 0, revealing: 0, leaving: -log(reference.pS), fading: 0)
    var presence = Presence(reference.r0)
    for step in reference.steps {
      presence.predict(seconds: 1, rates: rates)
      let ratio = Presence.likelihoodRatio(
        detection: reference.pD, gate: reference.PG, evidence: step.g_over_clutter ?? 0)
      let predicted = presence.existence
      presence.update(visibleRatio: ratio)
      expectClose([predicted, ratio, presence.existence], [step.r_pred, step.Lambda, step.r], within: 1e-12)
    }
  }

  private let rates = PresenceRates(hiding: 0.2, revealing: 1, leaving: 0.03, fading: 0.5)

  /// A second of misses leaves a Bernoulli filter without hope; here it takes the belief that the object is visible, and more seconds
  /// take the belief that it exists.
  @Test func aRunOfMissesFirstHidesAndThenEndsAnObject() {
    var presence = Presence(0.99)
    var bernoulli = Presence(0.99)
    var existence: [Double] = []
    for frame in 1...100 {
      presence.predict(seconds: 0.1, rates: rates)
      presence.update(visibleRatio: 0.1)
      bernoulli.update(visibleRatio: 0.1)
      if frame % 10 == 0 { existence.append(presence.existence) }
      if frame == 10 { #expect(bernoulli.existence < 1e-7 && presence.existence > 0.1 && presence.visible < 0.02) }
    }
    #expect(zip(existence, existence.dropFirst()).allSatisfy { $0 > $1 })
    #expect(existence[9] < 0.05)
  }

  @Test func anObjectThatCannotBeSeenOnlyFades() {
    var presence = Presence(0.9)
    for _ in 0..<10 {
      presence.predict(seconds: 0.1, rates: rates)
      presence.update(visibleRatio: Presence.likelihoodRatio(detection: 0, gate: 1, evidence: 0))
    }
    #expect(presence.existence > 0.8 && presence.hidden > 0.05)
  }

  @Test func staysAProbabilityUnderHostileEvidence() {
    var presence = Presence(.nan)
    for ratio in [.nan, .infinity, -1, 0, 1e308, 1e-308, 0.5, 1e300, 0, 0] {
      presence.predict(seconds: 0.1, rates: rates)
      presence.update(visibleRatio: ratio, hiddenRatio: ratio)
      #expect(presence.existence > 0 && presence.existence < 1)
      #expect(presence.visible >= 0 && presence.hidden >= 0)
    }
  }

  @Test func certaintyCanBeUndone() {
    var presence = Presence(0.5)
    for _ in 0..<100 { presence.update(visibleRatio: 1e6) }
    #expect(presence.existence < 1)
    for _ in 0..<30 { presence.update(visibleRatio: 0.1) }
    #expect(presence.existence < 0.01)
  }
}
