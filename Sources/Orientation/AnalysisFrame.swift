import Geometry
import Imaging

/// A frame as the estimator sees it: small, grey, with its features and scales. Used again for later frames.
final class AnalysisFrame {
  private(set) var image = Image(width: 1, height: 1, channels: 1)
  /// The picture reduced by `thumbnailReduction`, for comparisons of whole frames.
  private(set) var thumbnail = Image(width: 1, height: 1, channels: 1)
  let features: FeatureSet
  let pyramid: ImagePyramid
  /// For each feature 1 where an object covers it.
  private(set) var ignored: [UInt8] = []

  /// Halvings of the pyramid: with the window below corners are found again up to some 80 pixels away.
  static let pyramidLevels = 3
  /// The largest window of followed points in pixels; OpenCV's default.
  static let largestWindow = 21
  /// Four pixels to one take out noise and motion of a pixel or two.
  private static let thumbnailReduction = 4

  init() throws {
    features = try FeatureSet()
    pyramid = try ImagePyramid(levels: AnalysisFrame.pyramidLevels, maximumWindow: AnalysisFrame.largestWindow)
  }

  /// Replaces everything by what is in this picture.
  func load(_ image: Image, by extractor: FeatureExtractor) throws {
    self.image = image
    thumbnail = try AnalysisFrame.thumbnail(of: image)
    try extractor.extract(image, into: features)
    try pyramid.fill(image)
    ignored = [UInt8](repeating: 0, count: features.count)
  }

  /// Takes over the marks of a frame of the same picture.
  ///
  /// - Throws: `ImagingError` for those of another picture.
  func restore(ignored marks: [UInt8]) throws {
    guard marks.count == features.count else {
      throw ImagingError(
        .invalidArgument, operation: "go on with the camera's motion",
        detail: "there are marks for \(marks.count) features of \(features.count)")
    }
    ignored = marks
  }

  static func thumbnail(of image: Image) throws -> Image {
    try image.resized(
      width: max(1, image.width / thumbnailReduction), height: max(1, image.height / thumbnailReduction))
  }

  /// Leaves out the features on these objects, given in this picture's pixels. Marks stay until the next load.
  func ignore(_ objects: [ObjectMask]) {
    guard !objects.isEmpty else { return }
    for (index, feature) in features.features.enumerated() where objects.contains(where: { $0.covers(feature.position) }) {
      ignored[index] = 1
    }
  }
}
