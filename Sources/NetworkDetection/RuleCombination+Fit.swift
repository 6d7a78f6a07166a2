import Foundation
public import Geometry

extension RuleCombination {
  /// A picture with what both found in it and what is there, in its pixels.
  public struct Sample: Sendable {
    /// Which film it is of: a film's boxes together weigh the root of their number, for they are much alike.
    public var film: String
    /// What the rules found.
    public var rules: [Found]
    /// What the network found.
    public var network: [Found]
    /// The hulls of the objects.
    public var truth: [AxisBox]
    /// The hulls of what is neither an object nor background.
    public var ignored: [AxisBox]

    /// A picture as given.
    public init(film: String, rules: [Found], network: [Found], truth: [AxisBox], ignored: [AxisBox] = []) {
      (self.film, self.rules, self.network, self.truth, self.ignored) = (film, rules, network, truth, ignored)
    }

    /// The greatest IoU with an object.
    fileprivate func overlap(_ box: GaussianBox) -> Double {
      let hull = box.orientedBox.hull
      return truth.map(hull.iou).max() ?? 0
    }

    /// Whether a box is of an object; nil where that does not count.
    fileprivate func isRight(_ boxes: GaussianBox...) -> Bool? {
      if boxes.contains(where: { overlap($0) >= RuleCombination.agreement }) { return true }
      let hulls = boxes.map(\.orientedBox.hull)
      return hulls.contains { hull in ignored.contains { hull.coveredShare(by: $0) > RuleCombination.ignoredShare } } ? nil : false
    }
  }

  /// A box that lies in what is ignored by more than this share is neither right nor wrong.
  private static let ignoredShare = 0.5
  /// Each sort of boxes has to have so many that are right and so many that are wrong, for three numbers to be told.
  private static let leastCount = 20

  /// The likeliest numbers for pictures that neither learned from, by logistic regression; a box is right with an IoU of .3 with an object, by
  /// upright hulls. The network's share in a box is the one with the greatest mean IoU where one of both is right.
  ///
  /// - Returns: nil where the pictures do not tell: too few boxes of a sort, or numbers by which surer boxes would be less probable.
  public init?(fitting samples: [Sample]) {
    var (both, contested, supported, alone) = (Rows(), Rows(), Rows(), Rows())
    var pairs: [String: [SharedBox]] = [:]
    for sample in samples {
      let (rules, network) = (sample.rules, sample.network)
      for place in RuleCombination.places(rules: rules, network: network) {
        switch place {
        case .both(let i, let j):
          let right = sample.isRight(rules[i].box, network[j].box)
          both.add(sample.film, rules[i].probability, network[j].probability, right)
          guard right == true else { continue }
          pairs[sample.film, default: []].append(
            SharedBox(
              rules: rules[i].probability,
              overlaps: SharedBox.shares.map { sample.overlap(RuleCombination.box(rules[i].box, network[j].box, share: $0)) }))
        case .rules(let i, let j?):
          contested.add(sample.film, rules[i].probability, network[j].probability, sample.isRight(rules[i].box))
        case .rules(_, nil): continue
        case .network(let j, let i?):
          supported.add(sample.film, rules[i].probability, network[j].probability, sample.isRight(network[j].box))
        case .network(let j, nil): alone.add(sample.film, nil, network[j].probability, sample.isRight(network[j].box))
        }
      }
    }
    guard let first = both.weights(RuleCombination.leastCount), let second = contested.weights(RuleCombination.leastCount),
      let third = supported.weights(RuleCombination.leastCount), let last = alone.weights(RuleCombination.leastCount)
    else { return nil }
    let found = RuleCombination(
      both: first, contested: second, supported: third, alone: last, share: SharedBox.best(pairs))
    // What a file could not say is of no use.
    guard let sound = RuleCombination(found.text) else { return nil }
    self = sound
  }
}

/// What both found, and how much of the truth it covers by the network's share in its box.
private struct SharedBox {
  /// The probability that the rules give it.
  let rules: Double
  /// The IoU with the truth for each of the shares.
  let overlaps: [Double]

