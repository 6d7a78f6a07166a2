internal import CFFmpeg
import Synchronization

/// Scaling tables and scratch memory for one conversion at a time.
///
/// `@unchecked Sendable`: `ConverterPool` gives a converter to one thread at a time, and its lock orders their accesses.
final class PixelConverter: @unchecked Sendable {
  private let handle: OpaquePointer

  init() throws(VideoError) {
    try Library.prepare()
    var handle: OpaquePointer?
    guard video_converter_create(&handle) == VIDEO_OK, let handle else {
      throw VideoError.outOfMemory(doing: "preparing to convert pictures")
    }
    self.handle = handle
  }

  deinit { video_converter_destroy(handle) }

  /// Luma of the displayed picture, valid until the next conversion.
  ///
  /// - Parameter range: What deep grey is stretched to; nil for its whole depth.
  func luma(of picture: Picture, range: ClosedRange<Double>? = nil) throws(VideoError) -> video_plane {
    var plane = video_plane()
    var message = video_message()
    let status = Self.withFace(of: range) { video_converter_borrow_luma(handle, picture.handle, $0, &plane, &message) }
    try check(status, message)
    return plane
  }

  private static func withFace(
    of range: ClosedRange<Double>?, _ body: (UnsafePointer<video_range>?) -> video_status
  ) -> video_status {
    guard let range else { return body(nil) }
    var face = video_range(low: range.lowerBound, high: range.upperBound)
    return withUnsafePointer(to: &face) { body($0) }
  }

  /// Rows of B, G, R bytes without gaps.
  ///
  /// - Parameter range: What deep grey is stretched to; nil for its whole depth.
  func bgr(of picture: Picture, range: ClosedRange<Double>? = nil) throws(VideoError) -> [UInt8] {
    let count = picture.width * picture.height * 3
    var message = video_message()
    var status = VIDEO_OK
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      // The face refuses a capacity below the picture's size, and fills exactly that size.
      status = Self.withFace(of: range) {
        video_converter_copy_bgr(handle, picture.handle, $0, buffer.baseAddress, buffer.count, &message)
      }
      initialized = status == VIDEO_OK ? count : 0
    }
    try check(status, message)
    return pixels
  }

  private func check(_ status: video_status, _ message: video_message) throws(VideoError) {
    switch status {
    case VIDEO_OK: return
    case VIDEO_OUT_OF_MEMORY: throw VideoError.outOfMemory(doing: "converting a picture")
    case VIDEO_UNSUPPORTED: throw VideoError.unsupported(input: "a picture", feature: message.string)
    default: throw VideoError.conversionFailed(reason: message.string)
    }
  }
}

/// The converters of one source: as many as threads convert at once, made when first needed and kept.
final class ConverterPool: Sendable {
  private let idle = Mutex<[PixelConverter]>([])

  /// A converter for one thread; it comes back by `giveBack`.
  func take() throws(VideoError) -> PixelConverter {
    if let converter = idle.withLock({ $0.popLast() }) { return converter }
    return try PixelConverter()
  }

  func giveBack(_ converter: PixelConverter) {
    idle.withLock { $0.append(converter) }
  }
}
