import Foundation
import Geometry

/// A model of the motion with the pairs that agree with it.
struct RobustFit {
  var homography: Homography
  /// Positions in the list of pairs, rising.
  var inliers: [Int]
  /// Σ min(d², gate) over all pairs: smaller is better.
  var cost: Double

  /// How many cells of the picture hold pairs that agree.
  func coverage(of pairs: [Correspondence]) -> Int {
    RobustFit.coverage(of: inliers.lazy.map { pairs[$0].source })
  }

  /// How many cells of an 8×8 grid over the scaled square hold points.
  static func coverage(of points: some Sequence<Point>) -> Int {
    var occupied: UInt64 = 0
    for point in points {
      let column = Int(min(7, max(0, (point.x + 1) * 4)))
      let row = Int(min(7, max(0, (point.y + 1) * 4)))
      occupied |= 1 << UInt64(8 * row + column)
    }
    return occupied.nonzeroBitCount
  }
}

/// Fits to pairs of which many are wrong: random samples (RANSAC, Fischler and Bolles, 1981) with a truncated quadratic score (MSAC, Torr and
/// Zisserman, 2000), each new best one improved on its own inliers (LO-RANSAC, Chum et al., 2003).
///
/// Pairs and results are in scaled coordinates. Samples come from a generator with a fixed seed: equal input gives equal output.
struct RobustFitter {
  enum Family { case similarity, homography }

  var seed: UInt64
  var maximumIterations = 1_000
  /// The probability that at least one sample without a wrong pair has been drawn.
  var confidence = 0.999

  /// The best model of the family; nil for too few pairs or where no sample gives one.
  /// - Parameter guesses: Models to try before any sample, such as the last frame's motion.
  func fit(_ family: Family, to pairs: [Correspondence], guesses: [Homography] = []) -> RobustFit? {
    let sampleSize = family == .homography ? 4 : 2
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

  /// Refits to the inliers and selects them anew, until they settle (at most four rounds).
  static func polished(_ fit: RobustFit, _ family: Family, _ pairs: [Correspondence]) -> RobustFit {
    var best = fit
    for _ in 0..<4 {
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
    if fit.inliers.count >= 8, let better = refined(fit.homography, family, pairs, fit.inliers, iterations: 3),
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
    let clean = sampleSize == 4 ? share * share * share * share : share * share
    guard clean < 1 else { return 0 }
    let needed = log(1 - confidence) / log(1 - clean)
    return needed.isFinite ? min(maximum, Int(needed.rounded(.up))) : maximum
  }
}
