import Foundation

/// PNG and JPEG files: what their header says, decoding and encoding.
public enum ImageFile {
  /// A larger file is refused unread, in bytes: no camera's picture comes near.
  private static let greatestFile = 256 << 20

  /// Reads and decodes a file (`decode`).
  ///
  /// - Throws: `ImagingError`, of the code `missing` for what is no file that can be read.
  public static func read(path: String) throws(ImagingError) -> Image {
    let operation = "read \(path)"
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ImagingError(.missing, operation: operation, detail: "there is no such file")
    }
    guard !isFolder.boolValue else {
      throw ImagingError(.missing, operation: operation, detail: "it is a folder; name its pictures")
    }
    // Attributes are of a link itself, not of what it leads to.
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let facts = try? FileManager.default.attributesOfItem(atPath: real)
    if let facts, facts[.type] as? FileAttributeType != .typeRegular {
      throw ImagingError(.missing, operation: operation, detail: "it is a pipe or a device and no file of a picture")
    }
    guard let size = facts?[.size] as? Int, size <= greatestFile else {
      throw ImagingError(.invalidArgument, operation: operation, detail: "it is larger than 256 MB")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ImagingError(.missing, operation: operation, detail: "it cannot be opened; check its permissions")
    }
    return try decode([UInt8](data), named: path)
  }

  /// The formats that are read and written.
  public enum Format: String, Sendable { case png, jpeg }

  /// What the first bytes of a file declare.
  public struct Header: Hashable, Sendable {
    /// The file's format.
    public let format: Format
    /// Pixels in a row, as the file says: not checked.
    public let width: Int
    /// Rows, as the file says: not checked.
    public let height: Int
    /// 1 for grey, 3 for anything with colour (an alpha channel is dropped).
    public let channels: Int
    /// Whether the samples have 16 bits.
    public let isDeep: Bool
    /// How the stored picture is to be shown.
    public let orientation: PictureOrientation
  }

  /// Decodes a PNG or JPEG to 8 bits and sets it upright by its mark of orientation (EXIF), so that positions are those that a viewer shows.
  ///
  /// Grey of 16 bits (thermal pictures) is stretched to its own range, as the first picture of a film is; colours of 16 bits are rounded.
  ///
  /// The size is read from the header and compared with `maximumPixelCount` before any memory is taken for the picture.
  /// - Throws: `ImagingError` for another format, a damaged file, or a picture that is too large.
  public static func decode(
    _ bytes: [UInt8], maximumPixelCount: Int = 1 << 26, named name: String = "a picture"
  ) throws(ImagingError) -> Image {
    let operation = "decode \(name)"
    guard let header = ImageHeaderReader.read(bytes) else {
      let detail = ImageHeaderReader.otherFormat(bytes).map { "this is a \($0) picture; save it as PNG or JPEG" }
      throw ImagingError(
        .invalidArgument, operation: operation, detail: detail ?? "this is not a PNG or JPEG with a whole header")
    }
    guard Image.isUsableSize(width: header.width, height: header.height),
      header.width * header.height <= maximumPixelCount
    else {
      let detail = "its size of \(header.width)×\(header.height) is 0 or over \(maximumPixelCount) pixels"
      throw ImagingError(.invalidArgument, operation: operation, detail: detail)
    }
    let pixels: [UInt8]
    switch header.format {
    case .png: pixels = try PNGCodec.decode(bytes, header, operation)
    case .jpeg: pixels = try JPEGCodec.decode(bytes, header, operation)
    }
    return Image(width: header.width, height: header.height, channels: header.channels, pixels: pixels).upright(header.orientation)
  }

  /// The picture as a PNG file, without loss.
  public static func png(_ image: Image) throws(ImagingError) -> [UInt8] {
    try PNGCodec.encode(image, "encode a PNG")
  }

  /// Grey values of 16 bits, row by row, as a PNG file without loss.
  public static func png(grey values: [UInt16], width: Int, height: Int) throws(ImagingError) -> [UInt8] {
    guard Image.isUsableSize(width: width, height: height), values.count == width * height else {
      throw ImagingError(
        .invalidArgument, operation: "encode a PNG", detail: "\(values.count) values are no picture of \(width)×\(height)")
    }
    return try PNGCodec.encode(grey: values, width: width, height: height, "encode a PNG")
  }

  /// The picture as a JPEG file of a quality from 0 to 100.
  public static func jpeg(_ image: Image, quality: Int = 92) throws(ImagingError) -> [UInt8] {
    guard (0...100).contains(quality) else {
      throw ImagingError(.invalidArgument, operation: "encode a JPEG", detail: "a quality of \(quality) is outside 0 to 100")
    }
    return try JPEGCodec.encode(image, quality: quality, "encode a JPEG")
  }
}
