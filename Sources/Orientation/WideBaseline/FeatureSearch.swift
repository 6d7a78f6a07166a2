import Geometry
import Imaging

/// Matches the features of two pictures and fits a homography to them: everywhere, and then near where that puts each feature.
final class FeatureSearch {
  private let extraction: FeatureExtractor.Settings
  private let matcher: FeatureMatcher
  private let fitter: RobustFitter

  /// The features of both pictures.
  typealias Features = (first: FeatureSet, second: FeatureSet)
  /// The scaled coordinates of both pictures.
  typealias Scalings = (FrameScaling, FrameScaling)

  /// A fit with the pairs it stands on, in scaled coordinates.
  struct PairedFit {
    var fit: RobustFit
    var pairs: [Correspondence]
  }

  // Chosen by hand with the series of Benchmarks/README.md, "Wide baselines", in sight.

  /// The bits of a descriptor.
  private static let bits = (orb: 256, akaze: 486)
  /// Without an expectation descriptors may differ by one in so many bits, and by this ratio of the second best.
  private static let plain = (part: 4, ratio: 0.9)
  /// An expectation excludes most false partners, so that the descriptors may differ more.
  private static let expecting = (part: 3, ratio: 1.0)
  /// The radius of the second search in pixels, and of the third one.
  private static let guidedRadii = [12.0, 6.0]

  /// - Parameter extraction: How the features that are given were found.
  /// - Throws: `ImagingError` where the library has no memory.
  init(_ extraction: FeatureExtractor.Settings, fitter: RobustFitter) throws(ImagingError) {
    (self.extraction, self.fitter) = (extraction, fitter)
    matcher = try FeatureMatcher()
  }

  /// Matches and fits, either everywhere or only within a radius (pixels) around where a model puts each feature; nil where nothing fits.
  func fit(
    _ features: Features, _ scalings: Scalings, near expected: (model: Homography, radius: Double)? = nil
  ) throws -> PairedFit? {
    let bits = extraction.kind == .orb ? FeatureSearch.bits.orb : FeatureSearch.bits.akaze
    let limits = expected == nil ? FeatureSearch.plain : FeatureSearch.expecting
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

  /// Matches again, near where the model puts each feature.
  func guided(_ fit: PairedFit, _ features: Features, _ scalings: Scalings) throws -> PairedFit {
    var best = fit
    for radius in FeatureSearch.guidedRadii {
      let model = scalings.0.unscaled(best.fit.homography, to: scalings.1)
      if let closer = try self.fit(features, scalings, near: (model, radius)),
        closer.fit.inliers.count >= best.fit.inliers.count / 2
      {
        best = closer
      }
    }
    return best
  }
}
