/// What each figure means, in a line with its formula: for the pages and for `--explain`.
///
/// The definitions are those of `docs/metrics.md`; TP, FN and FP are pairs, missed truth and false results.
public enum MetricGlossary {
  /// The meaning of a column's or score's name; nil for what is no figure, such as the name of a sequence.
  public static func definition(of name: String) -> String? {
    definitions[name] ?? families.first { matches(name, prefix: $0.prefix) }?.text
      ?? comparisons.first { name.hasSuffix($0.ending) }?.text
  }

  /// Names with meanings among the columns and the first two columns' texts of tables, in order, each once.
  public static func entries(of tables: [MetricTable]) -> [(name: String, text: String)] {
    var seen: Set<String> = []
    var entries: [(name: String, text: String)] = []
    for table in tables {
      let texts = table.rows.flatMap { row in
        row.prefix(2).compactMap { if case .text(let text) = $0 { text } else { nil } }
      }
      for name in table.columns.map(\.name) + texts {
        guard let text = definition(of: name), seen.insert(name).inserted else { continue }
        entries.append((name, text))
      }
    }
    return entries
  }

  /// A family's names are its prefix and digits, such as AP75, or its prefix and a unit, such as ADE_px.
  private static func matches(_ name: String, prefix: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let rest = name.dropFirst(prefix.count)
    return rest == "_m" || rest == "_px" || (!rest.isEmpty && rest.allSatisfy(\.isNumber))
  }

  private static let definitions = Dictionary(
    counts + tracks + orientation + boxes + masks + paths + forecasts, uniquingKeysWith: { first, _ in first })

  private static let families: [(prefix: String, text: String)] = [
    ("AP", "average precision at this overlap in per cent: the area under the best precision at each recall and beyond"),
    ("mAP", "AP at this overlap in per cent, mean over the classes that have truth"),
    ("AR_", "COCO's average recall with at most so many detections an image, mean over the overlaps"),
    (
      "Coverage",
      "share of truth centres inside the stated ellipse of this probability in per cent; equal to it where the covariances are honest"
    ),
    (
      "coverage",
      "share of true positions inside the forecast's ellipse of this probability in per cent; equal to it where the covariances are honest"
    ),
    ("ADE", "mean distance of forecast and truth over the steps, mean over the samples"),
    ("FDE", "distance of forecast and truth at the last step, mean over the samples"),
    ("minADE", "the smallest ADE of a sample's hypotheses, mean over the samples"),
    ("minFDE", "the smallest FDE of a sample's hypotheses, mean over the samples"),
  ]

  /// What stands behind a result's name in the columns of a comparison.
  private static let comparisons: [(ending: String, text: String)] = [
    (" difference", "the result's figure minus that of the first result"),
    (" low", "lower end of the 95 % interval of the difference (paired bootstrap)"),
    (" high", "upper end of the 95 % interval of the difference (paired bootstrap)"),
  ]

  private static let counts = [
    ("truth", "number of boxes or poses of the truth that count"), ("results", "number of boxes of the result"),
    ("result", "number of poses of the result"), ("detections", "number of detections that count"),
    ("count", "how often the one was taken for the other"), ("pairs", "number of pairs of truth and result"),
    ("samples", "number of forecasts"), ("frames", "number of frames"), ("objects", "number of objects"),
    ("pixels", "number of pixels of the truth"), ("segments", "number of segments of the path"),
  ]

