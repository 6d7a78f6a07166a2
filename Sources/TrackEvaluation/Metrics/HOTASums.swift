/// What the scores of the HOTA family of several sequences are made of: sums over the sequences, at each threshold.
struct HOTASums: Sendable {
  private static let thresholds = HOTAScores.alphas.count

  /// The pairs of all thresholds, then the missed truth boxes, then the surplus result boxes.
  private var counts: [Int]
  /// Association accuracy of all thresholds, then recall, precision and localisation, each times the pairs.
  private var weighted: [Double]

  /// The sums of no sequence.
  init() {
    counts = Array(repeating: 0, count: 3 * Self.thresholds)
    weighted = Array(repeating: 0, count: 4 * Self.thresholds)
  }

  /// The sums of one sequence.
  init(_ scores: HOTAScores) {
    counts = scores.truePositives + scores.falseNegatives + scores.falsePositives
    weighted = [
      scores.associationAccuracy, scores.associationRecall, scores.associationPrecision, scores.localizationAccuracy,
    ].flatMap { zip($0, scores.truePositives).map { $0 * Double($1) } }
  }

  /// Adds another's sums, as often as they count.
  mutating func add(_ other: HOTASums, times: Int = 1) {
    guard times > 0 else { return }
    let factor = Double(times)
    // A comparison adds sums some hundred thousand times. Every instance has 3 and 4 sums a threshold, so that the indices of one are
    // within the other; counts of boxes times draws stay far below 2⁶³.
    counts.withUnsafeMutableBufferPointer { sums in
      other.counts.withUnsafeBufferPointer { parts in
        for index in sums.indices { sums[index] &+= times &* parts[index] }
      }
    }
    weighted.withUnsafeMutableBufferPointer { sums in
      other.weighted.withUnsafeBufferPointer { parts in
        for index in sums.indices { sums[index] += factor * parts[index] }
      }
    }
  }

  /// The pairs, missed or surplus boxes at each threshold.
  fileprivate func count(_ place: Int) -> [Int] { Array(counts[(place * Self.thresholds)..<((place + 1) * Self.thresholds)]) }

  /// The mean over the pairs at each threshold: accuracy, recall, precision or localisation.
  fileprivate func mean(_ place: Int, least: Double, empty: Double) -> [Double] {
    (0..<Self.thresholds).map { max(least, weighted[place * Self.thresholds + $0]) / max(empty, Double(counts[$0])) }
  }
}

extension HOTAScores {
  /// The scores behind sums.
  init(_ sums: HOTASums) {
    truePositives = sums.count(0)
    falseNegatives = sums.count(1)
    falsePositives = sums.count(2)
    associationAccuracy = sums.mean(0, least: 0, empty: 1)
    associationRecall = sums.mean(1, least: 0, empty: 1)
    associationPrecision = sums.mean(2, least: 0, empty: 1)
    // Without pairs the localisation is 1, as in TrackEval.
    localizationAccuracy = sums.mean(3, least: 1e-10, empty: 1e-10)
  }
}
