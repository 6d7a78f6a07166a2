import Foundation

/// Whether more matches agree with a model than matches of pictures that have nothing in common do by chance: the expected number of models that do as well
/// among all that samples of such matches give (L. Moisan and B. Stival, "A probabilistic criterion to detect rigid point matches between two images
/// and estimate the fundamental matrix", IJCV 57 (2004), section 4).
struct ChanceAgreement {
  /// The matches that fix the model, and the models that such a sample can have.
  let sample: Int
  let solutions: Int
  /// The chance of a match that knows nothing of the model to be within a pixel of it, and the power with which that grows by the distance.
  private let share: Double
  private let power: Int

  /// So many pairs of unlike pictures may pass: one in a million.
  private static let falsePairs = 1e-6

  // A point that is not there is found where its window happens to look alike: at least anywhere within as much as the window takes. That is less than
  // what is so: of unlike pictures the middle one is found 40 pixels away, as the coarser pictures reach further.
  private static let side = Double(PointFollower.window)

  /// A turn: two matches fix it, which have one more number than it.
  static let turn = ChanceAgreement(sample: 2, solutions: 1, share: .pi / (side * side), power: 2)
  /// A plane's map.
  static let plane = ChanceAgreement(sample: 4, solutions: 1, share: .pi / (side * side), power: 2)
  /// A motion, which leaves each match a line: five matches fix it, in ten ways at most. The longest line through the window is its diagonal.
  static let motion = ChanceAgreement(sample: 5, solutions: 10, share: 2 * 2.squareRoot() / side, power: 1)

  /// Whether chance is beaten at some distance.
  ///
  /// - Parameter distances: Of all matches from the model, in pixels.
  func isBeaten(by distances: [Double]) -> Bool {
    let sorted = distances.sorted()
    return sorted.indices.contains { isBeaten(by: $0 + 1, of: sorted.count, within: sorted[$0]) }
  }

  /// - Parameters:
  ///   - count: The matches that agree, those of the sample among them.
  ///   - all: All matches.
  ///   - distance: How far they are from the model at most, in pixels.
  func isBeaten(by count: Int, of all: Int, within distance: Double) -> Bool {
    logFalse(count, of: all, within: distance) < log(Self.falsePairs)
  }

  /// The logarithm of the expected number of models with which so many matches of unlike pictures agree, whatever the distance.
  func logFalse(_ count: Int, of all: Int, within distance: Double) -> Double {
    let chance = share * (power == 2 ? distance * distance : distance)
    guard count > sample, count <= all, chance < 1 else { return .infinity }
    // A match may lie at the distance 0 exactly.
    return log(Double(solutions * (all - sample))) + Self.logChoices(count, of: all) + Self.logChoices(sample, of: count)
      + Double(count - sample) * log(max(chance, 1e-12))
  }

  private static func logChoices(_ count: Int, of all: Int) -> Double {
    lgamma(Double(all) + 1) - lgamma(Double(count) + 1) - lgamma(Double(all - count) + 1)
  }
}
