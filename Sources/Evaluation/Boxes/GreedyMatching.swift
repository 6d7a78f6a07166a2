import Geometry

/// What became of a detection.
public enum DetectionOutcome: Sendable, Equatable {
  /// Hit the truth box at this index.
  case hit(truth: Int)
  case falsePositive
  /// Neither right nor wrong: on difficult truth, in an ignore region, or of another size.
  case ignored
}

/// The matching of PASCAL VOC and the DOTA kit (`metrics-and-formats.md` section 7).
///
/// Detections of one class over all images, by descending score, each look at the truth box of their image with the highest overlap
/// and at no other; that box is theirs if the overlap exceeds the threshold and it is still free.
struct GreedyMatching {
  /// All detections of the class by descending score, indices into the set.
  let order: [Int]
  /// For each of `order`, the truth box with the highest overlap (the first of equals).
  private let bestTruth: [Int?]
  private let bestOverlap: [Double]
  /// For each of `order`, whether it is excused when it hits nothing.
  private let isExcused: [Bool]
  private let set: BoxSet
  private let truthOfClass: [Int]

  /// - Parameter isCovered: For each detection of the set, whether it lies in an ignore region.
  init(_ set: BoxSet, classIndex: Int, similarity: BoxSimilarity, isCovered: [Bool], ignoreShare: Double) {
    var best: [Int: (truth: Int, overlap: Double)] = [:]
    var crowded: Set<Int> = []
    let images = set.images(ofClass: classIndex)
    for boxes in images {
      let truth = boxes.truth.map { (index: $0, shape: similarity.shape(set.truth[$0].shape)) }
      for detection in boxes.detections {
        let shape = similarity.shape(set.detections[detection].shape)
        for (index, other) in truth {
          if set.truth[index].isCrowd {
            if shape.coveredShare(by: other) > ignoreShare { crowded.insert(detection) }
          } else {
            let overlap = shape.iou(with: other)
            if overlap > best[detection]?.overlap ?? 0 { best[detection] = (index, overlap) }
          }
        }
      }
    }
    order = set.sortedByScore(images.flatMap(\.detections))
    bestTruth = order.map { best[$0]?.truth }
    bestOverlap = order.map { best[$0]?.overlap ?? 0 }
    isExcused = order.map { isCovered[$0] || crowded.contains($0) }
    truthOfClass = images.flatMap(\.truth)
    self.set = set
  }

  /// The number of truth boxes of a size that count.
  func positives(in size: SizeRange) -> Int { positivesByImage(in: size).values.reduce(0, +) }

  /// The number of truth boxes of a size that count, by image.
  func positivesByImage(in size: SizeRange) -> [Int: Int] {
    truthOfClass.reduce(into: [:]) { counts, index in
      if self.counts(set.truth[index], in: size) { counts[set.truth[index].image, default: 0] += 1 }
    }
  }

  /// The outcome of each detection, in `order`.
  func outcomes(threshold: Double, size: SizeRange = .all) -> [DetectionOutcome] {
    var taken: Set<Int> = []
    return order.indices.map { position in
      let detection = set.detections[order[position]]
      let isElsewhere = isExcused[position] || !size.contains(detection.shape.area)
      guard let truth = bestTruth[position], bestOverlap[position] > threshold else {
        return isElsewhere ? .ignored : .falsePositive
      }
      guard counts(set.truth[truth], in: size) else { return .ignored }
      if taken.insert(truth).inserted { return .hit(truth: truth) }
      return isElsewhere ? .ignored : .falsePositive
    }
  }

  /// Precision and recall over the detections that were not ignored.
  func curve(threshold: Double, size: SizeRange = .all) -> PrecisionRecallCurve {
    let counted = zip(order, outcomes(threshold: threshold, size: size)).compactMap { index, outcome in
      switch outcome {
      case .hit: (score: set.detections[index].score, isHit: true)
      case .falsePositive: (score: set.detections[index].score, isHit: false)
      case .ignored: nil
      }
    }
    return PrecisionRecallCurve(positives: positives(in: size), detections: counted)
  }

  private func counts(_ truth: AnnotatedBox, in size: SizeRange) -> Bool {
    !truth.isDifficult && !truth.isCrowd && size.contains(truth.area)
  }
}
