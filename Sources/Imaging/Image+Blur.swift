internal import COpenCV

extension Image {
  /// Gaussian blur; the border is mirrored.
  /// - Parameter sigma: The standard deviation in pixels, in (0, 100].
  public func gaussianBlurred(sigma: Double) throws(ImagingError) -> Image {
    try mapped(width: width, height: height, channels: channels, "blur with a deviation of \(sigma) pixels") {
      sxcv_gaussian_blur($0, $1, sigma, $2)
    }
  }

  /// The median of the square window around each pixel; the border is replicated.
  /// - Parameter window: The side of the window, 3 or 5 pixels.
  public func medianBlurred(window: Int) throws(ImagingError) -> Image {
    let side = Int32(clamping: window)
    return try mapped(width: width, height: height, channels: channels, "take the median of \(window)×\(window) pixels") {
      sxcv_median_blur($0, $1, side, $2)
    }
  }
}
