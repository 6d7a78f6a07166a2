import Geometry

/// What became of a detection.
public enum DetectionOutcome: Sendable, Equatable {
  /// Hit the truth box at this index.
  case hit(truth: Int)
  case falsePositive
  /// Neither right nor wrong: on difficult truth, in an ignore region, or of another size.
  case ignored
}

/// The matching of PASCAL VOC and the DOTA kit (`docs/evaluation.md`, Boxes; M. Everingham et al., The PASCAL visual object classes challenge, 2010,
/// doi:10.1007/s11263-009-0275-4, section 4.2).
///
/// Detections of one class over all images, by descending score, each look at the truth box of their image with the highest overlap
/// and at no other; that box is theirs if the overlap exceeds the threshold and it is still free.
struct GreedyMatching {
  /// A detection and the truth box that it looks at.
  private struct Candidate {
    /// Index into the set.
    var detection: Int
    /// The truth box with the highest overlap (the first of equals); nil where none overlaps.
    var truth: Int?
    var overlap = 0.0
    /// Whether it is excused when it hits nothing.
    var isExcused: Bool
  }

  /// All detections of the class by descending score, equal ones in their own order.
  private let candidates: [Candidate]
  private let set: BoxSet
  private let truthOfClass: [Int]

  /// The detections of the class by descending score, indices into the set.
  var order: [Int] { candidates.map(\.detection) }

  /// - Parameter isCovered: For each detection of the set, whether it lies in an ignore region.
  init(_ set: BoxSet, classIndex: Int, similarity: BoxSimilarity, isCovered: [Bool], ignoreShare: Double) {
    var candidates: [Candidate] = []
    var truthOfClass: [Int] = []
    for boxes in set.images(ofClass: classIndex) {
      truthOfClass += boxes.truth
      let truth = boxes.truth.map { (index: $0, shape: similarity.shape(set.truth[$0].shape)) }
      for detection in boxes.detections {
        var candidate = Candidate(detection: detection, isExcused: isCovered[detection])
        let shape = similarity.shape(set.detections[detection].shape)
        for (index, other) in truth {
          if set.truth[index].isCrowd {
            if shape.coveredShare(by: other) > ignoreShare { candidate.isExcused = true }
          } else {
            let overlap = shape.iou(with: other)
            if overlap > candidate.overlap { (candidate.truth, candidate.overlap) = (index, overlap) }
          }
        }
        candidates.append(candidate)
      }
    }
    candidates.sort { (set.detections[$0.detection].score, $1.detection) > (set.detections[$1.detection].score, $0.detection) }
    self.candidates = candidates
    self.truthOfClass = truthOfClass
    self.set = set
  }

  /// The number of truth boxes of a size that count.
  func positives(in size: SizeRange) -> Int { truthOfClass.count { counts(set.truth[$0], in: size) } }

  /// The number of truth boxes of a size that count, by image.
  func positivesByImage(in size: SizeRange) -> [Int: Int] {
    truthOfClass.reduce(into: [:]) { counts, index in
      if self.counts(set.truth[index], in: size) { counts[set.truth[index].image, default: 0] += 1 }
    }
  }

  /// The outcome of each detection, in `order`.
  func outcomes(threshold: Double, size: SizeRange = .all) -> [DetectionOutcome] {
    var taken: Set<Int> = []
    return candidates.map { candidate in
      let isElsewhere = candidate.isExcused || !size.contains(set.detections[candidate.detection].shape.area)
      guard let truth = candidate.truth, candidate.overlap > threshold else {
        return isElsewhere ? .ignored : .falsePositive
      }
      guard counts(set.truth[truth], in: size) else { return .ignored }
      if taken.insert(truth).inserted { return .hit(truth: truth) }
      return isElsewhere ? .ignored : .falsePositive
    }
  }

  /// Precision and recall over the detections that were not ignored.
  func curve(threshold: Double, size: SizeRange = .all) -> PrecisionRecallCurve {
    let counted = zip(candidates, outcomes(threshold: threshold, size: size)).compactMap { candidate, outcome in
      switch outcome {
      case .hit: (score: set.detections[candidate.detection].score, isHit: true)
      case .falsePositive: (score: set.detections[candidate.detection].score, isHit: false)
      case .ignored: nil
      }
    }
    return PrecisionRecallCurve(positives: positives(in: size), detections: counted)
  }

  private func counts(_ truth: AnnotatedBox, in size: SizeRange) -> Bool {
    !truth.isDifficult && !truth.isCrowd && size.contains(truth.area)
  }
}
