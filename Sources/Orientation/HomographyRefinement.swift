import Geometry

/// Least-squares fits on pairs that mostly agree, with Huber's loss against the rest.
enum HomographyRefinement {
  /// Beyond this many standard deviations a residual counts linearly (95 % efficiency on Gaussian noise).
  private static let huber = 1.345
  /// Pairs that determine a homography.
  private static let fewestPairs = 4
  /// Marquardt's damping: its first value, its change from step to step, and where it is given up.
  private static let damping = (first: 1e-4, factor: 10.0, greatest: 1e6)
  /// A step that gains a smaller share of the cost is the last one.
  private static let smallGain = 1e-4
  /// Rounds of a reweighted linear fit: the weights settle within a few.
  private static let similarityRounds = 4

  /// One pair with what is held fixed during a fit: the Cholesky factor of its residual's inverse covariance.
  private struct Observation {
    let source: Point
    let target: Point
    let l11, l21, l22: Double

    init?(_ pair: Correspondence, under h: Homography) {
      guard let inverse = pair.residualCovariance(under: h).inverse, inverse.isPositiveDefinite else { return nil }
      source = pair.source
      target = pair.target
      l11 = inverse.xx.squareRoot()
      l21 = inverse.xy / l11
      l22 = max(0, inverse.yy - l21 * l21).squareRoot()
    }

    @inline(__always)
    func whitened(_ v: Point) -> Point { Point(l11 * v.x + l21 * v.y, l22 * v.y) }
  }

  /// The homography that fits the pairs best, from a good first guess, by Levenberg and Marquardt's method over eight parameters.
  ///
  /// Coordinates should be of the size of 1 and centred, see `FrameScaling`. Pairs are weighted by their deviations.
  static func homography(
    _ start: Homography, on pairs: [Correspondence], using indices: [Int], iterations: Int = 8
  ) -> Homography {
    let observations = indices.compactMap { Observation(pairs[$0], under: start) }
    guard observations.count >= fewestPairs else { return start }
    var best = start
    var bestCost = cost(of: best, observations)
    var equations = NormalEquations()
    var damping = Self.damping.first
    var isBuilt = false
    for _ in 0..<iterations {
      if !isBuilt { build(&equations, around: best, observations) }
      isBuilt = true
      guard let step = equations.solved(damping: damping) else { return best }
      let candidate = Homography(
        best.h11 + step[0], best.h12 + step[1], best.h13 + step[2], best.h21 + step[3], best.h22 + step[4],
        best.h23 + step[5], best.h31 + step[6], best.h32 + step[7], 1)
      let candidateCost = cost(of: candidate, observations)
      if candidateCost < bestCost {
        let gain = bestCost - candidateCost
        (best, bestCost, damping, isBuilt) = (candidate, candidateCost, damping / Self.damping.factor, false)
        if gain < smallGain * candidateCost { break }
      } else {
        damping *= Self.damping.factor
        if damping > Self.damping.greatest { break }
      }
    }
    return best
  }

  /// The rotation, scale and translation that fit the pairs best; nil for fewer than two.
  static func similarity(_ start: Homography, on pairs: [Correspondence], using indices: [Int]) -> Homography? {
    var model = start
    for _ in 0..<similarityRounds {
      guard let next = weightedSimilarity(pairs, indices, weights: { huberWeight(pairs[$0].squaredDistance(under: model)) })
      else { return nil }
      model = next
    }
    return model
  }

  private static func weightedSimilarity(
    _ pairs: [Correspondence], _ indices: [Int], weights: (Int) -> Double
  ) -> Homography? {
    var (total, source, target) = (0.0, Point.zero, Point.zero)
    let weighted = indices.map { index in
      let pair = pairs[index]
      let variance = pair.sourceDeviation * pair.sourceDeviation + pair.targetDeviation * pair.targetDeviation
      let weight = weights(index) / variance
      total += weight
      source += pair.source * weight
      target += pair.target * weight
      return (pair, weight)
    }
    guard total > 0, total.isFinite else { return nil }
    source = source / total
    target = target / total
    var (dots, crosses, lengths) = (0.0, 0.0, 0.0)
    for (pair, weight) in weighted {
      let s = pair.source - source
      let t = pair.target - target
      dots += weight * s.dot(t)
      crosses += weight * s.cross(t)
      lengths += weight * s.squaredLength
    }
    guard lengths > 0 else { return nil }
    let (p, q) = (dots / lengths, crosses / lengths)
    let shift = target - Point(p * source.x - q * source.y, q * source.x + p * source.y)
    return Homography(p, -q, shift.x, q, p, shift.y, 0, 0, 1)
  }

  private static func huberWeight(_ squaredDistance: Double) -> Double {
    let distance = squaredDistance.squareRoot()
    return distance <= huber ? 1 : huber / distance
  }

  private static func cost(of h: Homography, _ observations: [Observation]) -> Double {
    var sum = 0.0
    for o in observations {
      let e = o.whitened(o.target - h.apply(o.source)).length
      sum += e <= huber ? e * e : huber * (2 * e - huber)
    }
    return sum.isFinite ? sum : .infinity
  }

  private static func build(_ equations: inout NormalEquations, around h: Homography, _ observations: [Observation]) {
    equations.clear()
    for o in observations {
      let (x, y) = (o.source.x, o.source.y)
      let w = 1 / h.denominator(at: o.source)
      let m = h.apply(o.source)
      // Derivatives of the mapped point's coordinates with respect to h11 … h32.
      let dx = SIMD8(x, y, 1, 0, 0, 0, -x * m.x, -y * m.x) * w
      let dy = SIMD8(0, 0, 0, x, y, 1, -x * m.y, -y * m.y) * w
      let r = o.whitened(o.target - m)
      let weight = huberWeight(r.squaredLength)
      equations.add(o.l11 * dx + o.l21 * dy, residual: r.x, weight: weight)
      equations.add(o.l22 * dy, residual: r.y, weight: weight)
    }
  }
}
