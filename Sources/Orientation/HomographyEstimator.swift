public import Geometry
public import Imaging

/// The map between two pictures of one plane, or of one scene from one place, however far apart the views are.
///
/// Unlike `CameraMotionEstimator` this compares two pictures on their own, at their full resolution and without any expectation of the
/// motion. It matches features everywhere, fits a homography robustly, matches again near where that puts each feature, and at last
/// aligns the pictures' own brightness. A result that is not well supported is refused with its reason.
public final class HomographyEstimator {
  public struct Settings: Sendable, Codable, Hashable {
    public var features: FeatureExtractor.Kind
    /// The most features of a picture.
    public var maximumFeatures: Int
    /// The most random samples.
    public var maximumIterations: Int
    public var seed: UInt64

    public init(
      features: FeatureExtractor.Kind = .akaze, maximumFeatures: Int = 4_000, maximumIterations: Int = 10_000,
      seed: UInt64 = 0
    ) {
      self.features = features
      self.maximumFeatures = maximumFeatures
      self.maximumIterations = maximumIterations
      self.seed = seed
    }
  }

  /// What was found, or why it is not believed.
  public struct Estimate: Hashable, Sendable {
    /// Maps the first picture's pixels to the second's; nil where the result was refused.
    public var homography: Homography?
    public var rejection: MotionRejection?
    public var matches: Int
    public var inliers: Int
  }

  private let extraction: FeatureExtractor.Settings
  private let extractor: FeatureExtractor
  private let matcher: FeatureMatcher
  private let fitter: RobustFitter
  private let features: (first: FeatureSet, second: FeatureSet)

  /// The radius of the second search in pixels, and of the third one.
  private static let guidedRadii = [12.0, 6.0]

  public init(settings: Settings = Settings()) throws {
    extraction = FeatureExtractor.Settings(
      kind: settings.features, maximumCount: settings.maximumFeatures, gridColumns: 16, gridRows: 12)
    extractor = try FeatureExtractor(settings: extraction)
    matcher = try FeatureMatcher()
    fitter = RobustFitter(seed: settings.seed, maximumIterations: settings.maximumIterations)
    features = (try FeatureSet(), try FeatureSet())
  }

  /// - Parameters:
  ///   - first: A picture, grey or in colour.
  ///   - second: Another one, of any size.
  /// - Throws: `ImagingError` for failures of the library, never for what the pictures show.
  public func estimate(from first: Image, to second: Image) throws -> Estimate {
    let (first, second) = (try first.grey(), try second.grey())
    try extractor.extract(first, into: features.first)
    try extractor.extract(second, into: features.second)
    let scalings = (FrameScaling(first), FrameScaling(second))
    let (fit, matches) = try search(scalings, prediction: nil, radius: 0)
    guard var best = fit else { return Estimate(homography: nil, rejection: .tooFewInliers, matches: matches, inliers: 0) }
    if let rejection = test.rejection(of: best, matches: matches, first, scalings) {
      return Estimate(homography: nil, rejection: rejection, matches: matches, inliers: best.fit.inliers.count)
    }
    for radius in HomographyEstimator.guidedRadii {
      let model = scalings.0.unscaled(best.fit.homography, to: scalings.1)
      if let closer = try search(scalings, prediction: model, radius: radius).fit,
        closer.fit.inliers.count >= best.fit.inliers.count / 2
      {
        best = closer
      }
    }
    return try aligned(best, matches: matches, first, second, scalings)
  }

  /// A fit with the pairs it stands on, in scaled coordinates.
  struct PairedFit {
    var fit: RobustFit
    var pairs: [Correspondence]
  }

  private var test: WideMotionTest { WideMotionTest() }

  private func search(
    _ scalings: (FrameScaling, FrameScaling), prediction: Homography?, radius: Double
  ) throws -> (fit: PairedFit?, matches: Int) {
    let isGuided = prediction != nil
    let bits = extraction.kind == .orb ? 256 : 486
    let settings = FeatureMatcher.Settings(
      prediction: prediction, radius: radius, ratio: isGuided ? 1 : 0.9, maximumDistance: bits / (isGuided ? 3 : 4))
    let matches = try matcher.match(features.first, features.second, settings: settings)
    let pairs = matches.map { match in
      scalings.0.scaled(
        extraction.pair(features.first.features[match.first], features.second.features[match.second]), to: scalings.1)
    }
    if let prediction {
      let start = RobustFitter.score(scalings.0.scaled(prediction, to: scalings.1), pairs, limit: .infinity)
      return (start.map { PairedFit(fit: RobustFitter.polished($0, .homography, pairs), pairs: pairs) }, matches.count)
    }
    let fit = fitter.fit(.homography, to: pairs)
    return (fit.map { PairedFit(fit: $0, pairs: pairs) }, matches.count)
  }

  /// Aligns the pictures' brightness: the second one is warped onto the first by what is known, and corners are followed for what is left.
  private func aligned(
    _ start: PairedFit, matches: Int, _ first: Image, _ second: Image, _ scalings: (FrameScaling, FrameScaling)
  ) throws -> Estimate {
    var model = scalings.0.unscaled(start.fit.homography, to: scalings.1)
    let alignment = try BrightnessAlignment(first)
    var agreement: BrightnessAlignment.Agreement?
    for _ in 0..<3 {
      guard let next = try alignment.improve(model, second, scalings) else { break }
      model = next.homography
      agreement = next
    }
    let rejection = test.rejection(of: model, first)
      ?? (agreement.map { $0.share < WideMotionTest.leastAlignedShare } ?? true
        ? (start.fit.inliers.count < WideMotionTest.plentifulInliers ? MotionRejection.appearance : nil) : nil)
    return Estimate(
      homography: rejection == nil ? model : nil, rejection: rejection, matches: matches,
      inliers: start.fit.inliers.count)
  }
}

extension FrameScaling {
  init(_ image: Image) {
    self.init(width: Double(image.width), height: Double(image.height))
  }
}

/// What a map between any two views must fulfil: as `MotionTest`, with wider limits for the motion and narrower ones for the support.
struct WideMotionTest {
  /// Below this share of points that could be aligned the pictures do not look alike under the map.
  static let leastAlignedShare = 0.3
  /// With so many features that agree, the brightness need not.
  static let plentifulInliers = 60
  private let narrow = MotionTest(
    minimumInliers: 20, minimumShare: 0.05, minimumHull: 0.03, determinants: 0.02...50, maximumPerspective: 5e-3,
    maximumMotion: 3)

  func rejection(
    of fit: HomographyEstimator.PairedFit, matches: Int, _ first: Image, _ scalings: (FrameScaling, FrameScaling)
  ) -> MotionRejection? {
    let points = fit.fit.inliers.map { scalings.0.unscaled(fit.pairs[$0].source) }
    return narrow.rejection(
      of: scalings.0.unscaled(fit.fit.homography, to: scalings.1), points: points, matches: matches,
      width: Double(first.width), height: Double(first.height))
  }

  func rejection(of h: Homography, _ first: Image) -> MotionRejection? {
    narrow.rejection(of: h, width: Double(first.width), height: Double(first.height))
  }
}
