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

  private let extractor: FeatureExtractor
  private let search: FeatureSearch
  private let features: (first: FeatureSet, second: FeatureSet)

  // Chosen by hand with the series of Benchmarks/README.md, "Wide baselines", in sight.

  /// Features are kept evenly over so many cells: pictures of any shape and 4,000 features, some twenty a cell.
  private static let grid = (columns: 16, rows: 12)
  /// Any two views: wider limits for the motion than between frames, narrower ones for the support.
  private static let test = MotionTest(
    minimumInliers: 20, minimumShare: 0.05, minimumHull: 0.03, determinants: 0.02...50, maximumPerspective: 5e-3,
    maximumMotion: 3)

  /// - Throws: `ImagingError` where the library cannot make its working memory.
  public init(settings: Settings = Settings()) throws {
    extractor = try FeatureExtractor(
      settings: FeatureExtractor.Settings(
        kind: settings.features, maximumCount: settings.maximumFeatures, gridColumns: HomographyEstimator.grid.columns,
        gridRows: HomographyEstimator.grid.rows))
    search = try FeatureSearch(
      extractor.settings, fitter: RobustFitter(seed: settings.seed, maximumIterations: settings.maximumIterations))
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
    let fit = try search.fit(features, scalings)
    let rejection = fit.map { self.rejection(of: $0, first, scalings) } ?? .tooFewInliers
    guard let fit, rejection == nil else {
      if let found = try searchViews(first, second) { return found }
      return Estimate(
        homography: nil, rejection: rejection, matches: fit?.pairs.count ?? 0, inliers: fit?.fit.inliers.count ?? 0)
    }
    let closer = try search.guided(fit, features, scalings)
    let model = scalings.0.unscaled(closer.fit.homography, to: scalings.1)
    return try aligned(model, by: closer, first, second)
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
    guard let fit = try search.fit(features, scalings), fit.fit.inliers.count >= HomographyEstimator.test.minimumInliers,
      let back = secondView.fromPicture.inverse
    else { return nil }
    let closer = try search.guided(fit, features, scalings)
    let model = back * scalings.0.unscaled(closer.fit.homography, to: scalings.1) * firstView.fromPicture
    let found = try aligned(model, by: closer, first, second)
    return found.homography == nil ? nil : found
  }

  private func rejection(
    of fit: FeatureSearch.PairedFit, _ first: Image, _ scalings: (FrameScaling, FrameScaling)
  ) -> MotionRejection? {
    HomographyEstimator.test.rejection(
      of: scalings.0.unscaled(fit.fit.homography, to: scalings.1),
      points: fit.fit.inliers.map { scalings.0.unscaled(fit.pairs[$0].source) }, matches: fit.pairs.count,
      width: Double(first.width), height: Double(first.height))
  }

  /// Aligns the pictures' brightness: the second one is warped onto the first by what is known, and corners are followed for what is left.
  private func aligned(
    _ start: Homography, by fit: FeatureSearch.PairedFit, _ first: Image, _ second: Image
  ) throws -> Estimate {
    let agreement = try BrightnessAlignment(first).settle(start, second)
    let model = agreement?.homography ?? start
    let rejection =
      HomographyEstimator.test.rejection(of: model, width: Double(first.width), height: Double(first.height))
      ?? (agreement?.isAlike == true ? nil : .appearance)
    return Estimate(
      homography: rejection == nil ? model : nil, rejection: rejection, matches: fit.pairs.count,
      inliers: fit.fit.inliers.count)
  }
}
