public import Imaging

/// Dense disparities of a rectified pair: bounded costs of colour and surroundings, sums over supports of one colour, semi-global smoothing, a check
/// from the right side, filled holes, places between pixels.
///
/// The steps and constants are those published by Mei et al. (2011; see `MatchingCost`), which its authors chose on Middlebury's sets; none was changed
/// here. The cost of a disparity is bounded at both ends, so no number of the pictures makes it overflow.
public struct StereoMatcher: Sendable {
  /// Disparities 0 to this, less one.
  public var disparities: Int
  /// How often costs are averaged over the supports.
  static let aggregations = 4
  /// The most costs of a pair: two such volumes take 1.6 GB.
  static let mostCosts = 200_000_000
  /// Costs of a pixel that differ by less than this tell no disparity from another.
  private static let leastContrast: Float = 1e-3

  /// - Parameter disparities: How many disparities are tried, from 0; at least 2.
  public init(disparities: Int) {
    precondition(disparities >= 2, "at least two disparities")
    self.disparities = disparities
  }

  /// The disparities of the left picture, holes filled.
  ///
  /// - Parameters:
  ///   - left: In grey or colour.
  ///   - right: Of the same size and kind; a match lies in the same row, at most `disparities` − 1 pixels to the left.
  /// - Throws: `DepthError` for pictures of two sizes or kinds, or too many costs.
  public func match(left: Image, right: Image) throws(DepthError) -> DisparityMap {
    guard left.width == right.width, left.height == right.height, left.channels == right.channels else {
      throw .sizesDiffer(left: "\(left.width)×\(left.height)", right: "\(right.width)×\(right.height)")
    }
    guard left.width * left.height <= Self.mostCosts / disparities else {
      throw .tooLarge(
        detail: "\(left.width)×\(left.height) pixels times \(disparities) disparities are more than \(Self.mostCosts)")
    }
    var costs = MatchingCost.volume(left: left, right: right, disparities: disparities)
    let support = CrossSupport(left)
    support.aggregate(&costs, iterations: Self.aggregations)
    let smooth = ScanlineOptimizer(left: left, right: right).optimized(costs)
    let cheapest = smooth.cheapest()
    let check = DisparityCheck(
      left: cheapest, right: smooth.cheapestOnTheRight(), width: left.width, disparities: disparities)
    let isFlat = Self.flatPixels(smooth)
    let filling = DisparityFilling(image: left, support: support, disparities: disparities)
    let filled = filling.filled(cheapest, check.findings)
    let values = SubpixelDisparity.refined(filled, smooth)
    let isMeasured = values.indices.map { !isFlat[$0] && check.findings[$0] == .agrees }
    return DisparityMap(
      width: left.width, height: left.height, values: zip(values, isFlat).map { $1 ? .nan : $0 }, isMeasured: isMeasured)
  }

  /// Pixels at which every disparity costs the same, as in a black picture.
  static func flatPixels(_ volume: CostVolume) -> [Bool] {
    (0..<volume.width * volume.height).map { pixel in
      let costs = volume.values[pixel * volume.disparities..<(pixel + 1) * volume.disparities]
      guard let least = costs.min(), let most = costs.max() else { return true }
      return most - least < leastContrast
    }
  }
}
