import Geometry
import Reports

/// Average precision and what goes with it, for the boxes of a result against the truth.
public struct BoxResultEvaluation: Sendable {
  /// What is measured and how.
  public struct Settings: Sendable, Equatable {
    /// How a precision–recall curve becomes a number.
    public var style = AveragePrecisionStyle.allPoint
    /// What decides how far two boxes overlap.
    public var similarity = BoxSimilarity.rotatedIoU
    /// Overlaps at which average precision is computed; the first one also decides curves, angles and calibration.
    public var thresholds: [Double] = [0.5]
    /// Detections covered by an ignore region to more than this share are not counted.
    public var ignoreShare = 0.5
    /// The number of equal bins of the scores from 0 to 1.
    public var calibrationBins = 10
    /// Detections below this score are left out of the confusion matrix.
    public var confusionScore = 0.25
    /// Angles are measured on boxes whose sides' ratio exceeds this.
    public var angleSideRatio = 1.3

    /// The DOTA kit's overlap with all-point precision.
    public init() {}

    /// COCO's protocol: its matching, its ten thresholds, its sizes.
    public static var coco: Settings {
      var settings = Settings()
      settings.style = .hundredOnePoint
      settings.thresholds = COCOSummary.thresholds
      return settings
    }
  }

  /// One class's figures.
  public struct ClassResult: Sendable {
    /// The class's name as the truth has it.
    public var name: String
    /// Truth boxes that count, and all detections of the class.
    public var truth: Int
    /// All detections of the class, counted or not.
    public var detections: Int
    /// For each threshold; nil for a class without truth.
    public var averagePrecisions: [Double]?
    /// The mean over the thresholds for small, medium and large truth; nil where there is none.
    public var bySize: [(size: SizeRange, averagePrecision: Double?)]
    /// At the first threshold.
    public var curve: PrecisionRecallCurve
    /// Absolute angle errors of the hits at the first threshold, degrees, modulo a half turn; nil where no hit has an angle.
    public var angle: ErrorStatistics?

    /// The mean over the thresholds.
    public var averagePrecision: Double? { averagePrecisions.map { $0.reduce(0, +) / Double(max(1, $0.count)) } }
  }

  /// How the figures came about.
  public var settings: Settings
  /// The figures of each class, in the order of the set's classes.
  public var classes: [ClassResult]
  /// COCO's twelve figures; nil for the other styles.
  public var coco: COCOSummary?
  /// Which class was taken for which, at the confusion's own least score.
  public var confusion: ConfusionMatrix
  /// Of all counted detections at the first threshold; nil where there are none.
  public var calibration: Calibration?
  /// Angle errors of all classes.
  public var angle: ErrorStatistics?

  /// For each threshold the mean over the classes that have truth; nil where none has.
  public var meanAveragePrecisions: [Double]? {
    let found = classes.compactMap(\.averagePrecisions)
    guard !found.isEmpty else { return nil }
    return settings.thresholds.indices.map { index in
      found.reduce(0) { $0 + $1[index] } / Double(found.count)
    }
  }

  /// The mean over thresholds and classes.
  public var meanAveragePrecision: Double? {
    meanAveragePrecisions.map { $0.reduce(0, +) / Double(max(1, $0.count)) }
  }

  /// Measures the boxes of a set.
  public init(_ set: BoxSet, settings: Settings = Settings()) {
    precondition(!settings.thresholds.isEmpty, "at least one threshold")
    let isCovered = set.coveredByRegions(share: settings.ignoreShare, similarity: settings.similarity)
    var judge = Judge(set: set, settings: settings, isCovered: isCovered)
    self.settings = settings
    classes = set.classes.indices.map { judge.result(ofClass: $0) }
    coco = settings.style == .hundredOnePoint ? judge.accumulator.summary : nil
    confusion = ConfusionMatrix(
      set, similarity: settings.similarity, minimumScore: settings.confusionScore,
      threshold: settings.thresholds[0], isCovered: isCovered)
    calibration = Calibration(
      confidences: judge.confidences, correct: judge.hits, binCount: settings.calibrationBins)
    angle = ErrorStatistics(judge.angleErrors)
  }

