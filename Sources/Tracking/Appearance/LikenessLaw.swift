import Foundation

/// What the likeness of two looks says about whether they are of one object, measured in the stream itself: how alike looks are that certainly are
/// of one object, and how alike those of two.
///
/// Both are taken as normal, each with a part that is as the other: objects turn away or change their light, and strangers can look alike. The
/// parts are counted, with one more of each (Laplace's rule), so that no single look says more than what the stream has shown
/// (docs/appearance.md, "What a likeness says").
struct LikenessLaw: Codable {
  private var same = Likenesses()
  private var others = Likenesses()

  /// Likenesses of pairs of one kind.
  private struct Likenesses: Codable {
    /// Bounded, so that the newer ones count more in a long stream.
    private(set) var count = 0.0
    private(set) var mean = 0.0
    private var measured = 0.0
    /// How many of them were nearer to the other kind's mean, or beyond it, than to their own.
    private(set) var odd = 0.0

    var variance: Double { max(measured, Likenesses.leastVariance) }

    /// The part of the other kind's likenesses.
    var oddShare: Double { (odd + 1) / (count + 2) }

    /// Pictures are coded with errors: a spread of less is chance.
    private static let leastVariance = 1e-4
    private static let memory = 2000.0

    mutating func learn(_ likeness: Double, isOdd: Bool) {
      if count >= Likenesses.memory { odd *= (Likenesses.memory - 1) / Likenesses.memory } else { count += 1 }
      let difference = likeness - mean
      mean += difference / count
      measured += (difference * (likeness - mean) - measured) / count
      if isOdd { odd += 1 }
    }
  }

  /// Of each kind, before anything is said: a standard deviation of so many is known within a sixth.
  private static let fewest = 20.0

  /// Whether there were enough pairs, and those of one object are more alike.
  var isKnown: Bool {
    same.count >= LikenessLaw.fewest && others.count >= LikenessLaw.fewest && same.mean > others.mean
  }

  /// A pair that certainly is of one object.
  mutating func learn(same likeness: Double) { same.learn(likeness, isOdd: likeness <= others.mean) }

  /// A pair that certainly is of two.
  mutating func learn(other likeness: Double) { others.learn(likeness, isOdd: likeness >= same.mean) }

  /// ln p(likeness | one object)/p(likeness | two); 0 while that is not known. It rises with the likeness: beyond the two means it stays as it is
  /// there.
  func evidence(_ likeness: Double) -> Double {
    guard isKnown, likeness.isFinite else { return 0 }
    let bounded = min(max(likeness, others.mean), same.mean)
    let (near, far) = (bounded - same.mean, bounded - others.mean)
    let plain =
      (log(others.variance / same.variance) - near * near / same.variance + far * far / others.variance) / 2
    return LikenessLaw.mixed(plain, odd: same.oddShare) - LikenessLaw.mixed(-plain, odd: others.oddShare) - plain
  }

  /// The most that it can say.
  var greatest: Double { evidence(1) }

  /// ln((1 − odd) exp(ratio) + odd), without overflow; for the second kind both densities are over those of the first.
  private static func mixed(_ ratio: Double, odd: Double) -> Double {
    let (a, b) = (ratio + log(1 - odd), log(odd))
    return max(a, b) + log(1 + exp(-abs(a - b)))
  }
}
