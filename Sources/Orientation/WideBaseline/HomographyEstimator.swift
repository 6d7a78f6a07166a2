public import Geometry
public import Imaging

/// The map between two pictures of one plane, or of one scene from one place, however far apart the views are.
///
/// Unlike `CameraMotionEstimator` this compares two pictures on their own, at their full resolution and without any expectation of the
/// motion. It matches features everywhere, fits a homography robustly, matches again near where that puts each feature, and at last
/// aligns the pictures' own brightness. Where nothing is found, views of either picture from the side are simulated and tried in turn.
/// A result that is not well supported is refused with its reason.
public final class HomographyEstimator {
  /// How pictures are compared.
  public struct Settings: Sendable, Codable, Hashable {
    /// The kind of features that are matched.
    public var features: FeatureExtractor.Kind
    /// The most features of a picture.
    public var maximumFeatures: Int
    /// The most random samples.
    public var maximumIterations: Int
    /// The seed of the random sampling.
    public var seed: UInt64

    /// - Parameters: As the properties of their names.
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
    /// Why it was refused.
    public var rejection: MotionRejection?
    /// Pairs of features that were matched.
    public var matches: Int
    /// Those of them that agree with the map.
    public var inliers: Int
  }

  private let extraction: FeatureExtractor.Settings
  private let extractor: FeatureExtractor
  private let matcher: FeatureMatcher
  private let fitter: RobustFitter
  private let features: (first: FeatureSet, second: FeatureSet)

  // Chosen by hand with the series of Benchmarks/README.md, "Wide baselines", in sight.

  /// Features are kept evenly over so many cells: pictures of any shape and 4,000 features, some twenty a cell.
  private static let grid = (columns: 16, rows: 12)
  /// The bits of a descriptor.
  private static let bits = (orb: 256, akaze: 486)
  /// Without an expectation descriptors may differ by one in so many bits, and by this ratio of the second best.
  private static let plain = (part: 4, ratio: 0.9)
  /// An expectation excludes most false partners, so that the descriptors may differ more.
  private static let expecting = (part: 3, ratio: 1.0)
  /// The radius of the second search in pixels, and of the third one.
  private static let guidedRadii = [12.0, 6.0]
  /// Each alignment starts from the last one's map; the second moves corners by hundredths of a pixel.
  private static let alignmentRounds = 3
  /// Below this share of corners that could be aligned the pictures do not look alike under the map. Right maps of the series have .22 or more
  /// in every light, the one that is doubtful .18 or less, maps that are off by 20 pixels less than .03.
  private static let leastAlignedShare = 0.2
  /// Any two views: wider limits for the motion than between frames, narrower ones for the support.
  private static let test = MotionTest(
    minimumInliers: 20, minimumShare: 0.05, minimumHull: 0.03, determinants: 0.02...50, maximumPerspective: 5e-3,
    maximumMotion: 3)

  /// - Throws: `ImagingError` where the library cannot make its working memory.
  public init(settings: Settings = Settings()) throws {
    extraction = FeatureExtractor.Settings(
      kind: settings.features, maximumCount: settings.maximumFeatures, gridColumns: HomographyEstimator.grid.columns,
      gridRows: HomographyEstimator.grid.rows)
    extractor = try FeatureExtractor(settings: extraction)
    matcher = try FeatureMatcher()
    fitter = RobustFitter(seed: settings.seed, maximumIterations: settings.maximumIterations)
    features = (try FeatureSet(), try FeatureSet())
  }

  /// The map from one picture to another.
  ///
  /// - Parameters:
  ///   - first: A picture, grey or in colour.
  ///   - second: Another one, of any size.
  /// - Throws: `ImagingError` for failures of the library, never for what the pictures show.
  public func estimate(from first: Image, to second: Image) throws -> Estimate {
    let (first, second) = (try first.grey(), try second.grey())
    try extractor.extract(first, into: features.first)
    try extractor.extract(second, into: features.second)
    let scalings = (FrameScaling(first), FrameScaling(second))
    let fit = try search(scalings)
    let rejection = fit.map { self.rejection(of: $0, first, scalings) } ?? .tooFewInliers
    guard let fit, rejection == nil else {
      if let found = try searchViews(first, second) { return found }
      return Estimate(
        homography: nil, rejection: rejection, matches: fit?.pairs.count ?? 0, inliers: fit?.fit.inliers.count ?? 0)
    }
    let closer = try guided(fit, scalings)
    let model = scalings.0.unscaled(closer.fit.homography, to: scalings.1)
    return try aligned(model, by: closer, first, second)
  }

