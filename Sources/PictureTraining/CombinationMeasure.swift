internal import Geometry
internal import Imaging
internal import NetworkDetection

/// How a detector of what moves goes together with the motion detector's rules, on pictures that it did not learn from.
enum CombinationMeasure {
  /// - Parameter calibration: Of the detector's scores; nil: they are probabilities.
  /// - Returns: nil where the pictures do not tell.
  static func combination(
    _ detector: NetworkDetector, _ calibration: ScoreCalibration?, _ rules: RuleFindings, on pictures: [AnnotatedPicture],
    from source: any PictureSource
  ) throws -> RuleCombination? {
    // Rules know no classes.
    guard detector.classes.count == 1 else { return nil }
    let samples = try pictures.compactMap { picture -> RuleCombination.Sample? in
      guard let seen = rules.picture(picture.path) else { return nil }
      let found = try detector.found(in: picture, from: source, minimumScore: EvidenceDetector.leastScore)
      func hulls(ignored: Bool) -> [AxisBox] { picture.boxes.filter { $0.isIgnored == ignored }.map(\.box.hull) }
      return RuleCombination.Sample(
        film: seen.film, rules: seen.boxes.map { RuleCombination.Found(box: GaussianBox($0.box), probability: $0.score) },
        network: found.map {
          RuleCombination.Found(box: GaussianBox($0.box), probability: min(1, calibration?.probability($0.score) ?? $0.score))
        }, truth: hulls(ignored: false), ignored: hulls(ignored: true))
    }
    return RuleCombination(fitting: samples)
  }
}
