/// The twelve figures of the COCO evaluation; nil where no class has truth of that size.
public struct COCOSummary: Sendable, Equatable {
  /// Mean over the thresholds .50:.05:.95 and the classes that have truth.
  public var averagePrecision: Double?
  /// The same at the threshold .50 alone.
  public var averagePrecision50: Double?
  /// The same at the threshold .75 alone.
  public var averagePrecision75: Double?
  /// The same over all thresholds, of truth below 32² square pixels.
  public var averagePrecisionSmall: Double?
  /// The same of truth from 32² to 96² square pixels.
  public var averagePrecisionMedium: Double?
  /// The same of truth above 96² square pixels.
  public var averagePrecisionLarge: Double?
  /// Mean recall with 1, 10 and 100 detections an image.
  public var averageRecall1: Double?
  /// Mean final recall over thresholds and classes with at most 10 detections an image.
  public var averageRecall10: Double?
  /// The same with at most 100 detections an image.
  public var averageRecall100: Double?
  /// The same with 100 detections, of truth below 32² square pixels.
  public var averageRecallSmall: Double?
  /// The same of truth from 32² to 96² square pixels.
  public var averageRecallMedium: Double?
  /// The same of truth above 96² square pixels.
  public var averageRecallLarge: Double?

  /// Names and values in the order in which pycocotools prints them.
  public var named: [(name: String, value: Double?)] {
    [
      ("AP", averagePrecision), ("AP50", averagePrecision50), ("AP75", averagePrecision75),
      ("AP_small", averagePrecisionSmall), ("AP_medium", averagePrecisionMedium), ("AP_large", averagePrecisionLarge),
      ("AR_1", averageRecall1), ("AR_10", averageRecall10), ("AR_100", averageRecall100),
      ("AR_small", averageRecallSmall), ("AR_medium", averageRecallMedium), ("AR_large", averageRecallLarge),
    ]
  }

  /// `linspace(.5, .95, 10)`.
  public static let thresholds: [Double] = {
    let step: Double = (0.95 - 0.5) / 9
    return (0..<9).map { Double($0) * step + 0.5 } + [0.95]
  }()
  /// The greatest numbers of detections an image whose recall is measured.
  public static let detectionLimits = [1, 10, 100]
}

/// One class's figures at every threshold, for one size and one limit of detections.
struct COCOClassFigures {
  /// For each threshold the mean over the 101 recalls, and the final recall.
  var averagePrecisions: [Double]
  var recalls: [Double]
}

/// Gathers the figures of all classes.
struct COCOAccumulator {
  private struct Key: Hashable {
    var size: SizeRange
    var limit: Int
  }

  private var figures: [Key: [COCOClassFigures]] = [:]

  /// Adds a class; a class without truth of a size leaves no figure there.
  mutating func add(_ matching: COCOMatching, in set: BoxSet) {
    for size in SizeRange.standard {
      let positives = matching.positives(in: size)
      guard positives > 0 else { continue }
      let outcomes = COCOSummary.thresholds.map { matching.outcomes(threshold: $0, size: size) }
      for limit in COCOSummary.detectionLimits where size == .all || limit == 100 {
        let curves = outcomes.map { COCOMatching.curve($0, positives: positives, limit: limit, in: set) }
        figures[Key(size: size, limit: limit), default: []].append(
          COCOClassFigures(
            averagePrecisions: curves.map { $0.averagePrecision(.hundredOnePoint) ?? 0 },
            recalls: curves.map(\.finalRecall)))
      }
    }
  }

  var summary: COCOSummary {
    func precision(_ size: SizeRange, threshold index: Int? = nil) -> Double? {
      mean(size, 100) { figure in index.map { [figure.averagePrecisions[$0]] } ?? figure.averagePrecisions }
    }
    func recall(_ size: SizeRange, _ limit: Int) -> Double? { mean(size, limit, \.recalls) }
    return COCOSummary(
      averagePrecision: precision(.all), averagePrecision50: precision(.all, threshold: 0),
      averagePrecision75: precision(.all, threshold: 5), averagePrecisionSmall: precision(.small),
      averagePrecisionMedium: precision(.medium), averagePrecisionLarge: precision(.large),
      averageRecall1: recall(.all, 1), averageRecall10: recall(.all, 10), averageRecall100: recall(.all, 100),
      averageRecallSmall: recall(.small, 100), averageRecallMedium: recall(.medium, 100),
      averageRecallLarge: recall(.large, 100))
  }

  private func mean(_ size: SizeRange, _ limit: Int, _ values: (COCOClassFigures) -> [Double]) -> Double? {
    let all = (figures[Key(size: size, limit: limit)] ?? []).flatMap(values)
    return all.isEmpty ? nil : all.reduce(0, +) / Double(all.count)
  }
}
