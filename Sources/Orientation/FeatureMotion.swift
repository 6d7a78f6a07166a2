import Foundation
import Geometry
import Imaging

/// The motion between two frames by matched features.
struct FeatureMotion {
  let extraction: FeatureExtractor.Settings
  let matcher: FeatureMatcher
  let fitter: RobustFitter
  var test = MotionTest.betweenFrames

  /// How far a feature may be from where the last motion puts it, as a share of the width, before everything is searched: 77 pixels of
  /// 640. Chosen by hand.
  private static let searchRadius = 0.12
  /// Lowe's ratio of the best distance to the second one ("Distinctive image features", 2004, section 7.1).
  private static let ratio = 0.8
  /// The most bits that may differ: a quarter of ORB's 256, and of AKAZE's 486, rounded; unrelated descriptors differ by half.
  private static let maximumDistance = (orb: 64, akaze: 120)
  /// Near the last motion a feature's scale changes by at most so many octaves.
  private static let maximumOctaveDifference = 2

  /// The matched features with the model they agree on.
  struct Result {
    var fit: RobustFit
    var pairs: [Correspondence]
    /// The pairs' places in the first frame, in pixels.
    var sources: [Point]
    var rejection: MotionRejection?

    var inlierSources: [Point] { fit.inliers.map { sources[$0] } }
    /// The share of the pairs that agree.
    var share: Double { Double(fit.inliers.count) / Double(max(1, pairs.count)) }
  }

  /// - Parameters:
  ///   - prediction: The expected motion, in pixels of the frames.
  ///   - isGuided: Whether only the neighbourhood of where that puts each feature is searched, or everything.
  /// - Returns: nil where too few features match for any model.
  func estimate(
    from first: AnalysisFrame, to second: AnalysisFrame, prediction: Homography, isGuided: Bool
  ) throws -> Result? {
    let settings = FeatureMatcher.Settings(
      prediction: isGuided ? prediction : nil, radius: FeatureMotion.searchRadius * Double(first.image.width),
      ratio: FeatureMotion.ratio,
      maximumDistance: extraction.kind == .orb ? FeatureMotion.maximumDistance.orb : FeatureMotion.maximumDistance.akaze,
      maximumOctaveDifference: isGuided ? FeatureMotion.maximumOctaveDifference : nil)
    let matches = try matcher.match(first.features, second.features, ignoring: first.ignored, settings: settings)
    let scaling = FrameScaling(first.image)
    let pairs = matches.map { match in
      scaling.scaled(extraction.pair(first.features.features[match.first], second.features.features[match.second]), to: scaling)
    }
    let guess = scaling.scaled(prediction, to: scaling)
    guard let fit = fitter.fit(.homography, to: pairs, guesses: [guess]) else { return nil }
    return result(of: fit, pairs, sources: matches.map { first.features.features[$0.first].position }, scaling)
  }

  /// What a map in pixels makes of matches that another model was fitted to; nil where it does not pass the tests.
  func result(of map: Homography, onPairsOf other: Result, scaling: FrameScaling) -> Result? {
    guard let fit = RobustFitter.score(scaling.scaled(map, to: scaling), other.pairs, limit: .infinity) else { return nil }
    let result = result(of: fit, other.pairs, sources: other.sources, scaling)
    return result.rejection == nil ? result : nil
  }

  /// The model of the pairs that disagree with the first one; nil where they have none.
  func second(to first: Result, scaling: FrameScaling) -> Result? {
    let agreeing = Set(first.fit.inliers)
    let rest = first.pairs.indices.filter { !agreeing.contains($0) }.map { first.pairs[$0] }
    guard rest.count >= test.minimumInliers, let fit = fitter.fit(.homography, to: rest) else { return nil }
    return result(of: scaling.unscaled(fit.homography, to: scaling), onPairsOf: first, scaling: scaling)
  }

  /// Tests a fit; where a homography is refused for its shape, a similarity of its inliers is tried in its stead.
  private func result(
    of fit: RobustFit, _ pairs: [Correspondence], sources: [Point], _ scaling: FrameScaling
  ) -> Result {
    let result = tested(fit, pairs, sources, scaling, test)
    // Pairs in one part of the picture leave a homography free to run wild in the others.
    guard let rejection = result.rejection, rejection != .tooFewInliers, rejection != .tooSmallShare,
      let model = HomographyRefinement.similarity(fit.homography, on: pairs, using: fit.inliers),
      let similarity = RobustFitter.score(model, pairs, limit: .infinity)
    else { return result }
    return tested(RobustFitter.polished(similarity, .similarity, pairs), pairs, sources, scaling, test.forSimilarity)
  }

  private func tested(
    _ fit: RobustFit, _ pairs: [Correspondence], _ sources: [Point], _ scaling: FrameScaling, _ test: MotionTest
  ) -> Result {
    let rejection = test.rejection(
      of: scaling.unscaled(fit.homography, to: scaling), points: fit.inliers.map { sources[$0] }, matches: pairs.count,
      width: scaling.size.x, height: scaling.size.y)
    return Result(fit: fit, pairs: pairs, sources: sources, rejection: rejection)
  }
}

extension FeatureExtractor.Settings {
  /// The deviation of a position at the finest scale, in pixels: FAST corners lie on whole pixels, and their repetitions scatter by as much.
  private static let finestDeviation = 0.8
  /// How positions of AKAZE degrade from octave to octave: it interpolates, so by less than its grid of 2. Chosen by hand.
  private static let akazeGrowth = 1.4

  /// Two matched features with the deviations of their positions: those of coarser octaves lie on a coarser grid.
  func pair(_ first: Feature, _ second: Feature) -> Correspondence {
    let growth = kind == .orb ? scalePerOctave : Self.akazeGrowth
    return Correspondence(
      source: first.position, target: second.position,
      sourceDeviation: Self.finestDeviation * pow(growth, Double(first.octave)),
      targetDeviation: Self.finestDeviation * pow(growth, Double(second.octave)))
  }
}
