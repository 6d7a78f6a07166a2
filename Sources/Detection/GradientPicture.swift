import Imaging

/// The steepness of a grey picture.
enum GradientPicture {
  /// A value of the result for each grey level per pixel: slopes up to 64 levels fit into a byte, in steps of a quarter.
  static let scale: Float = 4

  /// The length of the gradient, `scale` times grey levels per pixel, at most 255; 0 at the border.
  static func slopes(of picture: Image) throws -> Image { try picture.steepness(scale: scale) }
}
