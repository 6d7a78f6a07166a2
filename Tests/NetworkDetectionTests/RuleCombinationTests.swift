import Detection
import Foundation
import Geometry
import TestSupport
import Testing

@testable import NetworkDetection

/// What rules and a network find, together.
@Suite struct RuleCombinationTests {
  private typealias Found = RuleCombination.Found
  private static let combination = RuleCombination(
    both: RuleCombination.Weights(rules: 0.7, network: 0.8, constant: 1.7),
    contested: RuleCombination.Weights(rules: 0.5, network: 0.4, constant: -1.8),
    supported: RuleCombination.Weights(rules: 0.4, network: 0.7, constant: 1.1),
    alone: RuleCombination.Weights(rules: 0, network: 1.1, constant: -0.2),
    share: RuleCombination.Weights(rules: -0.5, network: 0, constant: 1))

  private static func found(_ x: Double, _ side: Double, _ probability: Double) -> Found {
    Found(
      box: GaussianBox(OrientedBox(center: Point(x, 50), width: side, height: side, angle: 0)), probability: probability)
  }

  @Test func filesKeepEveryDigit() {
    #expect(RuleCombination(Self.combination.text) == Self.combination)
    let numbers = Self.combination.text.split(separator: " ").map(String.init)
    #expect(numbers.count == 13)
    func changed(_ place: Int, _ text: String) -> RuleCombination? {
      var other = numbers
      other[place] = text
      return RuleCombination(other.joined(separator: " "))
    }
    // Weights by which surer boxes would be less probable, numbers that are none or too large.
    for (place, text) in [(0, "-0.1"), (1, "-1"), (9, "0"), (2, "nan"), (4, "101"), (5, "x"), (12, "-200")] {
      #expect(changed(place, text) == nil, "\(place) \(text)")
    }
    #expect(RuleCombination(nil) == nil && RuleCombination("") == nil && RuleCombination(Self.combination.text + " 1") == nil)
  }

