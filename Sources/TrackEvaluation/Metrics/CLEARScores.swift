import Foundation

/// The counts of the CLEAR MOT metrics at a similarity of 0.5, and the scores that follow from them.
///
/// - Source: K. Bernardin, R. Stiefelhagen, Evaluating multiple object tracking performance: the CLEAR MOT metrics, 2008,
///   doi:10.1155/2008/246309; formulas as in TrackEval 1.3.0 (`metrics-and-formats.md` section 3).
public struct CLEARScores: Sendable, Equatable {
  public var truePositives = 0
  public var falseNegatives = 0
  public var falsePositives = 0
  /// Matched truth boxes whose truth id was last matched to another result id.
  public var identitySwitches = 0
  /// Truth ids matched in more than 80 %, in 20 % to 80 %, and in less than 20 % of their frames.
  public var mostlyTracked = 0
  public var partlyTracked = 0
  public var mostlyLost = 0
  /// Interruptions of truth ids: runs of matched frames less one.
  public var fragmentations = 0
  /// Frames of the sequence; 0 where a side has no box at all, as in the reference.
  public var frames = 0
  /// Σ S over the true positives.
  public var similaritySum = 0.0
  /// Whether a side of the sequence had no box at all: the reference then leaves every ratio at 0 but sets MLR to 1.
  public var hasEmptySide = false

  public init() {}

  private var truthBoxes: Double { max(1, Double(truePositives + falseNegatives)) }
  private var truthIDs: Double { max(1, Double(mostlyTracked + partlyTracked + mostlyLost)) }

  /// 1 − (missed + surplus + switches) / truth boxes; can be negative.
  public var mota: Double { ratio(Double(truePositives - falsePositives - identitySwitches) / truthBoxes) }
  /// The mean similarity of the true positives.
  public var motp: Double { ratio(similaritySum / max(1, Double(truePositives))) }
  public var recall: Double { ratio(Double(truePositives) / truthBoxes) }
  public var precision: Double { ratio(Double(truePositives) / max(1, Double(truePositives + falsePositives))) }

  private func ratio(_ value: Double) -> Double { hasEmptySide ? 0 : value }

  /// Several sequences or classes as one: every count is summed.
  public static func combined(_ parts: [CLEARScores]) -> CLEARScores {
    var sum = CLEARScores()
    for part in parts {
      sum.truePositives += part.truePositives
      sum.falseNegatives += part.falseNegatives
      sum.falsePositives += part.falsePositives
      sum.identitySwitches += part.identitySwitches
      sum.mostlyTracked += part.mostlyTracked
      sum.partlyTracked += part.partlyTracked
      sum.mostlyLost += part.mostlyLost
      sum.fragmentations += part.fragmentations
      sum.frames += part.frames
      sum.similaritySum += part.similaritySum
    }
    return sum
  }

  /// Every field under TrackEval's names.
  public var fields: [MetricField] {
    let tp = Double(truePositives)
    let fn = Double(falseNegatives)
    let fp = Double(falsePositives)
    let switches = Double(identitySwitches)
    let logarithm = identitySwitches > 0 ? log10(switches) : 0
    return [
      MetricField("MOTA", .real(mota)), MetricField("MOTP", .real(motp)),
      MetricField("MODA", .real(ratio((tp - fp) / truthBoxes))),
      MetricField("CLR_Re", .real(recall)), MetricField("CLR_Pr", .real(precision)),
      MetricField("MTR", .real(ratio(Double(mostlyTracked) / truthIDs))),
      MetricField("PTR", .real(ratio(Double(partlyTracked) / truthIDs))),
      MetricField("MLR", .real(hasEmptySide ? 1 : Double(mostlyLost) / truthIDs)),
      MetricField("sMOTA", .real(ratio((similaritySum - fp - switches) / truthBoxes))),
      MetricField("CLR_F1", .real(ratio(tp / max(1, tp + 0.5 * fn + 0.5 * fp)))),
      MetricField("FP_per_frame", .real(ratio(fp / max(1, Double(frames))))),
      MetricField("MOTAL", .real(ratio((tp - fp - logarithm) / truthBoxes))),
      MetricField("MOTP_sum", .real(similaritySum)),
      MetricField("CLR_TP", .integer(truePositives)), MetricField("CLR_FN", .integer(falseNegatives)),
      MetricField("CLR_FP", .integer(falsePositives)), MetricField("IDSW", .integer(identitySwitches)),
      MetricField("MT", .integer(mostlyTracked)), MetricField("PT", .integer(partlyTracked)),
      MetricField("ML", .integer(mostlyLost)), MetricField("Frag", .integer(fragmentations)),
      MetricField("CLR_Frames", .integer(frames)),
    ]
  }
}
