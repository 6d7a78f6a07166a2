/// How a precision–recall curve becomes one number (`metrics-and-formats.md` section 7).
public enum AveragePrecisionStyle: String, Sendable, CaseIterable {
  /// Mean of the best precision at recall 0, 0.1, …, 1 and beyond: PASCAL VOC 2007, the default of the DOTA kit.
  case elevenPoint = "voc07"
  /// The area under the envelope: PASCAL VOC from 2010.
  case allPoint = "all-point"
  /// Mean of the envelope at recall 0, 0.01, …, 1: COCO.
  case hundredOnePoint = "coco"
}

/// Precision and recall as the score falls.
public struct PrecisionRecallCurve: Sendable, Equatable {
  /// The number of truth boxes that count.
  public var positives: Int
  /// The scores of the counted detections, descending.
  public var scores: [Double]
  /// True positives among the detections up to and including each.
  public var truePositives: [Int]

  /// - Parameters:
  ///   - positives: The number of truth boxes that count.
  ///   - detections: Score and hit of every detection that counts, by descending score.
  public init(positives: Int, detections: [(score: Double, isHit: Bool)]) {
    self.positives = positives
    scores = detections.map(\.score)
    var hits = 0
    truePositives = detections.map { detection in
      hits += detection.isHit ? 1 : 0
      return hits
    }
  }

  public var recalls: [Double] { truePositives.map { Double($0) / Double(max(1, positives)) } }

  public var precisions: [Double] { truePositives.enumerated().map { Double($1) / Double($0 + 1) } }

  /// The share of the truth that was found at the lowest score.
  public var finalRecall: Double { recalls.last ?? 0 }

  /// The average precision; nil where no truth counts.
  public func averagePrecision(_ style: AveragePrecisionStyle) -> Double? {
    guard positives > 0 else { return nil }
    switch style {
    case .elevenPoint:
      // The recalls are multiples of 0.1 in floating point: exactly 0.6 misses the point 0.6000000000000001.
      return (0...10).reduce(0) { $0 + (envelope(precisions, at: Double($1) * 0.1)) / 11 }
    case .allPoint:
      return area()
    case .hundredOnePoint:
      let points = hundredOnePrecisions()
      return points.reduce(0, +) / Double(points.count)
    }
  }

  /// The 101 recalls of COCO, `linspace(0, 1, 101)`.
  static let hundredOneRecalls: [Double] = (0...100).map { $0 == 100 ? 1 : Double($0) * 0.01 }

  /// The envelope's precision at each of COCO's recalls, 0 beyond the last recall.
  func hundredOnePrecisions() -> [Double] {
    // COCO divides by the count plus the double's epsilon.
    let precisions = truePositives.enumerated().map { Double($1) / (Double($0 + 1) + .ulpOfOne) }
    let best = Self.suffixMaximum(precisions)
    let recalls = self.recalls
    var index = 0
    return Self.hundredOneRecalls.map { wanted in
      while index < recalls.count, recalls[index] < wanted { index += 1 }
      return index < best.count ? best[index] : 0
    }
  }

  private func envelope(_ precisions: [Double], at recall: Double) -> Double {
    guard let first = recalls.firstIndex(where: { $0 >= recall }) else { return 0 }
    return precisions[first...].max() ?? 0
  }

  private func area() -> Double {
    let best = Self.suffixMaximum(precisions)
    var sum = 0.0
    var last = 0.0
    for (recall, precision) in zip(recalls, best) where recall != last {
      sum += (recall - last) * precision
      last = recall
    }
    return sum
  }

  private static func suffixMaximum(_ values: [Double]) -> [Double] {
    var best = values
    for index in best.indices.dropLast().reversed() { best[index] = max(best[index], best[index + 1]) }
    return best
  }
}
