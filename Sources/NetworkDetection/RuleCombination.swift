import Detection
import Foundation
public import Geometry

/// How what the motion detector finds by its rules and what a network finds in the same evidence become one list of boxes with probabilities
/// (docs/detectors.md, "Detectors of what moves").
///
/// A network has learned from few kinds of scenes, so its silence says nothing: rules' boxes where it finds nothing surely keep their score. What
/// both find is surer than what one does, and its box lies between theirs; where the rules find parts of what the network surely finds,
/// each is weighed against the other.
public struct RuleCombination: Sendable, Equatable {
  /// A box that one of the two found.
  public struct Found: Sendable, Equatable {
    /// Where, in pixels of whatever picture, the same one for both.
    public var box: GaussianBox
    /// That it is right.
    public var probability: Double

    /// A box as given.
    public init(box: GaussianBox, probability: Double) { (self.box, self.probability) = (box, probability) }
  }

  /// What becomes of the rules' and the network's log-odds.
  public struct Weights: Sendable, Equatable {
    /// Of the rules' log-odds.
    public var rules: Double
    /// Of the network's.
    public var network: Double
    /// At one half of both.
    public var constant: Double

    /// Numbers as given.
    public init(rules: Double, network: Double, constant: Double) {
      (self.rules, self.network, self.constant) = (rules, network, constant)
    }

    /// The log-odds of two probabilities together.
    func logOdds(_ rules: Double, _ network: Double) -> Double {
      self.rules * LogOdds.of(rules) + self.network * LogOdds.of(network) + constant
    }
  }

  /// Of what both find.
  public var both: Weights
  /// Of a box of the rules that is a part of what the network surely finds.
  public var contested: Weights
  /// Of a box of the network in which the rules find a part.
  public var supported: Weights
  /// Of another box of the network; the rules' weight is 0.
  public var alone: Weights
  /// The log-odds of the network's share in the box of what both find: the surer the rules are, the less of it; the network's weight is 0.
  public var share: Weights

  /// Numbers as given.
  public init(both: Weights, contested: Weights, supported: Weights, alone: Weights, share: Weights) {
    (self.both, self.contested, self.supported, self.alone, self.share) = (both, contested, supported, alone, share)
  }

  /// The key under which files have it: the numbers in the order above with blanks between, without the weights that are 0.
  public static let key = "sextant.rules"

  /// What a file says; nil where it says nothing that can be used.
  public init?(_ text: String?) {
    let numbers = text?.split(separator: " ").compactMap { Double($0) } ?? []
    guard numbers.count == RuleCombination.count, numbers.allSatisfy({ abs($0) <= RuleCombination.greatest }) else { return nil }
    func weights(_ place: Int) -> Weights {
      Weights(rules: numbers[place], network: numbers[place + 1], constant: numbers[place + 2])
    }
    (both, contested, supported) = (weights(0), weights(3), weights(6))
    alone = Weights(rules: 0, network: numbers[9], constant: numbers[10])
    share = Weights(rules: numbers[11], network: 0, constant: numbers[12])
    guard both.rules >= 0, both.network >= 0, alone.network > 0 else { return nil }
  }

  private static let count = 13
  /// Numbers beyond make every score 0 or 1.
  private static let greatest = 100.0

  /// As files have it.
  public var text: String {
    let weights = [both, contested, supported].flatMap { [$0.rules, $0.network, $0.constant] }
    return (weights + [alone.network, alone.constant, share.rules, share.constant]).map { "\($0)" }.joined(separator: " ")
  }

  /// What the two say of a box, by its places in their lists.
  enum Place: Equatable {
    case both(rules: Int, network: Int)
    /// One of the rules, and the network's that contests it.
    case rules(Int, network: Int?)
    /// One of the network, and the rules' that supports it.
    case network(Int, rules: Int?)
  }

  /// Boxes with this IoU of their hulls are of the same thing: what a right box of the rules has with the truth (docs/motion-detector.md).
  static let agreement = 0.3
  /// A box of which more than this share lies in another one tells of the same thing.
  private static let inside = 0.5
  /// Boxes of a lower probability are not looked at; a network's is sure from the one on from which a track may begin.
  private static let (least, sure) = (MotionDetector.leastScore, MotionDetector.neutralScore)

