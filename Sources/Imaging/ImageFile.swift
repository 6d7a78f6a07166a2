internal import COpenCV

/// PNG and JPEG files in memory: what their header says, decoding and encoding.
public enum ImageFile {
  public enum Format: String, Sendable { case png, jpeg }

  /// What the first bytes of a file declare.
  public struct Header: Hashable, Sendable {
    public let format: Format
    public let width: Int
    public let height: Int
    /// 1 for grey, 3 for anything with colour (an alpha channel is dropped).
    public let channels: Int
  }

  /// Decodes a PNG or JPEG to 8 bits; a mark of rotation (EXIF) is not applied.
  ///
  /// The size is read from the header and compared with `maximumPixelCount` before any memory is taken for the picture.
  /// - Throws: `ImagingError` for another format, a damaged file, or a picture that is too large.
  public static func decode(
    _ bytes: [UInt8], maximumPixelCount: Int = 1 << 26, named name: String = "a picture"
  ) throws(ImagingError) -> Image {
    let operation = "decode \(name)"
    guard let header = ImageHeaderReader.read(bytes) else {
      throw ImagingError(.invalidArgument, operation: operation, detail: "this is not a PNG or JPEG with a whole header")
    }
    guard Image.isUsableSize(width: header.width, height: header.height),
      header.width * header.height <= maximumPixelCount
    else {
      let detail = "its size of \(header.width)×\(header.height) is 0 or over \(maximumPixelCount) pixels"
      throw ImagingError(.invalidArgument, operation: operation, detail: detail)
    }
    var image = Image(width: header.width, height: header.height, channels: header.channels)
    try OpenCVCall.check(operation) { message in
      image.withCanvas { canvas in sxcv_decode(bytes, bytes.count, canvas, message) }
    }
    return image
  }

  /// The picture as a PNG file, without loss.
  public static func png(_ image: Image) throws(ImagingError) -> [UInt8] {
    try encode(image, quality: -1, "encode a PNG")
  }

  /// The picture as a JPEG file of a quality from 0 to 100.
  public static func jpeg(_ image: Image, quality: Int = 92) throws(ImagingError) -> [UInt8] {
    guard (0...100).contains(quality) else {
      throw ImagingError(.invalidArgument, operation: "encode a JPEG", detail: "a quality of \(quality) is outside 0 to 100")
    }
    return try encode(image, quality: Int32(quality), "encode a JPEG")
  }

  private static func encode(_ image: Image, quality: Int32, _ operation: String) throws(ImagingError) -> [UInt8] {
    var handle: OpaquePointer?
    try OpenCVCall.check(operation) { message in image.withView { sxcv_encode_create($0, quality, &handle, message) } }
    let encoded = try OpenCVCall.made(handle, operation)
    defer { sxcv_bytes_destroy(encoded) }
    var count = 0
    let start = sxcv_bytes_borrow(encoded, &count)
    return [UInt8](UnsafeBufferPointer(start: start, count: count))
  }
}