  @Test func whatBelongsTogether() {
    let rules = [
      Self.found(100, 40, 0.5), Self.found(300, 12, 0.6), Self.found(500, 40, 0.3), Self.found(700, 12, 0.6),
      Self.found(900, 40, 0.001), Self.found(1500, 60, 0.6),
    ]
    let network = [
      Self.found(104, 40, 0.3), Self.found(300, 60, 0.7), Self.found(700, 60, 0.1), Self.found(1100, 40, 0.4),
      Self.found(1300, 40, 0.005), Self.found(1500, 12, 0.5), Self.found(1900, 40, 0.1), Self.found(504, 40, 0.15),
    ]
    // What the network unsurely finds is told where the rules find nothing; what hardly anybody believes is left out; and a part that the network
    // finds in a box of the rules contests nothing.
    #expect(
      RuleCombination.places(rules: rules, network: network) == [
        .both(rules: 0, network: 0), .rules(1, network: 1), .rules(2, network: nil), .rules(3, network: nil),
        .rules(5, network: nil),
        .network(1, rules: 1), .network(3, rules: nil), .network(5, rules: nil), .network(6, rules: nil),
      ])
    // Each box is in one pair, that of the greatest overlap.
    #expect(
      RuleCombination.places(rules: [Self.found(100, 40, 0.5), Self.found(106, 40, 0.5)], network: [Self.found(107, 41, 0.5)]) == [
        .rules(0, network: 0), .both(rules: 1, network: 0),
      ])
  }

  @Test func silenceSaysNothing() {
    let (sure, unsure) = (Self.found(100, 40, 0.8), Self.found(100, 40, 0.02))
    func probability(_ place: RuleCombination.Place, _ rules: Found, _ network: Found) -> Double {
      Self.combination.probability(place, rules: [rules], network: [network])
    }
    #expect(probability(.rules(0, network: nil), sure, sure) == 0.8)
    // By hand: 0.7 ln 4 + 0.8 ln 4 + 1.7 = 3.7794.
    #expect(abs(probability(.both(rules: 0, network: 0), sure, sure) - 1 / (1 + exp(-3.7794415))) < 1e-6)
    #expect(probability(.both(rules: 0, network: 0), sure, unsure) == 0.8)
    // 0.5 ln 4 + 0.4 ln 4 − 1.8 = −0.5523; and a contest makes nothing surer.
    #expect(abs(probability(.rules(0, network: 0), sure, sure) - 1 / (1 + exp(0.5523351))) < 1e-6)
    #expect(probability(.rules(0, network: 0), unsure, sure) == 0.02)
    // 1.1 ln 4 − 0.2 = 1.3249, and with the rules' 0.4 ln 4 + 0.7 ln 4 + 1.1 = 2.6249.
    #expect(abs(probability(.network(0, rules: nil), sure, sure) - 1 / (1 + exp(-1.3249238))) < 1e-6)
    #expect(abs(probability(.network(0, rules: 0), sure, sure) - 1 / (1 + exp(-2.6249238))) < 1e-6)
  }

  @Test func boxesLieBetween() {
    let (first, second) = (Self.found(100, 10, 0.5).box, Self.found(110, 40, 0.5).box)
    #expect(RuleCombination.box(first, second, share: 1).mean == second.mean)
    let half = RuleCombination.box(first, second, share: 0.5)
    // Sides are between by their logarithms: √(10 · 40).
    #expect(abs(half.mean.x - 105) < 1e-9 && abs(half.orientedBox.width - 20) < 1e-9)
    let flat = GaussianBox(mean: Point(1, 1), covariance: SymmetricMatrix2(xx: 1, xy: 0, yy: 0))
    #expect(RuleCombination.box(flat, second, share: 0.5) == second)
  }

  /// Pictures whose boxes are right with the probabilities of known numbers give these back.
  @Test func knownNumbersAreFound() throws {
    let truth = Self.combination
    var random = TestRandom(seed: 5)
    var samples: [RuleCombination.Sample] = []
    for picture in 0..<6_000 {
      var sample = RuleCombination.Sample(film: "film \(picture / 10)", rules: [], network: [], truth: [])
      func draw(_ low: Double = -1.2) -> Double { LogOdds.probability(random.uniform(low, 3)) }
      func happens(_ logOdds: Double) -> Bool { random.unit() < LogOdds.probability(logOdds) }
      func put(_ box: GaussianBox, if isThere: Bool) { if isThere { sample.truth.append(box.orientedBox.hull) } }
      let (r, n) = (Self.found(100, 40, draw(-3)), Self.found(110, 36, draw()))
      put(
        RuleCombination.box(r.box, n.box, share: truth.share(r.probability)),
        if: happens(truth.both.logOdds(r.probability, n.probability)))
      let (part, whole) = (Self.found(300, 12, draw(-3)), Self.found(300, 60, draw()))
      put(part.box, if: happens(truth.contested.logOdds(part.probability, whole.probability)))
      put(whole.box, if: happens(truth.supported.logOdds(part.probability, whole.probability)))
      let alone = Self.found(500, 40, draw())
      put(alone.box, if: happens(truth.alone.logOdds(0.5, alone.probability)))
      // Neither right nor wrong.
      let ignored = Self.found(700, 40, 0.9)
      sample.ignored = [ignored.box.orientedBox.hull]
      sample.rules = [r, part, ignored]
      sample.network = [n, whole, alone]
      samples.append(sample)
    }
    let found = try #require(RuleCombination(fitting: samples))
    for (a, b) in [
      (found.both, truth.both), (found.contested, truth.contested), (found.supported, truth.supported), (found.alone, truth.alone),
    ] {
      // Some three standard errors of 6,000 cases.
      #expect(abs(a.rules - b.rules) < 0.1 && abs(a.network - b.network) < 0.1 && abs(a.constant - b.constant) < 0.15, "\(a) \(b)")
    }
    for probability in [0.1, 0.5, 0.9] {
      #expect(abs(found.share(probability) - truth.share(probability)) <= 0.05, "\(probability) \(found.share)")
    }
    #expect(RuleCombination(fitting: Array(samples.prefix(20))) == nil)
    #expect(RuleCombination(fitting: []) == nil)
  }

  /// Detections of both, with what belongs to them.
  @Test func detectionsAreJoined() throws {
    func box(_ x: Double, _ side: Double, _ score: Double, error: Double, index: Int, mask: RunLengthMask? = nil) -> DetectedBox {
      DetectedBox(
        box: Self.found(x, side, score).box, score: score, centerCovariance: SymmetricMatrix2(xx: error, xy: 0, yy: error),
        index: index,
        mask: mask)
    }
    let mask = try #require(RunLengthMask(width: 2, height: 1, pixels: [0, 1]))
    let joined = EvidenceDetector.joined(
      [
        box(100, 40, 0.8, error: 1, index: 0, mask: mask), box(300, 20, 0.3, error: 1, index: 1, mask: mask),
        box(600, 3, 0.9, error: 1, index: 2),
      ],
      [box(110, 40, 0.8, error: 4, index: 0), box(300, 36, 0.8, error: 4, index: 1), box(900, 40, 0.001, error: 4, index: 2)],
      by: Self.combination)
    #expect(joined.count == 3)
    // The network's share: 1 / (1 + exp(0.5 ln 4 − 1)) = 0.5761.
    #expect(abs(joined[0].box.mean.x - 105.7611) < 1e-4 && joined[0].mask == mask && joined[0].score > 0.97)
    #expect(abs(try #require(joined[0].centerCovariance).xx - 2.7283) < 1e-4)
    // Of another extent than the rules' region, whose pixels are not the object's.
    #expect(joined[1].mask == nil && joined[1].box.orientedBox.width > 28)
    #expect(joined[2].score == 0.9 && joined[2].box.mean.x == 600)
  }
}
