public import Geometry
public import Imaging

/// A flat thing of which a picture is known, to be found in others by its features and laid onto them by its brightness.
///
/// What its picture shows is a rectangle of `width` by `height`, in whose coordinates maps begin: those of the picture brought to the size that
/// it is compared at.
public final class KnownPlane {
  /// Where the plane was found.
  public struct Sighting: Hashable, Sendable {
    /// Maps the plane's own picture to the one that it was found in.
    public var homography: Homography
    /// The share of the picture's corners that are where the map says, of those that lie inside: in [0, 1].
    public var share: Double
  }

  /// Grey, at the size that it is compared at.
  let picture: Image
  private let alignment: BrightnessAlignment
  /// For features: as large as it was given, within a limit. What is enlarged has none that it did not have before.
  private let original: Image
  /// Found when it is searched for the first time.
  private var features: FeatureSet?

  /// The geometric mean of the picture's sides, pixels, which it is brought to: as large as the windows that are compared need to be many, and so
  /// small that a frame takes some milliseconds.
  public static let side = 256.0

  /// Width in pixels.
  public var width: Double { Double(picture.width) }
  /// Height in pixels.
  public var height: Double { Double(picture.height) }
  /// The corners of its picture: upper left, upper right, lower right, lower left.
  public var corners: [Point] { [Point(0, 0), Point(width, 0), Point(width, height), Point(0, height)] }

  /// The largest geometric mean of sides that features are found at, pixels.
  private static let largestSide = 2 * side

  /// The sizes in pixels that a rectangle is compared at; nil for one that is too flat to show anything or has no area.
  static func size(of width: Double, _ height: Double) -> (width: Int, height: Int)? {
    let scale = side / (width * height).squareRoot()
    let sides = (width * scale, height * scale)
    guard scale.isFinite, min(sides.0, sides.1) >= leastSide else { return nil }
    // Bounded: the product of both is that of two `side`.
    return (Int(bounded: sides.0.rounded(), in: 1...4_096), Int(bounded: sides.1.rounded(), in: 1...4_096))
  }

  /// Pixels of the shorter side, at which a window of the alignment still fits inside.
  private static let leastSide = 24.0

  /// - Parameter picture: What it shows, in colour or grey.
  /// - Throws: `ImagingError` where the library has no memory.
  /// - Returns: Nil for a picture that is too narrow to show anything.
  public init?(_ picture: Image) throws {
    let grey = try picture.grey()
    let (width, height) = (Double(grey.width), Double(grey.height))
    guard let size = KnownPlane.size(of: width, height) else { return nil }
    self.picture = try grey.resized(width: size.width, height: size.height)
    let scale = min(1, KnownPlane.largestSide / (width * height).squareRoot())
    // Bounded: by the picture's own sides.
    original =
      scale == 1
      ? grey
      : try grey.resized(
        width: Int(bounded: (width * scale).rounded(), in: 1...grey.width),
        height: Int(bounded: (height * scale).rounded(), in: 1...grey.height))
    alignment = try BrightnessAlignment(self.picture)
    points = try OpticalFlow.corners(
      of: self.picture, maximumCount: KnownPlane.following.count, spacing: KnownPlane.following.spacing)
  }

  /// Corners that can be followed, in its own picture: a few hundred at most, none where it shows nothing.
  public let points: [Point]

  /// The most of them, and pixels between two.
  private static let following = (count: 200, spacing: 8.0)

  /// The place that an expected one settles to; nil where the picture shows something else there.
  ///
  /// - Parameters:
  ///   - expected: A map from its own picture to the other one, right to a few pixels of its own.
  ///   - other: A grey picture.
  /// - Throws: `ImagingError` for failures of the library, never for what the pictures show.
  public func align(_ expected: Homography, in other: Image) throws -> Sighting? {
    guard isPossible(expected), let found = try alignment.settle(expected, other), found.isAlike, isPossible(found.homography)
    else {
      return nil
    }
    return Sighting(homography: found.homography, share: found.share)
  }

  /// Whether the plane can be seen so: convex, before the horizon, neither a point nor endless.
  func isPossible(_ map: Homography) -> Bool { KnownPlane.test.rejection(of: map, width: width, height: height) == nil }

  /// The features of the picture as it was given, and the map from there to the size that it is compared at.
  func described(by extractor: FeatureExtractor) throws -> (features: FeatureSet, picture: Image, toOwn: Homography) {
    let toOwn = Homography.scaling(width / Double(original.width), height / Double(original.height))
    if let features { return (features, original, toOwn) }
    let found = try FeatureSet()
    try extractor.extract(original, into: found)
    features = found
    return (found, original, toOwn)
  }

  /// Nothing limits where a target lies in the picture; its sides may be a tenth and eight times those that it is compared at.
  static let test = MotionTest(
    minimumInliers: 10, minimumShare: 0, minimumHull: 0.03, determinants: 0.01...64, maximumPerspective: 5e-3,
    maximumMotion: .infinity)
}
