internal import Geometry
internal import NetworkDetection

/// How well masks agree with the truth's: the mean overlap over the objects with a mask whose box is found.
struct MaskAgreement {
  private var sum = 0.0
  /// The objects that it is over.
  private(set) var count = 0

  /// nil where no box with a mask was found.
  var score: TrainingScores.Masks? { count > 0 ? TrainingScores.Masks(iou: sum / Double(count), count: count) : nil }

  /// Adds a picture, by the boxes that found objects; a box without a mask has no pixel right.
  ///
  /// - Parameter found: By falling scores.
  mutating func add(_ found: [NetworkBox], truth: [LabelledBox]) {
    for (box, object) in FoundObjects.pairs(found, truth: truth) {
      guard let mask = truth[object].mask else { continue }
      sum += found[box].mask?.iou(with: mask) ?? 0
      count += 1
    }
  }
}

/// Which boxes found which objects.
enum FoundObjects {
  /// Boxes that overlap by less are of other objects.
  private static let leastOverlap = 0.5

  /// Each box, the surest first, with the object of its class that it overlaps most and that is free.
  ///
  /// - Parameter found: By falling scores.
  static func pairs(_ found: [NetworkBox], truth: [LabelledBox]) -> [(box: Int, object: Int)] {
    var free = truth.indices.filter { !truth[$0].isIgnored }
    return found.enumerated().compactMap { number, box in
      let overlaps = free.map { truth[$0].classIndex == box.classIndex ? truth[$0].box.iou(with: box.box) : 0 }
      guard let place = overlaps.indices.max(by: { overlaps[$0] < overlaps[$1] }), overlaps[place] >= leastOverlap else {
        return nil
      }
      return (number, free.remove(at: place))
    }
  }
}
