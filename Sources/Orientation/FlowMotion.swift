import Foundation
import Geometry
import Imaging

/// The motion between two frames by following points (Lucas and Kanade): to sharpen the features' result, or in their stead where there is
/// little texture.
struct FlowMotion {
  let fitter: RobustFitter
  var test = MotionTest.betweenFrames

  /// The most points that are followed: the error of a model falls with the root of their number, the time grows with it.
  private static let maximumPoints = 200
  /// Points further from where the model puts them have gone astray, in pixels.
  private static let straying = 2.0
  /// The first guess of a followed point's standard deviation in pixels.
  private static let firstDeviation = 0.5
  /// The range of the measured one, in pixels.
  private static let deviations = 0.04...0.5
  /// The median of a Rayleigh distribution in deviations: √(2 ln 2).
  private static let rayleighMedian = 1.1774
  /// A small window is enough where the model says where to look.
  private static let sharpening = OpticalFlow.Settings(window: 13, levels: 1, iterations: 15, epsilon: 0.02)
  /// Corners are looked for as far as the pyramid reaches.
  private static let following = OpticalFlow.Settings(
    window: AnalysisFrame.largestWindow, levels: AnalysisFrame.pyramidLevels, iterations: 20, epsilon: 0.02)
  /// With fewer points a homography is no better than the features': three for each two parameters.
  private static let fewestFollowed = 12
  /// The least distance of followed corners, in pixels.
  private static let cornerSpacing = 10.0
  /// A corner is found again if it comes back to within so many pixels.
  private static let returning = 1.0

  /// Pairs of followed points in scaled coordinates with the model they agree on.
  struct Result {
    var fit: RobustFit
    var pairs: [Correspondence]
    var scaling: FrameScaling
    /// The share of the followed points that are inliers.
    var share: Double { Double(fit.inliers.count) / Double(max(1, pairs.count)) }
    var homography: Homography { scaling.unscaled(fit.homography, to: scaling) }
  }

  /// Sharpens a model by following the points that agree with it, from where it puts them.
  ///
  /// - Parameters:
  ///   - model: In pixels.
  ///   - points: In pixels of the first frame.
  /// - Returns: nil where too few points can be followed for a better model.
  func sharpen(
    _ model: Homography, points: [Point], from first: AnalysisFrame, to second: AnalysisFrame
  ) throws -> Result? {
    let chosen = FlowMotion.thinned(points, to: FlowMotion.maximumPoints)
    let guesses = chosen.map(model.apply)
    let targets = try OpticalFlow.track(
      chosen, guesses: guesses, from: first.pyramid, to: second.pyramid,
      settings: FlowMotion.sharpening)
    var followed: [(Point, Point)] = []
    for (index, target) in targets.enumerated() {
      if let target, (target - guesses[index]).length <= FlowMotion.straying { followed.append((chosen[index], target)) }
    }
    guard followed.count >= FlowMotion.fewestFollowed else { return nil }
    let scaling = FrameScaling(first.image)
    return settle(scaling.scaled(model, to: scaling), followed, scaling)
  }

  /// Follows corners of the first frame into the second and fits a model to those that come back to within a pixel.
  ///
  /// - Parameter masks: Objects of the first frame whose corners are left out.
  /// - Returns: The points that were followed there and back, and the share of the corners that they are.
  func follow(
    from first: AnalysisFrame, to second: AnalysisFrame, prediction: Homography, masks: [ObjectMask]
  ) throws -> (pairs: [(Point, Point)], survival: Double, corners: Int) {
    let corners = try OpticalFlow.corners(
      of: first.image, maximumCount: FlowMotion.maximumPoints, spacing: FlowMotion.cornerSpacing
    )
    .filter { corner in !masks.contains { $0.covers(corner) } }
    guard !corners.isEmpty else { return ([], 0, 0) }
    let settings = FlowMotion.following
    let there = try OpticalFlow.track(
      corners, guesses: corners.map(prediction.apply), from: first.pyramid, to: second.pyramid, settings: settings)
    let arrived = corners.indices.filter { there[$0] != nil }
    let ends = arrived.compactMap { there[$0] }
    let back = try OpticalFlow.track(
      ends, guesses: arrived.map { corners[$0] }, from: second.pyramid, to: first.pyramid, settings: settings)
    var pairs: [(Point, Point)] = []
    for (position, index) in arrived.enumerated() {
      if let origin = back[position], (origin - corners[index]).length <= FlowMotion.returning {
        pairs.append((corners[index], ends[position]))
      }
    }
    return (pairs, Double(pairs.count) / Double(corners.count), corners.count)
  }

  /// The model of followed points: a homography that passes the tests, else a similarity.
  func fit(_ followed: [(Point, Point)], from first: AnalysisFrame, prediction: Homography) -> Result? {
    guard followed.count >= test.minimumInliers else { return nil }
    let scaling = FrameScaling(first.image)
    let pairs = FlowMotion.pairs(followed, deviation: FlowMotion.firstDeviation, scaling)
    let guess = scaling.scaled(prediction, to: scaling)
    for family in [RobustFitter.Family.homography, .similarity] {
      guard let fit = fitter.fit(family, to: pairs, guesses: family == .homography ? [guess] : []) else { continue }
      let condition = family == .similarity ? test.forSimilarity : test
      let rejection = condition.rejection(
        of: scaling.unscaled(fit.homography, to: scaling), points: fit.inliers.map { followed[$0].0 },
        matches: followed.count, width: Double(first.image.width), height: Double(first.image.height))
      if rejection == nil { return Result(fit: fit, pairs: pairs, scaling: scaling) }
    }
    return nil
  }

  /// Refits with the deviation that the residuals show.
  private func settle(_ model: Homography, _ followed: [(Point, Point)], _ scaling: FrameScaling) -> Result? {
    var pairs = FlowMotion.pairs(followed, deviation: FlowMotion.firstDeviation, scaling)
    guard let first = RobustFitter.score(model, pairs, limit: .infinity) else { return nil }
    var fit = RobustFitter.polished(first, .homography, pairs)
    let squared = fit.inliers.map { pairs[$0].squaredDistance(under: fit.homography) }.sorted()
    guard !squared.isEmpty else { return nil }
    let measured = FlowMotion.firstDeviation * squared[squared.count / 2].squareRoot() / FlowMotion.rayleighMedian
    let deviation = min(FlowMotion.deviations.upperBound, max(FlowMotion.deviations.lowerBound, measured))
    pairs = FlowMotion.pairs(followed, deviation: deviation, scaling)
    guard let second = RobustFitter.score(fit.homography, pairs, limit: .infinity) else { return nil }
    fit = RobustFitter.polished(second, .homography, pairs)
    return Result(fit: fit, pairs: pairs, scaling: scaling)
  }

  private static func pairs(
    _ followed: [(Point, Point)], deviation: Double, _ scaling: FrameScaling
  ) -> [Correspondence] {
    followed.map { source, target in
      scaling.scaled(
        Correspondence(source: source, target: target, sourceDeviation: 0, targetDeviation: deviation), to: scaling)
    }
  }

  /// At most `count` points at even steps of the list, which is sorted by place.
  private static func thinned(_ points: [Point], to count: Int) -> [Point] {
    guard points.count > count else { return points }
    return (0..<count).map { points[$0 * points.count / count] }
  }
}