  static let shares = (0...20).map { Double($0) / 20 }
  /// What is tried: log-odds of the share for each of the rules' log-odds, and at one half of these.
  private static let (slopes, offsets) = ((0...8).map { -0.25 * Double($0) }, (-8...8).map { 0.5 * Double($0) })

  /// The weights of the share with the greatest mean overlap, a film's boxes together with the root of their number.
  static func best(_ films: [String: [SharedBox]]) -> RuleCombination.Weights {
    // In the order of the films, so that sums are rounded alike.
    let films = films.sorted { $0.key < $1.key }.map(\.value)
    var best = (sum: -Double.infinity, weights: RuleCombination.Weights(rules: 0, network: 0, constant: 0))
    for slope in slopes {
      for offset in offsets {
        let weights = RuleCombination.Weights(rules: slope, network: 0, constant: offset)
        let sum = films.reduce(0.0) { sum, boxes in
          sum + boxes.reduce(0.0) { $0 + $1.overlap(weights) } / Double(boxes.count).squareRoot()
        }
        if sum > best.sum { best = (sum, weights) }
      }
    }
    return best.weights
  }

  private func overlap(_ weights: RuleCombination.Weights) -> Double {
    let share = LogOdds.probability(weights.logOdds(rules, rules))
    // Bounded: a share is a number from 0 to 1.
    return overlaps[Int((share * Double(overlaps.count - 1)).rounded())]
  }
}

/// What is known of boxes of a sort, film by film.
private struct Rows {
  private var films: [String: [(features: [Double], isRight: Bool)]] = [:]
  private var (right, wrong) = (0, 0)

  /// - Parameter isRight: nil leaves the box out.
  mutating func add(_ film: String, _ rules: Double?, _ network: Double, _ isRight: Bool?) {
    guard let isRight else { return }
    (right, wrong) = (right + (isRight ? 1 : 0), wrong + (isRight ? 0 : 1))
    films[film, default: []].append((([rules].compactMap(\.self) + [network]).map(LogOdds.of) + [1], isRight))
  }

  /// The likeliest weights; nil where there are fewer boxes of either kind.
  func weights(_ least: Int) -> RuleCombination.Weights? {
    guard min(right, wrong) >= least else { return nil }
    let rows = films.sorted { $0.key < $1.key }.flatMap { _, rows in
      rows.map { row in LogisticFit.Row(features: row.features, isRight: row.isRight, weight: 1 / Double(rows.count).squareRoot()) }
    }
    guard let found = LogisticFit.weights(rows) else { return nil }
    return found.count == 3
      ? RuleCombination.Weights(rules: found[0], network: found[1], constant: found[2])
      : RuleCombination.Weights(rules: 0, network: found[0], constant: found[1])
  }
}

/// Logistic regression by Newton's method; the likelihood is concave.
enum LogisticFit {
  /// What is known of a case, whether it is one, and how much it counts.
  struct Row {
    var features: [Double]
    var isRight: Bool
    var weight: Double
  }

  /// Newton's method doubles the right digits with each step.
  private static let steps = 30
  /// What a weight's square costs, which keeps the weights of cases finite that a line parts.
  private static let ridge = 1e-3

  /// The likeliest weights of the features; nil where they do not tell.
  static func weights(_ rows: [Row]) -> [Double]? {
    guard let count = rows.first?.features.count else { return nil }
    var weights = [Double](repeating: 0, count: count)
    for _ in 0..<steps {
      var gradient = weights.map { -ridge * $0 }
      // By rows.
      var curvature = (0..<count * count).map { $0 / count == $0 % count ? ridge : 0 }
      for row in rows {
        let p = LogOdds.probability(zip(weights, row.features).reduce(0) { $0 + $1.0 * $1.1 })
        let (error, spread) = (row.weight * ((row.isRight ? 1 : 0) - p), row.weight * p * (1 - p))
        for i in 0..<count {
          gradient[i] += error * row.features[i]
          for k in 0..<count { curvature[i * count + k] += spread * row.features[i] * row.features[k] }
        }
      }
      guard let step = CholeskyFactor(curvature, size: count, leastPivot: { _ in 0 })?.solve(gradient) else { return nil }
      for i in 0..<count { weights[i] += step[i] }
    }
    return weights.allSatisfy(\.isFinite) ? weights : nil
  }
}
