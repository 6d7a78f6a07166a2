internal import COpenCV

/// Calls into the C face: pixels become views, statuses become errors.
enum OpenCVCall {
  /// Runs one call and throws what it reports.
  static func check(
    _ operation: @autoclosure () -> String, _ call: (UnsafeMutablePointer<sxcv_message>) -> Int32
  ) throws(ImagingError) {
    var message = sxcv_message()
    let status = call(&message)
    guard status != Int32(SXCV_OK) else { return }
    let code: ImagingError.Code
    switch Int(status) {
    case Int(SXCV_INVALID_ARGUMENT): code = .invalidArgument
    case Int(SXCV_OUT_OF_MEMORY): code = .outOfMemory
    default: code = .library
    }
    throw ImagingError(code, operation: operation(), detail: text(of: message))
  }

  /// The handle that a successful call made.
  static func made(_ handle: OpaquePointer?, _ operation: @autoclosure () -> String) throws(ImagingError) -> OpaquePointer {
    guard let handle else { throw ImagingError(.library, operation: operation(), detail: "no result") }
    return handle
  }

  private static func text(of message: sxcv_message) -> String {
    withUnsafeBytes(of: message.text) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

extension Image {
  /// Lends the pixels to the C face.
  func withView<R>(_ body: (sxcv_view) throws -> R) rethrows -> R {
    try pixels.withUnsafeBufferPointer { buffer in
      try body(
        sxcv_view(
          pixels: buffer.baseAddress, byte_count: buffer.count, width: Int32(width), height: Int32(height),
          channels: Int32(channels), stride: width * channels))
    }
  }

  /// Lends the pixels to the C face to be written.
  mutating func withCanvas<R>(_ body: (sxcv_canvas) throws -> R) rethrows -> R {
    let (width, height, channels) = (width, height, channels)
    return try pixels.withUnsafeMutableBufferPointer { buffer in
      try body(
        sxcv_canvas(
          pixels: buffer.baseAddress, byte_count: buffer.count, width: Int32(width), height: Int32(height),
          channels: Int32(channels), stride: width * channels))
    }
  }

  /// A new image of the given shape that a call has filled from this one.
  func mapped(
    width: Int, height: Int, channels: Int, _ operation: @autoclosure () -> String,
    _ call: (sxcv_view, sxcv_canvas, UnsafeMutablePointer<sxcv_message>) -> Int32
  ) throws(ImagingError) -> Image {
    guard Image.isUsableSize(width: width, height: height) else {
      throw ImagingError(.invalidArgument, operation: operation(), detail: Image.sizeComplaint(width: width, height: height))
    }
    var result = Image(width: width, height: height, channels: channels)
    try OpenCVCall.check(operation()) { message in
      withView { source in result.withCanvas { call(source, $0, message) } }
    }
    return result
  }
}
