import Imaging

/// One plane of a frame, grey values or a difference in colour, beside the background's, and what the background shows around each pixel.
struct PlaneDifference {
  let frame: Image
  let mean: Image
  /// The least difference that counts, in levels.
  let least: Float
  /// The background's extremes within a pixel.
  let darkest: Image
  let brightest: Image
  /// The background's greatest steepness within a pixel, in `GradientPicture`'s unit.
  let steepest: Image

  init(frame: Image, mean: Image, meanSlope: Image, least: Float) throws {
    (self.frame, self.mean, self.least) = (frame, mean, least)
    darkest = try mean.morphed(.erosion, .square(3))
    brightest = try mean.morphed(.dilation, .square(3))
    steepest = try meanSlope.morphed(.dilation, .square(3))
  }

  /// Every so many pixels one is compared: prime, so that they do not lie in columns.
  private static let stride = 13
  /// Differences are counted up to so many levels, in steps of a quarter; coding makes no greater noise.
  private static let counted: (limit: Float, bins: Int) = (64, 256)

  /// The robust deviation of a plane where it shows the background, in levels.
  ///
  /// - Parameter age: How many frames taught each pixel's background.
  static func deviation(of frame: Image, from mean: Image, age: [Float]) -> Double {
    var counter = QuantileCounter(limit: counted.limit, bins: counted.bins)
    for i in Swift.stride(from: 0, to: age.count, by: stride) where age[i] > 1 {
      counter.add(abs(Float(frame.pixels[i]) - Float(mean.pixels[i])))
    }
    return counter.total > 0 ? PictureRegistration.deviationOfMedian * counter.quantile(0.5) : 0
  }
}