  /// Matches again, near where the model puts each feature.
  private func guided(_ fit: PairedFit, _ scalings: (FrameScaling, FrameScaling)) throws -> PairedFit {
    var best = fit
    for radius in HomographyEstimator.guidedRadii {
      let model = scalings.0.unscaled(best.fit.homography, to: scalings.1)
      if let closer = try search(scalings, near: (model, radius)),
        closer.fit.inliers.count >= best.fit.inliers.count / 2
      {
        best = closer
      }
    }
    return best
  }

  /// Tries simulated views of either picture against the other one; nil where none gives a map that passes every test.
  private func searchViews(_ first: Image, _ second: Image) throws -> Estimate? {
    for (tilt, direction) in SimulatedView.directions {
      let firstView = try SimulatedView(of: first, tilt: tilt, direction: direction)
      if let found = try searchView(firstView, SimulatedView(whole: second), first, second) { return found }
      let secondView = try SimulatedView(of: second, tilt: tilt, direction: direction)
      if let found = try searchView(SimulatedView(whole: first), secondView, first, second) { return found }
    }
    return nil
  }

  private func searchView(
    _ firstView: SimulatedView, _ secondView: SimulatedView, _ first: Image, _ second: Image
  ) throws -> Estimate? {
    try extractor.extract(firstView.image, into: features.first)
    try extractor.extract(secondView.image, into: features.second)
    let scalings = (FrameScaling(firstView.image), FrameScaling(secondView.image))
    guard let fit = try search(scalings), fit.fit.inliers.count >= HomographyEstimator.test.minimumInliers,
      let back = secondView.fromPicture.inverse
    else { return nil }
    let closer = try guided(fit, scalings)
    let model = back * scalings.0.unscaled(closer.fit.homography, to: scalings.1) * firstView.fromPicture
    let found = try aligned(model, by: closer, first, second)
    return found.homography == nil ? nil : found
  }

  /// A fit with the pairs it stands on, in scaled coordinates.
  struct PairedFit {
    var fit: RobustFit
    var pairs: [Correspondence]
  }

  /// Matches and fits, either everywhere or only within a radius (pixels) around where a model puts each feature.
  private func search(
    _ scalings: (FrameScaling, FrameScaling), near expected: (model: Homography, radius: Double)? = nil
  ) throws -> PairedFit? {
    let bits = extraction.kind == .orb ? HomographyEstimator.bits.orb : HomographyEstimator.bits.akaze
    let limits = expected == nil ? HomographyEstimator.plain : HomographyEstimator.expecting
    let settings = FeatureMatcher.Settings(
      prediction: expected?.model, radius: expected?.radius ?? 0, ratio: limits.ratio, maximumDistance: bits / limits.part)
    let pairs = try matcher.match(features.first, features.second, settings: settings).map { match in
      scalings.0.scaled(
        extraction.pair(features.first.features[match.first], features.second.features[match.second]), to: scalings.1)
    }
    let fit: RobustFit?
    if let expected {
      fit = RobustFitter.score(scalings.0.scaled(expected.model, to: scalings.1), pairs, limit: .infinity)
        .map { RobustFitter.polished($0, .homography, pairs) }
    } else {
      fit = fitter.fit(.homography, to: pairs)
    }
    return fit.map { PairedFit(fit: $0, pairs: pairs) }
  }

  private func rejection(
    of fit: PairedFit, _ first: Image, _ scalings: (FrameScaling, FrameScaling)
  ) -> MotionRejection? {
    HomographyEstimator.test.rejection(
      of: scalings.0.unscaled(fit.fit.homography, to: scalings.1),
      points: fit.fit.inliers.map { scalings.0.unscaled(fit.pairs[$0].source) }, matches: fit.pairs.count,
      width: Double(first.width), height: Double(first.height))
  }

  /// Aligns the pictures' brightness: the second one is warped onto the first by what is known, and corners are followed for what is left.
  private func aligned(
    _ start: Homography, by fit: PairedFit, _ first: Image, _ second: Image
  ) throws -> Estimate {
    let scalings = (FrameScaling(first), FrameScaling(second))
    let alignment = try BrightnessAlignment(first)
    var model = start
    var isAlike = false
    for _ in 0..<HomographyEstimator.alignmentRounds {
      guard let next = try alignment.improve(model, second, scalings) else { break }
      (model, isAlike) = (next.homography, next.share >= HomographyEstimator.leastAlignedShare)
    }
    let rejection =
      HomographyEstimator.test.rejection(of: model, width: Double(first.width), height: Double(first.height))
      ?? (isAlike ? nil : .appearance)
    return Estimate(
      homography: rejection == nil ? model : nil, rejection: rejection, matches: fit.pairs.count,
      inliers: fit.fit.inliers.count)
  }
}
