import Foundation

/// The counts of the CLEAR MOT metrics at a similarity of 0.5, and the scores that follow from them.
///
/// - Source: K. Bernardin, R. Stiefelhagen, Evaluating multiple object tracking performance: the CLEAR MOT metrics, 2008,
///   doi:10.1155/2008/246309; formulas as in TrackEval 1.3.0 (`docs/metrics.md`, CLEAR).
public struct CLEARScores: Sendable, Equatable {
  /// Pairs of truth and result with a similarity of at least 0.5.
  public var truePositives = 0
  /// Truth boxes without a pair.
  public var falseNegatives = 0
  /// Result boxes without a pair.
  public var falsePositives = 0
  /// Matched truth boxes whose truth id was last matched to another result id.
  public var identitySwitches = 0
  /// Truth ids matched in more than 80 %, in 20 % to 80 %, and in less than 20 % of their frames.
  public var mostlyTracked = 0
  /// Truth ids matched in 20 % to 80 % of their frames.
  public var partlyTracked = 0
  /// Truth ids matched in less than 20 % of their frames.
  public var mostlyLost = 0
  /// Interruptions of truth ids: runs of matched frames less one.
  public var fragmentations = 0
  /// Frames of the sequence; 0 where a side has no box at all, as in the reference.
  public var frames = 0
  /// Σ S over the true positives.
  public var similaritySum = 0.0
  /// Whether a side of the sequence had no box at all: the reference then leaves every ratio at 0 but sets MLR to 1.
  public var hasEmptySide = false

  /// The counts of nothing.
  public init() {}

  private var truthBoxes: Double { max(1, Double(truePositives + falseNegatives)) }
  private var truthIDs: Double { max(1, Double(mostlyTracked + partlyTracked + mostlyLost)) }

  /// 1 − (missed + surplus + switches) / truth boxes; can be negative.
  public var mota: Double { ratio(Double(truePositives - falsePositives - identitySwitches) / truthBoxes) }
  /// The mean similarity of the true positives.
  public var motp: Double { ratio(similaritySum / max(1, Double(truePositives))) }
  /// Found truth over all truth.
  public var recall: Double { ratio(Double(truePositives) / truthBoxes) }
  /// Right results over all results.
  public var precision: Double { ratio(Double(truePositives) / max(1, Double(truePositives + falsePositives))) }

  private func ratio(_ value: Double) -> Double { hasEmptySide ? 0 : value }

  /// Several sequences or classes as one: every count is summed.
  ///
  /// - Parameter times: How often each part counts; nil for once.
  public static func combined(_ parts: [CLEARScores], times: [Int]? = nil) -> CLEARScores {
    var sum = CLEARScores()
    for (place, part) in parts.enumerated() {
      let count = times?[place] ?? 1
      sum.truePositives += count * part.truePositives
      sum.falseNegatives += count * part.falseNegatives
      sum.falsePositives += count * part.falsePositives
      sum.identitySwitches += count * part.identitySwitches
      sum.mostlyTracked += count * part.mostlyTracked
      sum.partlyTracked += count * part.partlyTracked
      sum.mostlyLost += count * part.mostlyLost
      sum.fragmentations += count * part.fragmentations
      sum.frames += count * part.frames
      sum.similaritySum += Double(count) * part.similaritySum
    }
    return sum
  }

  /// Every figure of the family.
  public static let table: [ScoreField<CLEARScores>] = [
    ScoreField("MOTA", column: 8, uses: [.comparison, .objective]) { .ratio($0.mota) },
    ScoreField("MOTP", column: 9, uses: [.objective]) { .ratio($0.motp) },
    ScoreField("MODA", uses: [.objective]) { .ratio($0.ratio(Double($0.truePositives - $0.falsePositives) / $0.truthBoxes)) },
    ScoreField("CLR_Re") { .ratio($0.recall) },
    ScoreField("CLR_Pr") { .ratio($0.precision) },
    ScoreField("MTR") { .ratio($0.ratio(Double($0.mostlyTracked) / $0.truthIDs)) },
    ScoreField("PTR") { .ratio($0.ratio(Double($0.partlyTracked) / $0.truthIDs)) },
    ScoreField("MLR") { .ratio($0.hasEmptySide ? 1 : Double($0.mostlyLost) / $0.truthIDs) },
    ScoreField("sMOTA", uses: [.objective]) {
      .ratio($0.ratio(($0.similaritySum - Double($0.falsePositives) - Double($0.identitySwitches)) / $0.truthBoxes))
    },
    ScoreField("CLR_F1", uses: [.objective]) { .ratio($0.f1) },
    ScoreField("FP_per_frame") { .real($0.ratio(Double($0.falsePositives) / max(1, Double($0.frames)))) },
    ScoreField("MOTAL", uses: [.objective]) { .ratio($0.logarithmicMOTA) },
    ScoreField("MOTP_sum") { .real($0.similaritySum) },
    ScoreField("CLR_TP", column: 12) { .integer($0.truePositives) },
    ScoreField("CLR_FN", column: 14) { .integer($0.falseNegatives) },
    ScoreField("CLR_FP", column: 13) { .integer($0.falsePositives) },
    ScoreField("IDSW", column: 11, uses: [.comparison]) { .integer($0.identitySwitches) },
    ScoreField("MT", column: 15) { .integer($0.mostlyTracked) },
    ScoreField("PT", column: 16) { .integer($0.partlyTracked) },
    ScoreField("ML", column: 17) { .integer($0.mostlyLost) },
    ScoreField("Frag", column: 18) { .integer($0.fragmentations) },
    ScoreField("CLR_Frames") { .integer($0.frames) },
  ]

  private var f1: Double {
    let tp = Double(truePositives)
    return ratio(tp / max(1, tp + 0.5 * Double(falseNegatives) + 0.5 * Double(falsePositives)))
  }

  /// MOTA with the logarithm of the switches in the place of their number.
  private var logarithmicMOTA: Double {
    let logarithm = identitySwitches > 0 ? log10(Double(identitySwitches)) : 0
    return ratio((Double(truePositives) - Double(falsePositives) - logarithm) / truthBoxes)
  }

  /// Every figure under TrackEval's name.
  public var fields: [MetricField] { Self.table.map { $0.field(of: self) } }
}
