internal import COpenCV
public import Geometry

extension Image {
  /// What a pixel shows whose source lies outside the picture.
  public enum Border: Hashable, Sendable {
    /// The nearest pixel of the picture.
    case replicated
    /// This value in every channel.
    case constant(UInt8)
  }

  /// The picture as a homography moves it, sampled bilinearly.
  ///
  /// - Parameters:
  ///   - homography: Maps points of this picture to points of the result, both in this package's coordinates.
  ///   - width: The width of the result in pixels, nil for the same.
  ///   - height: The height of the result in pixels, nil for the same.
  /// - Throws: `ImagingError` for a map that cannot be inverted or a size that cannot be used.
  public func warped(
    by homography: Homography, width: Int? = nil, height: Int? = nil, border: Border = .constant(0)
  ) throws(ImagingError) -> Image {
    guard let inverse = homography.inverse else {
      throw ImagingError(.invalidArgument, operation: "warp", detail: "the homography has no inverse")
    }
    return try warped(byInverse: inverse, width: width, height: height, border: border)
  }

  /// As `warped(by:)` from the map of the result's points to this picture's.
  public func warped(
    byInverse homography: Homography, width: Int? = nil, height: Int? = nil, border: Border = .constant(0)
  ) throws(ImagingError) -> Image {
    guard homography.isFinite else {
      throw ImagingError(.invalidArgument, operation: "warp", detail: "the homography is not finite")
    }
    let matrix = homography.inPixelCentres.rowMajor
    let (replicate, value): (Int32, UInt8) =
      switch border {
      case .replicated: (1, 0)
      case .constant(let value): (0, value)
      }
    return try mapped(width: width ?? self.width, height: height ?? self.height, channels: channels, "warp") {
      sxcv_warp($0, $1, matrix, replicate, value, $2)
    }
  }
}
