import Geometry
import Imaging

/// Sharpens a map between two pictures by their brightness: the second picture is warped onto the first, and corners of the first are followed
/// into it. As the warp takes out scale, rotation and perspective, small windows fit exactly; before, the second one gets the first one's
/// light, and the sharper one the other's sharpness.
struct BrightnessAlignment {
  private let first: Image
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
  /// A window that deviates by less than this share of what the other picture's does has lost what it showed: light burnt it out, or darkness
  /// swallowed it. It tells neither for nor against a map.
  private static let leastContrast = 0.5
  /// With fewer corners nothing is aligned: five for each two parameters.
  private static let fewest = 20
  /// Each alignment starts from the last one's map; the second moves corners by hundredths of a pixel.
  private static let rounds = 3
  /// Below this share of corners that could be aligned the pictures do not look alike under the map. Right maps of the series have .22 or more
  /// in every light, the one that is doubtful .18 or less, maps that are off by 20 pixels less than .03.
  private static let leastAlignedShare = 0.2

  struct Agreement {
    var homography: Homography
    /// The share of the corners within both pictures that agree with the map.
    var share: Double

    /// Whether the pictures look alike under the map.
    var isAlike: Bool { share >= BrightnessAlignment.leastAlignedShare }
  }

  init(_ first: Image) throws {
    self.first = first
    pyramid = try ImagePyramid(levels: BrightnessAlignment.levels, maximumWindow: BrightnessAlignment.window)
    warpedPyramid = try ImagePyramid(levels: BrightnessAlignment.levels, maximumWindow: BrightnessAlignment.window)
    light = LocalLight(of: first)
    width = Double(first.width)
    height = Double(first.height)
  }

  /// The map from the first picture to the second that a near one settles to; nil where too few corners agree from the beginning.
  func settle(_ start: Homography, _ second: Image) throws -> Agreement? {
    let scalings = (FrameScaling(first), FrameScaling(second))
    var agreement: Agreement?
    for _ in 0..<BrightnessAlignment.rounds {
      guard let next = try improve(agreement?.homography ?? start, second, scalings) else { break }
      agreement = next
    }
    return agreement
  }

  /// A better map from the first picture to the second; nil where too few corners agree.
  private func improve(
    _ model: Homography, _ second: Image, _ scalings: (FrameScaling, FrameScaling)
  ) throws -> Agreement? {
    let corners = try common(model, second)
    guard corners.count >= BrightnessAlignment.fewest else { return nil }
    let pairs = try followed(corners).map { corner, end in
      // The place in the second picture, with the map's own enlargement of the deviation.
      let enlargement = abs(model.jacobian(at: corner).determinant).squareRoot()
      let pair = Correspondence(
        source: corner, target: model.apply(end), sourceDeviation: 0,
        targetDeviation: BrightnessAlignment.deviation * enlargement)
      return scalings.0.scaled(pair, to: scalings.1)
    }
    return settled(scalings.0.scaled(model, to: scalings.1), pairs, corners.count, scalings)
  }

  /// Lays the second picture onto the first in its light, both equally sharp, into the pyramids.
  /// - Returns: The first one's corners that both can show.
  private func common(_ model: Homography, _ second: Image) throws -> [Point] {
    // Bounded: width and height are those of a picture.
    let warped = try second.warped(byInverse: model, width: Int(width), height: Int(height))
    let isSeen = { (place: Point, margin: Double) in
      let there = model.apply(place)
      return there.x > margin && there.y > margin && there.x < Double(second.width) - margin
        && there.y < Double(second.height) - margin
    }
    let isPixelSeen = { (x: Int, y: Int) in isSeen(Point(Double(x) + 0.5, Double(y) + 0.5), 0) }
    let lit = light.applied(to: warped, where: isPixelSeen)
    let (own, other) = try EqualSharpness(isSeen: isPixelSeen).made(of: first, lit)
    try pyramid.fill(own)
    try warpedPyramid.fill(other)
    return try OpticalFlow.corners(
      of: own, maximumCount: Self.corners.count, quality: Self.corners.quality, spacing: Self.corners.spacing
    ).filter { corner in
      isSeen(corner, Self.margin)
        && Self.deviation(of: other, around: corner) >= Self.leastContrast * Self.deviation(of: own, around: corner)
    }
  }

  /// Where corners of the first picture are in the second one laid onto it: those that are found there, and back again.
  private func followed(_ corners: [Point]) throws -> [(corner: Point, end: Point)] {
    let settings = BrightnessAlignment.tracking
    let there = try OpticalFlow.track(corners, guesses: corners, from: pyramid, to: warpedPyramid, settings: settings)
    let arrived = zip(corners, there).compactMap { corner, end in end.map { (corner: corner, end: $0) } }
    let ends = arrived.map(\.end)
    let back = try OpticalFlow.track(ends, guesses: ends, from: warpedPyramid, to: pyramid, settings: settings)
    return zip(arrived, back).compactMap { pair, origin in
      guard let origin, (origin - pair.corner).length <= Self.returning, (pair.end - pair.corner).length <= Self.reach else {
        return nil
      }
      return pair
    }
  }

  /// How far the grey values in the window around a place deviate, in levels.
  private static func deviation(of picture: Image, around place: Point) -> Double {
    // Bounded: by the picture.
    let (column, row) = (Int(bounded: place.x, in: 0...picture.width - 1), Int(bounded: place.y, in: 0...picture.height - 1))
    let reach = window / 2
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for y in max(0, row - reach)...min(picture.height - 1, row + reach) {
      for x in max(0, column - reach)...min(picture.width - 1, column + reach) {
        let value = Double(picture[x, y])
        (count, sum, squares) = (count + 1, sum + value, squares + value * value)
      }
    }
    return max(0, squares * count - sum * sum).squareRoot() / count
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