  /// What belongs together: first the pairs of the greatest overlap, each box in one. Of what the network finds unsurely in the rules' places nothing
  /// is kept: they tell of it already.
  static func places(rules: [Found], network: [Found]) -> [Place] {
    let (ruled, learned) = (rules.map(\.box.orientedBox.hull), network.map(\.box.orientedBox.hull))
    let mine = rules.indices.filter { rules[$0].probability >= least }
    let theirs = network.indices.filter { network[$0].probability >= sure }
    let partners = pairs(mine, theirs, ruled, learned)
    let taken = Set(partners.values)
    func shares(_ i: Int, _ j: Int) -> Bool {
      ruled[i].intersectionArea(with: learned[j]) > inside * min(ruled[i].area, learned[j].area)
    }
    func isPart(_ i: Int, _ j: Int) -> Bool { ruled[i].area < learned[j].area && shares(i, j) }
    func surest(_ list: [Found], _ candidates: [Int]) -> Int? { candidates.max { list[$0].probability < list[$1].probability } }
    let ofRules: [Place] = mine.map { i in
      if let j = partners[i] { return .both(rules: i, network: j) }
      return .rules(i, network: surest(network, theirs.filter { isPart(i, $0) }))
    }
    let ofNetwork: [Place] = theirs.filter { !taken.contains($0) }.map { j in
      .network(j, rules: surest(rules, mine.filter { isPart($0, j) }))
    }
    let unsure = network.indices.filter { j in
      (least..<sure).contains(network[j].probability)
        && !mine.contains { shares($0, j) || ruled[$0].iou(with: learned[j]) >= agreement }
    }
    return ofRules + ofNetwork + unsure.map { .network($0, rules: nil) }
  }

  /// The box of the network that belongs to one of the rules.
  private static func pairs(_ rules: [Int], _ network: [Int], _ ruled: [AxisBox], _ learned: [AxisBox]) -> [Int: Int] {
    var pairs: [(overlap: Double, rules: Int, network: Int)] = []
    for i in rules {
      for j in network {
        let overlap = ruled[i].iou(with: learned[j])
        if overlap >= agreement { pairs.append((overlap, i, j)) }
      }
    }
    pairs.sort { ($0.overlap, $1.rules, $1.network) > ($1.overlap, $0.rules, $0.network) }
    var (partners, taken): ([Int: Int], Set<Int>) = ([:], [])
    for pair in pairs where partners[pair.rules] == nil && !taken.contains(pair.network) {
      partners[pair.rules] = pair.network
      taken.insert(pair.network)
    }
    return partners
  }

  /// The probability of a box.
  func probability(_ place: Place, rules: [Found], network: [Found]) -> Double {
    switch place {
    case .both(let i, let j):
      // That both find it makes nothing less probable.
      let own = rules[i].probability
      return max(own, LogOdds.probability(both.logOdds(own, network[j].probability)))
    case .rules(let i, let j):
      let own = rules[i].probability
      return j.map { min(own, LogOdds.probability(contested.logOdds(own, network[$0].probability))) } ?? own
    case .network(let j, let i):
      let own = network[j].probability
      return LogOdds.probability(i.map { supported.logOdds(rules[$0].probability, own) } ?? alone.logOdds(own, own))
    }
  }

  /// The network's share in the box of what both find.
  func share(_ rules: Double) -> Double { LogOdds.probability(share.logOdds(rules, rules)) }

  /// The Gaussian between two, by its mean and the logarithm of its covariance; the second one where a box has no area.
  static func box(_ first: GaussianBox, _ second: GaussianBox, share: Double) -> GaussianBox {
    guard let a = LogCovariance(first.covariance), let b = LogCovariance(second.covariance) else { return second }
    func between(_ x: Double, _ y: Double) -> Double { (1 - share) * x + share * y }
    return GaussianBox(
      mean: Point(between(first.mean.x, second.mean.x), between(first.mean.y, second.mean.y)),
      shape: LogCovariance(p: between(a.p, b.p), q: between(a.q, b.q), r: between(a.r, b.r)))
  }
}

/// Probabilities by the logarithm of their odds.
enum LogOdds {
  /// Probabilities are taken to lie this far within 0…1.
  private static let margin = 1e-6

  static func of(_ probability: Double) -> Double {
    let inside = min(1 - margin, max(margin, probability))
    return log(inside / (1 - inside))
  }

  static func probability(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
}
