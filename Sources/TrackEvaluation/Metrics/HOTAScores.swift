/// The scores of the HOTA family at its 19 thresholds of localisation.
///
/// - Source: J. Luiten et al., HOTA: a higher order metric for evaluating multi-object tracking, 2020,
///   doi:10.1007/s11263-020-01375-2; formulas as in TrackEval 1.3.0 (`metrics-and-formats.md` section 2).
public struct HOTAScores: Sendable, Equatable {
  /// The thresholds 0.05, 0.10, …, 0.95.
  public static let alphas: [Double] = (0..<19).map { 0.05 + Double($0) * 0.05 }

  /// Pairs, missed truth boxes and surplus result boxes at each threshold.
  public var truePositives: [Int]
  public var falseNegatives: [Int]
  public var falsePositives: [Int]
  /// Association accuracy, recall and precision at each threshold.
  public var associationAccuracy: [Double]
  public var associationRecall: [Double]
  public var associationPrecision: [Double]
  /// The mean similarity of the pairs at each threshold; 1 where there is none.
  public var localizationAccuracy: [Double]

  /// A side without boxes: nothing is associated.
  init(missed: Int, surplus: Int) {
    let count = HOTAScores.alphas.count
    truePositives = Array(repeating: 0, count: count)
    falseNegatives = Array(repeating: missed, count: count)
    falsePositives = Array(repeating: surplus, count: count)
    associationAccuracy = Array(repeating: 0, count: count)
    associationRecall = associationAccuracy
    associationPrecision = associationAccuracy
    localizationAccuracy = Array(repeating: 1, count: count)
  }

  /// Detection recall, precision and accuracy at each threshold.
  public var detectionRecall: [Double] { counts { tp, fn, _ in tp / max(1, tp + fn) } }
  public var detectionPrecision: [Double] { counts { tp, _, fp in tp / max(1, tp + fp) } }
  public var detectionAccuracy: [Double] { counts { tp, fn, fp in tp / max(1, tp + fn + fp) } }
  /// HOTA and OWTA at each threshold.
  public var hota: [Double] { zip(detectionAccuracy, associationAccuracy).map { ($0 * $1).squareRoot() } }
  public var owta: [Double] { zip(detectionRecall, associationAccuracy).map { ($0 * $1).squareRoot() } }

  private func counts(_ formula: (Double, Double, Double) -> Double) -> [Double] {
    truePositives.indices.map {
      formula(Double(truePositives[$0]), Double(falseNegatives[$0]), Double(falsePositives[$0]))
    }
  }

  /// Several sequences as one: counts are summed, associations weighted by true positives. HOTA itself is never averaged.
  public static func combined(_ parts: [HOTAScores]) -> HOTAScores {
    var sum = HOTAScores(missed: 0, surplus: 0)
    for index in alphas.indices {
      var weighted = (accuracy: 0.0, recall: 0.0, precision: 0.0, localization: 0.0)
      for part in parts {
        let weight = Double(part.truePositives[index])
        weighted.accuracy += part.associationAccuracy[index] * weight
        weighted.recall += part.associationRecall[index] * weight
        weighted.precision += part.associationPrecision[index] * weight
        weighted.localization += part.localizationAccuracy[index] * weight
        sum.truePositives[index] += part.truePositives[index]
        sum.falseNegatives[index] += part.falseNegatives[index]
        sum.falsePositives[index] += part.falsePositives[index]
      }
      let total = Double(sum.truePositives[index])
      sum.associationAccuracy[index] = weighted.accuracy / max(1, total)
      sum.associationRecall[index] = weighted.recall / max(1, total)
      sum.associationPrecision[index] = weighted.precision / max(1, total)
      sum.localizationAccuracy[index] = max(1e-10, weighted.localization) / max(1e-10, total)
    }
    return sum
  }

  /// Every field under TrackEval's names.
  public var fields: [MetricField] {
    let hota = self.hota
    return [
      MetricField("HOTA", .curve(hota)), MetricField("DetA", .curve(detectionAccuracy)),
      MetricField("AssA", .curve(associationAccuracy)), MetricField("DetRe", .curve(detectionRecall)),
      MetricField("DetPr", .curve(detectionPrecision)), MetricField("AssRe", .curve(associationRecall)),
      MetricField("AssPr", .curve(associationPrecision)), MetricField("LocA", .curve(localizationAccuracy)),
      MetricField("OWTA", .curve(owta)),
      MetricField("HOTA(0)", .real(hota[0])), MetricField("LocA(0)", .real(localizationAccuracy[0])),
      MetricField("HOTALocA(0)", .real(hota[0] * localizationAccuracy[0])),
      MetricField("HOTA_TP", .counts(truePositives)), MetricField("HOTA_FN", .counts(falseNegatives)),
      MetricField("HOTA_FP", .counts(falsePositives)),
    ]
  }
}
