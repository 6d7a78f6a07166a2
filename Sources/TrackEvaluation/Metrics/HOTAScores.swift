/// The scores of the HOTA family at its 19 thresholds of localisation.
///
/// - Source: J. Luiten et al., HOTA: a higher order metric for evaluating multi-object tracking, 2020,
///   doi:10.1007/s11263-020-01375-2; formulas as in TrackEval 1.3.0 (`docs/metrics.md`, HOTA).
public struct HOTAScores: Sendable, Equatable {
  /// The thresholds 0.05, 0.10, …, 0.95.
  public static let alphas: [Double] = (0..<19).map { 0.05 + Double($0) * 0.05 }

  /// Pairs, missed truth boxes and surplus result boxes at each threshold.
  public var truePositives: [Int]
  /// Truth boxes without a pair at each threshold.
  public var falseNegatives: [Int]
  /// Result boxes without a pair at each threshold.
  public var falsePositives: [Int]
  /// Association accuracy, recall and precision at each threshold.
  public var associationAccuracy: [Double]
  /// Mean over the pairs of TPA / (TPA + FNA) at each threshold.
  public var associationRecall: [Double]
  /// Mean over the pairs of TPA / (TPA + FPA) at each threshold.
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
  /// TP / (TP + FP) at each threshold.
  public var detectionPrecision: [Double] { counts { tp, _, fp in tp / max(1, tp + fp) } }
  /// TP / (TP + FN + FP) at each threshold.
  public var detectionAccuracy: [Double] { counts { tp, fn, fp in tp / max(1, tp + fn + fp) } }
  /// HOTA and OWTA at each threshold.
  public var hota: [Double] { zip(detectionAccuracy, associationAccuracy).map { ($0 * $1).squareRoot() } }
  /// √(detection recall · association accuracy) at each threshold, for truth that is not complete.
  public var owta: [Double] { zip(detectionRecall, associationAccuracy).map { ($0 * $1).squareRoot() } }

  private func counts(_ formula: (Double, Double, Double) -> Double) -> [Double] {
    truePositives.indices.map {
      formula(Double(truePositives[$0]), Double(falseNegatives[$0]), Double(falsePositives[$0]))
    }
  }

  /// Several sequences as one: counts are summed, associations weighted by true positives. HOTA itself is never averaged.
  public static func combined(_ parts: [HOTAScores]) -> HOTAScores {
    var sum = HOTASums()
    for part in parts { sum.add(HOTASums(part)) }
    return HOTAScores(sum)
  }

  /// Every figure of the family.
  public static let table: [ScoreField<HOTAScores>] = [
    ScoreField("HOTA", column: 0, uses: [.comparison, .objective]) { .curve($0.hota) },
    ScoreField("DetA", column: 1, uses: [.comparison, .objective]) { .curve($0.detectionAccuracy) },
    ScoreField("AssA", column: 2, uses: [.comparison, .objective]) { .curve($0.associationAccuracy) },
    ScoreField("DetRe", column: 3, uses: [.objective]) { .curve($0.detectionRecall) },
    ScoreField("DetPr", column: 4, uses: [.objective]) { .curve($0.detectionPrecision) },
    ScoreField("AssRe", column: 5, uses: [.objective]) { .curve($0.associationRecall) },
    ScoreField("AssPr", column: 6, uses: [.objective]) { .curve($0.associationPrecision) },
    ScoreField("LocA", column: 7, uses: [.comparison, .objective]) { .curve($0.localizationAccuracy) },
    ScoreField("OWTA", uses: [.objective]) { .curve($0.owta) },
    ScoreField("HOTA(0)") { .ratio($0.hota[0]) },
    ScoreField("LocA(0)") { .ratio($0.localizationAccuracy[0]) },
    ScoreField("HOTALocA(0)") { .ratio($0.hota[0] * $0.localizationAccuracy[0]) },
    ScoreField("HOTA_TP") { .counts($0.truePositives) },
    ScoreField("HOTA_FN") { .counts($0.falseNegatives) },
    ScoreField("HOTA_FP") { .counts($0.falsePositives) },
  ]

  /// Every figure under TrackEval's name.
  public var fields: [MetricField] { Self.table.map { $0.field(of: self) } }
}