  private static let tracks = [
    ("Dets", "number of result boxes"), ("GT_Dets", "number of truth boxes"), ("IDs", "number of result tracks"),
    ("GT_IDs", "number of truth tracks"),
    ("HOTA", "√(DetA · AssA) at each of the overlaps 0.05, 0.10 … 0.95, mean over these (J. Luiten et al., 2021)"),
    ("DetA", "TP / (TP + FN + FP), mean over the overlaps"),
    (
      "AssA",
      "mean over the TP of TPA / (TPA + FNA + FPA), the share of frames that both tracks of a pair have in common; mean over the overlaps"
    ),
    ("DetRe", "TP / (TP + FN), mean over the overlaps"),
    ("DetPr", "TP / (TP + FP), mean over the overlaps"),
    ("AssRe", "mean over the TP of TPA / (TPA + FNA), mean over the overlaps"),
    ("AssPr", "mean over the TP of TPA / (TPA + FPA), mean over the overlaps"),
    ("LocA", "mean similarity of the TP, mean over the overlaps"),
    ("OWTA", "√(DetRe · AssA), mean over the overlaps: for truth that is not complete"),
    (
      "MOTA",
      "1 − (FN + FP + IDSW) / truth boxes, at similarity 0.5 (K. Bernardin, R. Stiefelhagen, 2008); below 0 where mistakes outnumber truth"
    ),
    ("MOTP", "mean similarity of the TP at similarity 0.5"),
    ("MODA", "(TP − FP) / truth boxes, at similarity 0.5"),
    ("sMOTA", "(sum of the similarities of the TP − FP − IDSW) / truth boxes, at similarity 0.5"),
    ("MOTAL", "MOTA with log₁₀ IDSW in place of IDSW"), ("MOTP_sum", "sum of the similarities of the TP at similarity 0.5"),
    ("Re", "TP / (TP + FN) at similarity 0.5"), ("Pr", "TP / (TP + FP) at similarity 0.5"),
    ("F1", "TP / (TP + FN/2 + FP/2) at similarity 0.5"),
    ("FP_per_frame", "FP by the number of frames"), ("Frames", "number of frames"),
    ("MTR", "MT by the number of truth tracks"), ("PTR", "PT by the number of truth tracks"),
    ("MLR", "ML by the number of truth tracks"), ("HOTA(0)", "HOTA at the overlap 0.05"), ("LocA(0)", "LocA at the overlap 0.05"),
    ("HOTALocA(0)", "HOTA(0) · LocA(0)"), ("HOTA_TP", "TP at each of the overlaps 0.05, 0.10 … 0.95, mean over these"),
    ("HOTA_FN", "FN at each of the overlaps, mean over these"), ("HOTA_FP", "FP at each of the overlaps, mean over these"),
    ("IDF1", "2 IDTP / (2 IDTP + IDFP + IDFN) under the best one-to-one assignment of whole tracks (E. Ristani et al., 2016)"),
    ("IDR", "IDTP / (IDTP + IDFN)"), ("IDP", "IDTP / (IDTP + IDFP)"),
    ("IDTP", "boxes whose truth id and result id are assigned to one another, at similarity 0.5"),
    ("IDFN", "truth boxes that are no IDTP"), ("IDFP", "result boxes that are no IDTP"),
    ("IDSW", "identity switches: a truth object goes on with another result id than before"),
    ("TP", "pairs of truth and result at similarity 0.5"), ("FP", "result boxes without truth at similarity 0.5"),
    ("FN", "truth boxes without result at similarity 0.5"),
    ("MT", "truth tracks found in more than 80 % of their frames"), ("PT", "truth tracks found in 20 to 80 % of their frames"),
    ("ML", "truth tracks found in less than 20 % of their frames"),
    ("Frag", "fragmentations: a truth object is found again after it was missed"),
  ]

  private static let orientation = [
    (
      "AngleErrorMeanDegrees",
      "mean angle between the axes of truth and result, modulo a half turn, where the truth's sides have a ratio above 1.3"
    ),
    ("AngleErrorMedianDegrees", "median angle between the axes of truth and result, modulo a half turn"),
    ("HeadingErrorMeanDegrees", "mean angle between the headings of truth and result, modulo a full turn"),
    ("HeadingErrorMedianDegrees", "median angle between the headings of truth and result, modulo a full turn"),
    ("AngleJitterDegrees", "standard deviation of the second difference of the result's angle along a track"),
    ("TruthAngleJitterDegrees", "the same of the truth's angle"),
    ("AnglePairs", "pairs of which an angle of the axes is measured"),
    ("HeadingPairs", "pairs of which an angle of the headings is measured"),
    ("CovariancePairs", "pairs whose result has a covariance"),
    (
      "NIS",
      "mean squared Mahalanobis distance of the true position under the stated covariance; 2 where the covariances are honest"
    ),
  ]

