import Foundation
import Geometry
import Imaging

/// The motion between two frames by matched features.
struct FeatureMotion {
  let extraction: FeatureExtractor.Settings
  let matcher: FeatureMatcher
  let fitter: RobustFitter
  var test = MotionTest.betweenFrames

  /// How far a feature may be from where the last motion puts it, as a share of the width, before everything is searched.
  private static let searchRadius = 0.12
  /// A first model with a smaller share of the matches may be that of a large moving object.
  private static let doubtfulShare = 0.6

  /// The matched features with the model they agree on.
  struct Result {
    var fit: RobustFit
    var pairs: [Correspondence]
    /// The matches of the fit's inliers: positions of features in the first frame, in pixels.
    var inlierSources: [Point]
    var rejection: MotionRejection?
  }

  /// - Parameters:
  ///   - prediction: The expected motion, in pixels of the frames.
  ///   - isGuided: Whether only the neighbourhood of where that puts each feature is searched, or everything.
  /// - Returns: nil where too few features match for any model.
  func estimate(
    from first: AnalysisFrame, to second: AnalysisFrame, prediction: Homography, isGuided: Bool
  ) throws -> Result? {
    let settings = FeatureMatcher.Settings(
      prediction: isGuided ? prediction : nil, radius: FeatureMotion.searchRadius * Double(first.image.width), ratio: 0.8,
      maximumDistance: extraction.kind == .orb ? 64 : 120, maximumOctaveDifference: isGuided ? 2 : nil)
    let matches = try matcher.match(first.features, second.features, ignoring: first.ignored, settings: settings)
    let scaling = FrameScaling(first.image)
    let pairs = matches.map { match in
      scaling.scaled(extraction.pair(first.features.features[match.first], second.features.features[match.second]), to: scaling)
    }
    let guess = scaling.scaled(prediction, to: scaling)
    guard var fit = fitter.fit(.homography, to: pairs, guesses: [guess]) else { return nil }
    if Double(fit.inliers.count) < FeatureMotion.doubtfulShare * Double(pairs.count) {
      fit = rival(of: fit, pairs, guess) ?? fit
    }
    var result = tested(fit, pairs, matches, first, test)
    // Pairs in one part of the picture leave a homography free to run wild in the others.
    if let rejection = result.rejection, rejection != .tooFewInliers, rejection != .tooSmallShare,
      let model = HomographyRefinement.similarity(fit.homography, on: pairs, using: fit.inliers),
      let similarity = RobustFitter.score(model, pairs, limit: .infinity)
    {
      result = tested(RobustFitter.polished(similarity, .similarity, pairs), pairs, matches, first, test.forSimilarity)
    }
    return result
  }

  private func tested(
    _ fit: RobustFit, _ pairs: [Correspondence], _ matches: [FeatureMatch], _ first: AnalysisFrame, _ test: MotionTest
  ) -> Result {
    let scaling = FrameScaling(first.image)
    let sources = fit.inliers.map { first.features.features[matches[$0].first].position }
    let rejection = test.rejection(
      of: scaling.unscaled(fit.homography, to: scaling), points: sources, matches: matches.count, width: scaling.size.x,
      height: scaling.size.y)
    return Result(fit: fit, pairs: pairs, inlierSources: sources, rejection: rejection)
  }

  /// The model of the pairs that disagree with the first one, where it is the likelier background: its pairs cover more of the
  /// picture and it is at least as near to the expected motion.
  private func rival(of fit: RobustFit, _ pairs: [Correspondence], _ expected: Homography) -> RobustFit? {
    let agreeing = Set(fit.inliers)
    let rest = pairs.indices.filter { !agreeing.contains($0) }
    guard rest.count >= 2 * test.minimumInliers,
      let second = fitter.fit(.homography, to: rest.map { pairs[$0] }),
      second.inliers.count >= test.minimumInliers,
      let whole = RobustFitter.score(second.homography, pairs, limit: .infinity)
    else { return nil }
    let coversMore = FeatureMotion.cells(whole, pairs) > FeatureMotion.cells(fit, pairs)
    let isExpected = FeatureMotion.distance(whole.homography, expected) <= FeatureMotion.distance(fit.homography, expected)
    return coversMore && isExpected ? whole : nil
  }

  /// How many cells of an 8×8 grid over the scaled square hold inliers.
  private static func cells(_ fit: RobustFit, _ pairs: [Correspondence]) -> Int {
    Set(
      fit.inliers.map { index -> Int in
        let p = pairs[index].source
        return Int(min(7, max(0, (p.x + 1) * 4))) * 8 + Int(min(7, max(0, (p.y + 1) * 4)))
      }
    ).count
  }

  /// The mean distance of the pictures' corners under two maps, in scaled coordinates.
  private static func distance(_ a: Homography, _ b: Homography) -> Double {
    [Point(-1, -0.5), Point(1, -0.5), Point(1, 0.5), Point(-1, 0.5)].reduce(0) {
      $0 + (a.apply($1) - b.apply($1)).length / 4
    }
  }
}

extension FeatureExtractor.Settings {
  /// Two matched features with the deviations of their positions: those of coarser octaves lie on a coarser grid.
  func pair(_ first: Feature, _ second: Feature) -> Correspondence {
    // Pixels at the finest scale, and the growth per octave (AKAZE interpolates, so its positions degrade less than its grid).
    let finest = 0.8
    let growth = kind == .orb ? 1.2 : 1.4
    return Correspondence(
      source: first.position, target: second.position, sourceDeviation: finest * pow(growth, Double(first.octave)),
      targetDeviation: finest * pow(growth, Double(second.octave)))
  }
}
