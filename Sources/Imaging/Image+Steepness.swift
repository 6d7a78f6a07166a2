internal import COpenCV

extension Image {
  /// The length of a grey picture's gradient by Sobel's operator; 0 along the border.
  /// - Parameter scale: The value for a slope of one grey level per pixel; values end at 255.
  public func steepness(scale: Float) throws(ImagingError) -> Image {
    try mapped(width: width, height: height, channels: channels, "measure the steepness") {
      sxcv_steepness($0, $1, scale, $2)
    }
  }
}