  private static let boxes = [
    ("AP", "average precision, mean over the overlaps: the area under the best precision at each recall and beyond"),
    ("mAP", "AP, mean over the classes that have truth"),
    ("recall", "share of the truth found at the lowest score"), ("precision", "share of hits among all counted detections"),
    ("AP_small", "AP of truth below 32² square pixels"), ("AP_medium", "AP of truth from 32² to 96² square pixels"),
    ("AP_large", "AP of truth above 96² square pixels"),
    ("AR_small", "COCO's average recall of truth below 32² square pixels"),
    ("AR_medium", "COCO's average recall of truth from 32² to 96² square pixels"),
    ("AR_large", "COCO's average recall of truth above 96² square pixels"),
    (
      "angle_error_deg",
      "mean angle between the axes of hits and their truth, modulo a half turn, where the truth's sides have a ratio above 1.3"
    ),
    ("ECE", "expected calibration error: mean over the detections of |share of hits − mean score| of their bin of scores"),
    ("MCE", "the largest |share of hits − mean score| of a bin"),
  ]

  private static let masks = [
    ("IoU", "TP / (TP + FP + FN) of a class's pixels"), ("mIoU", "IoU, mean over the classes that occur in the truth"),
    ("accuracy", "share of a class's true pixels that are labelled right"),
    ("mean_accuracy", "accuracy, mean over the classes that occur in the truth"),
    ("pixel_accuracy", "share of all pixels that are labelled right"),
    ("J&F", "(J_mean + F_mean) / 2 (F. Perazzi et al., 2016; J. Pont-Tuset et al., 2017)"),
    ("J_mean", "intersection over union of an object's masks, mean over the frames"),
    ("J_recall", "share of frames with J above 0.5"),
    ("J_decay", "mean J of the first quarter of the frames minus that of the last"),
    ("F_mean", "2PR / (P + R) of the boundaries' pixels, found within 0.8 % of the image's diagonal; mean over the frames"),
    ("F_recall", "share of frames with F above 0.5"),
    ("F_decay", "mean F of the first quarter of the frames minus that of the last"),
  ]

  private static let paths = [
    ("APE", "absolute pose error: P⁻¹Q of each aligned result pose P and its truth Q"),
    ("RPE", "relative pose error: (Qᵢ⁻¹Qⱼ)⁻¹(Pᵢ⁻¹Pⱼ) of pairs of poses a given distance apart"),
    ("APE_rmse", "root mean square of the absolute pose errors"), ("APE_mean", "mean of the absolute pose errors"),
    ("RPE_rmse", "root mean square of the relative pose errors"), ("RPE_mean", "mean of the relative pose errors"),
    ("translation_part", "length of an error's translation"), ("rotation_part", "‖R − I‖ of an error's rotation, Frobenius norm"),
    ("full_transformation", "‖E − I‖ of the whole error, Frobenius norm"),
    ("rotation_angle_deg", "angle of an error's rotation, degrees"),
    ("rotation_angle_rad", "angle of an error's rotation, radians"),
    ("point_distance", "distance of the positions, or difference of the distances between two positions"),
    ("point_distance_error_ratio", "difference of the distances between two positions over the true distance, per cent"),
    ("mean", "mean of the errors"), ("median", "median of the errors"), ("min", "the smallest error"), ("max", "the largest error"),
    ("scale", "factor by which the alignment stretches the result"), ("length_m", "length of the segments, metres"),
    ("rmse", "√(mean of the squared errors)"), ("std", "standard deviation over the errors"), ("sse", "sum of the squared errors"),
    ("translation_percent", "translation error over a segment of the path by its length, per cent (KITTI)"),
    ("rotation_deg_per_m", "rotation error over a segment of the path by its length, degrees per metre (KITTI)"),
  ]

  private static let forecasts = [
    ("miss_rate", "share of samples whose smallest final error exceeds the miss distance"),
    ("K", "the largest number of hypotheses of a sample"),
  ]
}
