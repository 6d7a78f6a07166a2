/// How a precision–recall curve becomes one number (`docs/evaluation.md`, Boxes).
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
  /// Detections up to and including each.
  public var counts: [Int]

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
    counts = Array(1..<(detections.count + 1))
  }

  /// The curve at its hits alone, of detections that count several times, as in a choice of images with repetition.
  ///
  /// Between hits precision only falls, so the average precision is that of the whole curve. Scores are not told.
  ///
  /// - Parameters:
  ///   - positives: The number of truth boxes that count, repetitions included.
  ///   - hits: By descending score, how often each hit counts, and the detections up to and including it.
  init(positives: Int, hits: some Collection<(times: Int, count: Int)>) {
    self.positives = positives
    scores = []
    truePositives = []
    counts = []
    truePositives.reserveCapacity(hits.count)
    counts.reserveCapacity(hits.count)
    var found = 0
    for hit in hits where hit.times > 0 {
      found += hit.times
      truePositives.append(found)
      counts.append(hit.count)
    }
  }

  /// The share of the truth found down to each rank, ascending.
  public var recalls: [Double] { truePositives.map { Double($0) / Double(max(1, positives)) } }

  /// The share of hits among the detections down to each rank.
  public var precisions: [Double] { zip(truePositives, counts).map { Double($0) / Double($1) } }

  /// The share of the truth that was found at the lowest score.
  public var finalRecall: Double { Double(truePositives.last ?? 0) / Double(max(1, positives)) }

  /// The average precision; nil where no truth counts.
  public func averagePrecision(_ style: AveragePrecisionStyle) -> Double? {
    guard positives > 0 else { return nil }
    return switch style {
    // The recalls are multiples of 0.1 in floating point: exactly 0.6 misses the point 0.6000000000000001.
    case .elevenPoint: mean(at: Self.elevenRecalls, epsilon: 0)
    case .allPoint: area()
    // COCO divides by the count plus the double's epsilon.
    case .hundredOnePoint: mean(at: Self.hundredOneRecalls, epsilon: .ulpOfOne)
    }
  }

  private static let elevenRecalls: [Double] = (0...10).map { Double($0) * 0.1 }

  /// The 101 recalls of COCO, `linspace(0, 1, 101)`.
  static let hundredOneRecalls: [Double] = (0...100).map { $0 == 100 ? 1 : Double($0) * 0.01 }

  /// The mean over the wanted recalls (ascending) of the best precision at that recall and beyond, 0 beyond the last recall.
  ///
  /// One pass from the end: the best precision so far is the envelope.
  private func mean(at wanted: [Double], epsilon: Double) -> Double {
    let truth = Double(positives)
    var sum = 0.0
    var best = 0.0
    var open = wanted.count
    while open > 0, wanted[open - 1] > finalRecall { open -= 1 }
    for index in truePositives.indices.reversed() {
      best = max(best, Double(truePositives[index]) / (Double(counts[index]) + epsilon))
      // Recalls that the detections before this one do not reach begin here.
      let before = index > 0 ? Double(truePositives[index - 1]) / truth : -1
      while open > 0, wanted[open - 1] > before {
        sum += best
        open -= 1
      }
    }
    return sum / Double(wanted.count)
  }

  /// The area under the envelope, a step at a time: from the end, the best precision so far holds down to the recall where it rises.
  private func area() -> Double {
    let truth = Double(positives)
    var sum = 0.0
    var best = 0.0
    var upper = finalRecall
    for index in truePositives.indices.reversed() {
      let precision = Double(truePositives[index]) / Double(counts[index])
      guard precision > best else { continue }
      let recall = Double(truePositives[index]) / truth
      sum += (upper - recall) * best
      (best, upper) = (precision, recall)
    }
    return sum + upper * best
  }
}
