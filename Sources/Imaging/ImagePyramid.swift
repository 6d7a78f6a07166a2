internal import COpenCV

/// A grey picture at several scales, to follow points in; filled again for another picture without new memory.
public final class ImagePyramid {
  let handle: OpaquePointer
  /// Halvings beyond the picture itself.
  public let levels: Int
  /// The largest window that can be followed, in pixels.
  public let maximumWindow: Int

  /// - Parameters: As the properties of their names.
  /// - Throws: `ImagingError` for numbers that the library refuses.
  public init(levels: Int, maximumWindow: Int) throws(ImagingError) {
    self.levels = levels
    self.maximumWindow = maximumWindow
    var handle: OpaquePointer?
    try OpenCVCall.check("make a pyramid of \(levels) levels") {
      sxcv_pyramid_create(Int32(clamping: levels), Int32(clamping: maximumWindow), &handle, $0)
    }
    self.handle = try OpenCVCall.made(handle, "make a pyramid of \(levels) levels")
  }

  deinit { sxcv_pyramid_destroy(handle) }

  /// Replaces its content by a grey picture.
  /// - Throws: `ImagingError` for a picture in colour, or where the library fails.
  public func fill(_ image: Image) throws(ImagingError) {
    try OpenCVCall.check("fill a pyramid") { message in image.withView { sxcv_pyramid_fill(handle, $0, message) } }
  }
}