  /// Judges class after class and gathers what is common to all.
  private struct Judge {
    let set: BoxSet
    let settings: Settings
    let isCovered: [Bool]
    var accumulator = COCOAccumulator()
    var confidences: [Double] = []
    var hits: [Bool] = []
    var angleErrors: [Double] = []

    mutating func result(ofClass classIndex: Int) -> ClassResult {
      switch settings.style {
      case .hundredOnePoint: cocoResult(classIndex)
      case .elevenPoint, .allPoint: greedyResult(classIndex)
      }
    }

    private mutating func greedyResult(_ classIndex: Int) -> ClassResult {
      let matching = GreedyMatching(
        set, classIndex: classIndex, similarity: settings.similarity, isCovered: isCovered,
        ignoreShare: settings.ignoreShare)
      let judged = zip(matching.order, matching.outcomes(threshold: settings.thresholds[0])).map {
        COCOMatching.Judged(detection: $0, outcome: $1)
      }
      return summarised(classIndex, detections: matching.order.count, judged: judged) { threshold, size in
        matching.curve(threshold: threshold, size: size)
      }
    }

    private mutating func cocoResult(_ classIndex: Int) -> ClassResult {
      let limit = COCOSummary.detectionLimits.max() ?? 100
      let matching = COCOMatching(
        set, classIndex: classIndex, similarity: settings.similarity, isCovered: isCovered, limit: limit)
      accumulator.add(matching, in: set)
      return summarised(
        classIndex, detections: set.detections.count { $0.classIndex == classIndex },
        judged: matching.outcomes(threshold: settings.thresholds[0]).flatMap { $0 }
      ) { threshold, size in matching.curve(threshold: threshold, size: size, limit: limit) }
    }

    private mutating func summarised(
      _ classIndex: Int, detections: Int, judged: [COCOMatching.Judged],
      curve: (Double, SizeRange) -> PrecisionRecallCurve
    ) -> ClassResult {
      let angles = gather(judged)
      let first = curve(settings.thresholds[0], .all)
      func precisions(_ size: SizeRange) -> [Double]? {
        let all = settings.thresholds.compactMap { curve($0, size).averagePrecision(settings.style) }
        return all.isEmpty ? nil : all
      }
      let sizes: [SizeRange] = [.small, .medium, .large]
      return ClassResult(
        name: set.classes[classIndex], truth: first.positives, detections: detections,
        averagePrecisions: precisions(.all),
        bySize: sizes.map { size in
          (size, precisions(size).map { $0.reduce(0, +) / Double($0.count) })
        },
        curve: first, angle: ErrorStatistics(angles))
    }

    /// Adds a class's hits and misses to the calibration and returns its angle errors, degrees.
    private mutating func gather(_ judged: [COCOMatching.Judged]) -> [Double] {
      var angles: [Double] = []
      for item in judged {
        guard item.outcome != .ignored else { continue }
        let detection = set.detections[item.detection]
        confidences.append(detection.score)
        guard case .hit(let index) = item.outcome else {
          hits.append(false)
          continue
        }
        hits.append(true)
        if let error = angleError(set.truth[index].shape, detection.shape) { angles.append(error) }
      }
      angleErrors += angles
      return angles
    }

    private func angleError(_ truth: BoxShape, _ detection: BoxShape) -> Double? {
      if case .upright = truth { return nil }
      if case .upright = detection { return nil }
      let (truth, detection) = (truth.orientedBox.canonical, detection.orientedBox.canonical)
      guard truth.width > settings.angleSideRatio * truth.height else { return nil }
      return abs(Angle.axisDifference(from: truth.angle, to: detection.angle)) * 180 / .pi
    }
  }
}
