import Foundation
import Geometry

/// Fits to pairs of which many are wrong: random samples (RANSAC, Fischler and Bolles, 1981) with a truncated quadratic score (MSAC, Torr and
/// Zisserman, 2000), each new best one improved on its own inliers (LO-RANSAC, Chum et al., 2003).
///
/// Pairs and results are in scaled coordinates. Samples come from a generator with a fixed seed: equal input gives equal output.
struct RobustFitter {
  enum Family {
    case similarity, homography

    /// The pairs that determine a model.
    var sampleSize: Int { self == .homography ? 4 : 2 }
  }

  var seed: UInt64
  /// Enough for a share of inliers of 29 %: ln(0.001)/ln(1 − 0.29⁴).
  var maximumIterations = 1_000
  /// The probability that at least one sample without a wrong pair has been drawn.
  var confidence = 0.999

  /// Rounds of refitting and selecting in which inliers settle.
  private static let polishingRounds = 4
  /// A model is improved on its inliers from so many on: twice a sample.
  private static let fewestToImprove = 8
  /// Steps of such an improvement: it needs no precision.
  private static let improvingSteps = 3

  /// The best model of the family; nil for too few pairs or where no sample gives one.
  /// - Parameter guesses: Models to try before any sample, such as the last frame's motion.
  func fit(_ family: Family, to pairs: [Correspondence], guesses: [Homography] = []) -> RobustFit? {
    let sampleSize = family.sampleSize
    guard pairs.count >= sampleSize else { return nil }
    var generator = SplitMix64(seed: seed)
    var best: RobustFit?
    for guess in guesses { RobustFitter.consider(guess, family, pairs, &best) }
    var needed = RobustFitter.iterations(best, pairs.count, sampleSize, confidence, maximumIterations)
    var iteration = 0
    while iteration < needed {
      iteration += 1
      guard let model = RobustFitter.sample(family, pairs, &generator) else { continue }
      if RobustFitter.consider(model, family, pairs, &best) {
        needed = RobustFitter.iterations(best, pairs.count, sampleSize, confidence, maximumIterations)
      }
    }
    return best.map { RobustFitter.polished($0, family, pairs) }
  }

  /// Refits to the inliers and selects them anew, until they settle or rounds are over.
  static func polished(_ fit: RobustFit, _ family: Family, _ pairs: [Correspondence]) -> RobustFit {
    var best = fit
    for _ in 0..<polishingRounds {
      guard let model = refined(best.homography, family, pairs, best.inliers),
        let next = score(model, pairs, limit: .infinity)
      else { break }
      let isSettled = next.inliers == best.inliers
      guard next.cost <= best.cost else { break }
      best = next
      if isSettled { break }
    }
    return best
  }

  /// Scores a model, improves it where it is the best so far, and tells whether it was.
  @discardableResult
  private static func consider(
    _ model: Homography, _ family: Family, _ pairs: [Correspondence], _ best: inout RobustFit?
  ) -> Bool {
    guard let fit = score(model, pairs, limit: best?.cost ?? .infinity) else { return false }
    best = fit
    if fit.inliers.count >= fewestToImprove,
      let better = refined(fit.homography, family, pairs, fit.inliers, iterations: improvingSteps),
      let improved = score(better, pairs, limit: fit.cost)
    {
      best = improved
    }
    return true
  }

  static func refined(
    _ model: Homography, _ family: Family, _ pairs: [Correspondence], _ inliers: [Int], iterations: Int = 8
  ) -> Homography? {
    switch family {
    case .homography: HomographyRefinement.homography(model, on: pairs, using: inliers, iterations: iterations)
    case .similarity: HomographyRefinement.similarity(model, on: pairs, using: inliers)
    }
  }

  private static func sample(
    _ family: Family, _ pairs: [Correspondence], _ generator: inout SplitMix64
  ) -> Homography? {
    switch family {
    case .homography:
      let (a, b, c, d) = generator.fourDistinct(below: pairs.count)
      return MinimalSolvers.homography(pairs[a], pairs[b], pairs[c], pairs[d])
    case .similarity:
      let a = generator.next(below: pairs.count)
      var b = generator.next(below: pairs.count - 1)
      if b >= a { b += 1 }
      return MinimalSolvers.similarity(pairs[a], pairs[b])
    }
  }

  /// The model's score and inliers; nil as soon as its cost passes the limit.
  static func score(_ model: Homography, _ pairs: [Correspondence], limit: Double) -> RobustFit? {
    var cost = 0.0
    for pair in pairs {
      cost += min(pair.squaredDistance(under: model), Correspondence.gate)
      if cost >= limit { return nil }
    }
    let inliers = pairs.indices.filter { pairs[$0].squaredDistance(under: model) < Correspondence.gate }
    return RobustFit(homography: model, inliers: inliers, cost: cost)
  }

  /// log(1 − confidence) / log(1 − wᵏ) for a share w of inliers, at most `maximum`.
  private static func iterations(
    _ best: RobustFit?, _ count: Int, _ sampleSize: Int, _ confidence: Double, _ maximum: Int
  ) -> Int {
    guard let best else { return maximum }
    let share = Double(best.inliers.count) / Double(count)
    let clean = (1..<sampleSize).reduce(share) { product, _ in product * share }
    guard clean < 1 else { return 0 }
    let needed = log(1 - confidence) / log(1 - clean)
    return needed.isFinite ? Int(bounded: needed.rounded(.up), in: 0...maximum) : maximum
  }
}

extension SplitMix64 {
  /// Four different numbers in 0..<bound, which must be at least 4.
  fileprivate mutating func fourDistinct(below bound: Int) -> (Int, Int, Int, Int) {
    let a = next(below: bound)
    var b = next(below: bound - 1)
    if b >= a { b += 1 }
    var c = next(below: bound)
    while c == a || c == b { c = next(below: bound) }
    var d = next(below: bound)
    while d == a || d == b || d == c { d = next(below: bound) }
    return (a, b, c, d)
  }
}
