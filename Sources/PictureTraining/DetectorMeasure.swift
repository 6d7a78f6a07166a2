internal import BoxEvaluation
internal import Imaging
internal import NetworkDetection

/// How good a detector is on annotated pictures: the path of `track`, from picture to boxes, and exact rotated overlap.
enum DetectorMeasure {
  /// Boxes below this score are left out: they would change no average precision of more than a few detections.
  private static let leastScore = 0.01

  /// Groups of like scores in which boxes are counted to tell what a score means.
  private static let bins = 25

  /// Average precision at rotated overlaps, by all points of the curve, and how well masks agree where there are some.
  static func evaluation(
    _ detector: NetworkDetector, on pictures: [AnnotatedPicture], from source: any PictureSource, thresholds: [Double] = [0.5]
  ) throws -> (boxes: BoxResultEvaluation, masks: TrainingScores.Masks?) {
    var masks = MaskAgreement()
    var set = BoxSet(classes: detector.classes, imageCount: pictures.count, truth: [], detections: [])
    for (image, picture) in pictures.enumerated() {
      let found = try detector.found(in: picture, from: source, minimumScore: leastScore, findsMasks: true)
      if detector.tellsMasks { masks.add(found, truth: picture.boxes) }
      set.detections += found.map { ScoredBox(image: image, classIndex: $0.classIndex, shape: .oriented($0.box), score: $0.score) }
      set.add(picture.boxes, image: image)
    }
    var settings = BoxResultEvaluation.Settings()
    (settings.thresholds, settings.style, settings.calibrationBins) = (thresholds, .allPoint, bins)
    return (BoxResultEvaluation(set, settings: settings), masks.score)
  }
}

extension NetworkDetector {
  /// What is found in an annotated picture, behind the frame before it where the network looks at that.
  func found(
    in picture: AnnotatedPicture, from source: any PictureSource, minimumScore: Double, findsMasks: Bool = false
  ) throws -> [NetworkBox] {
    let image = try source.pixels(of: picture).image
    var former: FrameFeatures?
    if mixesTime, picture.before != nil { former = try features(of: source.pixels(of: picture.former).image) }
    return try detect(
      in: image, after: &former, minimumScore: minimumScore, masksOf: findsMasks ? (image.width, image.height) : nil)
  }
}

extension BoxSet {
  /// Adds a picture's labels: in ignored ones detections are neither right nor wrong.
  fileprivate mutating func add(_ boxes: [LabelledBox], image: Int) {
    for label in boxes {
      if label.isIgnored {
        ignoreRegions.append(IgnoreRegion(image: image, shape: .oriented(label.box)))
      } else {
        truth.append(AnnotatedBox(image: image, classIndex: label.classIndex, shape: .oriented(label.box)))
      }
    }
  }
}
