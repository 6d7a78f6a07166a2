import Geometry
import Imaging

/// A frame as the estimator sees it: small, grey, with its features and scales. Used again for later frames.
final class AnalysisFrame {
  private(set) var image = Image(width: 1, height: 1, channels: 1)
  /// A quarter of the picture's sides, for comparisons of whole frames.
  private(set) var thumbnail = Image(width: 1, height: 1, channels: 1)
  let features: FeatureSet
  let pyramid: ImagePyramid
  /// For each feature 1 where an object covers it.
  private(set) var ignored: [UInt8] = []

  static let pyramidLevels = 3
  static let largestWindow = 21

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

  static func thumbnail(of image: Image) throws -> Image {
    try image.resized(width: max(1, image.width / 4), height: max(1, image.height / 4))
  }

  /// Leaves out the features on these objects, given in this picture's pixels. Marks stay until the next load.
  func ignore(_ objects: [ObjectMask]) {
    guard !objects.isEmpty else { return }
    for (index, feature) in features.features.enumerated() where objects.contains(where: { $0.covers(feature.position) }) {
      ignored[index] = 1
    }
  }
}

/// A rectangle at any angle with what a test of many points needs.
struct ObjectMask {
  private let center: Point
  private let along: Point
  private let halfWidth: Double
  private let halfHeight: Double

  /// - Parameters:
  ///   - growth: What is added to each side, as a share of it.
  ///   - scale: From the box's pixels to those of the points.
  init(_ box: OrientedBox, growth: Double = 0.1, scale: Point) {
    // Both scales are nearly equal, so the box stays a rectangle.
    center = Point(box.center.x * scale.x, box.center.y * scale.y)
    along = Point(angle: box.angle)
    let mean = (scale.x * scale.y).squareRoot()
    halfWidth = box.width * mean * (1 + growth) / 2
    halfHeight = box.height * mean * (1 + growth) / 2
  }

  func covers(_ point: Point) -> Bool {
    let offset = point - center
    return abs(along.dot(offset)) <= halfWidth && abs(along.cross(offset)) <= halfHeight
  }
}
