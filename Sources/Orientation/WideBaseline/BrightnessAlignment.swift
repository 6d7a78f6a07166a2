import Geometry
import Imaging

/// Sharpens a map between two pictures by their brightness: the second picture is warped onto the first, and corners of the first are followed
/// into it. As the warp takes out scale, rotation and perspective, small windows fit exactly.
struct BrightnessAlignment {
  private let corners: [Point]
  private let pyramid: ImagePyramid
  private let warpedPyramid: ImagePyramid
  private let light: LocalLight
  private let width: Double
  private let height: Double

  // Chosen by hand with the series of Benchmarks/README.md, "Wide baselines", in sight.

  /// The most corners that are followed, their least strength as a share of the strongest one's, and their least distance in pixels.
  private static let corners = (count: 600, quality: 0.005, spacing: 12.0)
  /// The side of the windows in pixels; OpenCV's default.
  private static let window = 21
  /// Halvings: the warp leaves a few pixels at most.
  private static let levels = 1
  /// A step of less than a hundredth of a pixel ends the iterations.
  private static let tracking = OpticalFlow.Settings(window: window, levels: levels, iterations: 30, epsilon: 0.01)
  /// Corners that seem to be further off, in pixels, are not the same corner.
  private static let reach = 6.0
  /// Nor are those that do not come back to within so many pixels.
  private static let returning = 0.5
  /// The deviation of a followed corner in pixels.
  private static let deviation = 0.5
  /// Corners nearer to the border, in pixels, are not followed: half of their window would lie outside.
  private static let margin = 8.0
  /// With fewer corners nothing is aligned: five for each two parameters.
  private static let fewest = 20

  struct Agreement {
    var homography: Homography
    /// The share of the corners within both pictures that agree with the map.
    var share: Double
    /// Whether the second picture was brought to the light of the first.
    var isRelit = false
  }

  init(_ first: Image) throws {
    corners = try OpticalFlow.corners(
      of: first,
      maximumCount: BrightnessAlignment.corners.count, quality: BrightnessAlignment.corners.quality,
      spacing: BrightnessAlignment.corners.spacing)
    pyramid = try ImagePyramid(levels: BrightnessAlignment.levels, maximumWindow: BrightnessAlignment.window)
    warpedPyramid = try ImagePyramid(levels: BrightnessAlignment.levels, maximumWindow: BrightnessAlignment.window)
    try pyramid.fill(first)
    light = LocalLight(of: first)
    width = Double(first.width)
    height = Double(first.height)
  }

  /// A better map from the first picture to the second; nil where too few corners agree.
  func improve(
    _ model: Homography, _ second: Image, _ scalings: (FrameScaling, FrameScaling)
  ) throws -> Agreement? {
    let margin = BrightnessAlignment.margin
    let visible = corners.filter { corner in
      let place = model.apply(corner)
      return place.x > margin && place.y > margin && place.x < Double(second.width) - margin
        && place.y < Double(second.height) - margin
    }
    guard visible.count >= BrightnessAlignment.fewest else { return nil }
    // Bounded: width and height are those of a picture.
    let warped = try second.warped(byInverse: model, width: Int(width), height: Int(height))
    let lit = light.applied(to: warped) { x, y in
      let place = model.apply(Point(Double(x) + 0.5, Double(y) + 0.5))
      return place.x > 0 && place.y > 0 && place.x < Double(second.width) && place.y < Double(second.height)
    }
    try warpedPyramid.fill(lit ?? warped)
    let settings = BrightnessAlignment.tracking
    let there = try OpticalFlow.track(visible, guesses: visible, from: pyramid, to: warpedPyramid, settings: settings)
    let arrived = visible.indices.filter { there[$0] != nil }
    let ends = arrived.compactMap { there[$0] }
    let back = try OpticalFlow.track(ends, guesses: ends, from: warpedPyramid, to: pyramid, settings: settings)
    var pairs: [Correspondence] = []
    for (position, index) in arrived.enumerated() {
      let (corner, end) = (visible[index], ends[position])
      guard let origin = back[position], (origin - corner).length <= BrightnessAlignment.returning,
        (end - corner).length <= BrightnessAlignment.reach
      else { continue }
      // The place in the second picture, with the map's own enlargement of the deviation.
      let enlargement = abs(model.jacobian(at: corner).determinant).squareRoot()
      let pair = Correspondence(
        source: corner, target: model.apply(end), sourceDeviation: 0,
        targetDeviation: BrightnessAlignment.deviation * enlargement)
      pairs.append(scalings.0.scaled(pair, to: scalings.1))
    }
    var agreement = settled(scalings.0.scaled(model, to: scalings.1), pairs, visible.count, scalings)
    agreement?.isRelit = lit != nil
    return agreement
  }

  private func settled(
    _ model: Homography, _ pairs: [Correspondence], _ visible: Int, _ scalings: (FrameScaling, FrameScaling)
  ) -> Agreement? {
    guard pairs.count >= BrightnessAlignment.fewest else { return nil }
    // All pairs take part first: the map may be off by more than the deviation everywhere.
    let everything = HomographyRefinement.homography(model, on: pairs, using: Array(pairs.indices))
    guard let start = RobustFitter.score(everything, pairs, limit: .infinity), start.inliers.count >= BrightnessAlignment.fewest
    else { return nil }
    let fit = RobustFitter.polished(start, .homography, pairs)
    return Agreement(
      homography: scalings.0.unscaled(fit.homography, to: scalings.1),
      share: Double(fit.inliers.count) / Double(visible))
  }
}
