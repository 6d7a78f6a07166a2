import Geometry

/// A box of the truth.
public struct AnnotatedBox: Sendable, Hashable {
  /// Index of the image in its set.
  public var image: Int
  /// Index of the class in the set's `classes`.
  public var classIndex: Int
  /// The box in pixels of its image.
  public var shape: BoxShape
  /// The annotation's own area (a mask's, say), square pixels; it decides the size class.
  public var area: Double
  /// Neither missed when not found nor counted when found.
  public var isDifficult: Bool
  /// Stands for many objects (COCO's `iscrowd`): takes any number of detections, none counts.
  public var isCrowd: Bool

  /// A box whose size is its own area unless told.
  public init(
    image: Int, classIndex: Int, shape: BoxShape, area: Double? = nil, isDifficult: Bool = false, isCrowd: Bool = false
  ) {
    self.image = image
    self.classIndex = classIndex
    self.shape = shape
    self.area = area ?? shape.area
    self.isDifficult = isDifficult
    self.isCrowd = isCrowd
  }
}

/// A box of a result.
public struct ScoredBox: Sendable, Hashable {
  /// Index of the image in its set.
  public var image: Int
  /// Index of the class in the set's `classes`.
  public var classIndex: Int
  /// The box in pixels of its image.
  public var shape: BoxShape
  /// Any order of confidence; a probability where calibration is asked for.
  public var score: Double

  /// A detection.
  public init(image: Int, classIndex: Int, shape: BoxShape, score: Double) {
    self.image = image
    self.classIndex = classIndex
    self.shape = shape
    self.score = score
  }
}

/// A part of an image where nothing was annotated.
public struct IgnoreRegion: Sendable, Hashable {
  /// Index of the image in its set.
  public var image: Int
  /// The part of the image, pixels.
  public var shape: BoxShape

  /// A region of one image.
  public init(image: Int, shape: BoxShape) {
    self.image = image
    self.shape = shape
  }
}

/// Truth and result over a set of images.
///
/// Images are numbered in the order in which ties between equal scores are broken (COCO: ascending ids).
public struct BoxSet: Sendable {
  /// The names of the classes; boxes name them by index.
  public var classes: [String]
  /// The number of images, those without boxes too.
  public var imageCount: Int
  /// The boxes of the truth, in any order.
  public var truth: [AnnotatedBox]
  /// The boxes of the result, in any order.
  public var detections: [ScoredBox]
  /// Where detections are neither right nor wrong.
  public var ignoreRegions: [IgnoreRegion]

  /// A set; every index of an image or class lies in its range.
  public init(
    classes: [String], imageCount: Int, truth: [AnnotatedBox], detections: [ScoredBox],
    ignoreRegions: [IgnoreRegion] = []
  ) {
    self.classes = classes
    self.imageCount = imageCount
    self.truth = truth
    self.detections = detections
    self.ignoreRegions = ignoreRegions
  }

  /// The boxes of one class in one image, as indices into the set.
  struct ImageBoxes {
    var image: Int
    /// In the order of the annotations.
    var truth: [Int] = []
    /// By descending score, equal ones in their own order.
    var detections: [Int] = []
  }

  /// Every image that holds a box of the class, ascending.
  func images(ofClass classIndex: Int) -> [ImageBoxes] {
    var images: [Int: ImageBoxes] = [:]
    for index in truth.indices where truth[index].classIndex == classIndex {
      images[truth[index].image, default: ImageBoxes(image: truth[index].image)].truth.append(index)
    }
    for index in detections.indices where detections[index].classIndex == classIndex {
      images[detections[index].image, default: ImageBoxes(image: detections[index].image)].detections.append(index)
    }
    return images.values.sorted { $0.image < $1.image }.map { boxes in
      var sorted = boxes
      sorted.detections = sortedByScore(boxes.detections)
      return sorted
    }
  }

  /// Detections by descending score, stable.
  func sortedByScore(_ indices: [Int]) -> [Int] {
    indices.sorted { (detections[$0].score, $1) > (detections[$1].score, $0) }
  }

  /// For each detection, whether more than the given share of it lies in one ignore region.
  func coveredByRegions(share: Double, similarity: BoxSimilarity) -> [Bool] {
    var covered = Array(repeating: false, count: detections.count)
    guard !ignoreRegions.isEmpty else { return covered }
    var regions: [Int: [BoxShape]] = [:]
    for region in ignoreRegions { regions[region.image, default: []].append(similarity.shape(region.shape)) }
    for (index, detection) in detections.enumerated() {
      guard let near = regions[detection.image] else { continue }
      let shape = similarity.shape(detection.shape)
      covered[index] = near.contains { shape.coveredShare(by: $0) > share }
    }
    return covered
  }
}
