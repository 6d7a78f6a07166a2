import Geometry

/// The matching of the COCO evaluation for one class (`docs/evaluation.md`, Boxes; pycocotools `evaluateImg`).
///
/// Per image the detections, by descending score, take the best free truth box whose overlap reaches the threshold. Ignored truth
/// (crowd, difficult, of another size) comes last and is never preferred to truth that counts; crowd truth takes any number.
struct COCOMatching {
  /// One image's boxes of the class.
  private struct ImageOverlaps {
    var detections: [Int]
    var truth: [Int]
    /// Row by row, a detection each; columns in the order of `truth`.
    var overlaps: [Double]
  }

  private let set: BoxSet
  private let images: [ImageOverlaps]
  private let isCovered: [Bool]

  /// - Parameter limit: The largest number of detections of an image.
  init(_ set: BoxSet, classIndex: Int, similarity: BoxSimilarity, isCovered: [Bool], limit: Int) {
    self.set = set
    self.isCovered = isCovered
    images = set.images(ofClass: classIndex).map { boxes in
      let detections = Array(boxes.detections.prefix(limit))
      let shapes = boxes.truth.map { similarity.shape(set.truth[$0].shape) }
      var overlaps: [Double] = []
      overlaps.reserveCapacity(detections.count * shapes.count)
      for detection in detections {
        let shape = similarity.shape(set.detections[detection].shape)
        for (index, other) in zip(boxes.truth, shapes) {
          overlaps.append(set.truth[index].isCrowd ? shape.coveredShare(by: other) : shape.iou(with: other))
        }
      }
      return ImageOverlaps(detections: detections, truth: boxes.truth, overlaps: overlaps)
    }
  }

  /// A detection and what became of it.
  struct Judged {
    var detection: Int
    var outcome: DetectionOutcome
  }

  /// The number of truth boxes of a size that count.
  func positives(in size: SizeRange) -> Int {
    images.reduce(0) { $0 + $1.truth.count { !isIgnored(set.truth[$0], size) } }
  }

  /// The number of truth boxes of a size that count, by image.
  func positivesByImage(in size: SizeRange) -> [Int: Int] {
    images.reduce(into: [:]) { counts, image in
      for index in image.truth where !isIgnored(set.truth[index], size) { counts[set.truth[index].image, default: 0] += 1 }
    }
  }

  /// Every image's detections, images ascending, within each by descending score.
  func outcomes(threshold: Double, size: SizeRange = .all) -> [[Judged]] {
    images.map { match($0, threshold: threshold, size: size) }
  }

  /// Precision and recall at a threshold for the first `limit` detections of every image.
  func curve(threshold: Double, size: SizeRange = .all, limit: Int) -> PrecisionRecallCurve {
    Self.curve(outcomes(threshold: threshold, size: size), positives: positives(in: size), limit: limit, in: set)
  }

  static func curve(_ images: [[Judged]], positives: Int, limit: Int, in set: BoxSet) -> PrecisionRecallCurve {
    PrecisionRecallCurve(
      positives: positives,
      detections: ranked(images, limit: limit, in: set).compactMap { item in
        let score = set.detections[item.detection].score
        return switch item.outcome {
        case .hit: (score: score, isHit: true)
        case .falsePositive: (score: score, isHit: false)
        case .ignored: nil
        }
      })
  }

  /// The first `limit` detections of every image by descending score, equal ones in the order of the images.
  static func ranked(_ images: [[Judged]], limit: Int, in set: BoxSet) -> [Judged] {
    let judged = images.flatMap { $0.prefix(limit) }
    let order = judged.indices.sorted { a, b in
      (set.detections[judged[a].detection].score, b) > (set.detections[judged[b].detection].score, a)
    }
    return order.map { judged[$0] }
  }

  private func isIgnored(_ truth: AnnotatedBox, _ size: SizeRange) -> Bool {
    truth.isCrowd || truth.isDifficult || !size.contains(truth.area)
  }

  private func match(_ image: ImageOverlaps, threshold: Double, size: SizeRange) -> [Judged] {
    let ignored = image.truth.map { isIgnored(set.truth[$0], size) }
    let columns = image.truth.indices.filter { !ignored[$0] } + image.truth.indices.filter { ignored[$0] }
    var taken = Array(repeating: false, count: image.truth.count)
    return image.detections.enumerated().map { row, detection in
      let overlaps = image.overlaps[(row * image.truth.count)..<((row + 1) * image.truth.count)]
      guard let column = bestColumn(image, overlaps, columns, ignored, taken, threshold) else {
        let isExcused = isCovered[detection] || !size.contains(set.detections[detection].shape.area)
        return Judged(detection: detection, outcome: isExcused ? .ignored : .falsePositive)
      }
      taken[column] = true
      return Judged(detection: detection, outcome: ignored[column] ? .ignored : .hit(truth: image.truth[column]))
    }
  }

  /// The truth box that a detection takes: the highest overlap, the later of equals, truth that counts before ignored truth.
  private func bestColumn(
    _ image: ImageOverlaps, _ overlaps: ArraySlice<Double>, _ columns: [Int], _ ignored: [Bool], _ taken: [Bool],
    _ threshold: Double
  ) -> Int? {
    var best: Int?
    var bestOverlap = min(threshold, 1 - 1e-10)
    for column in columns where !taken[column] || set.truth[image.truth[column]].isCrowd {
      if let best, !ignored[best], ignored[column] { break }
      let overlap = overlaps[overlaps.startIndex + column]
      guard overlap >= bestOverlap else { continue }
      bestOverlap = overlap
      best = column
    }
    return best
  }
}
