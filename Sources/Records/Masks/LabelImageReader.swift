internal import CPng
import Foundation

/// Reads PNG files of labels: the palette's indices as they are stored, never the colours, or the levels of a grey picture.
///
/// A picture of 1 bit has the labels 0 and 1, whichever colours stand for them. Pictures in colour and 16-bit ones are refused.
public enum LabelImageReader {
  /// Pictures with more pixels are refused before any memory is taken for them.
  public static let maximumPixels = 1 << 26
  /// Files of more bytes are refused: 4 bytes a pixel hold every palette picture that is not padded on purpose.
  public static let maximumBytes = 1 << 28

  /// Reads a file.
  public static func read(path: String) throws(RecordsError) -> LabelImage {
    let source = try ByteSource(path: path)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try chunk.withUnsafeMutableBufferPointer { (room) throws(RecordsError) -> Int in
        try source.read(into: UnsafeMutableRawBufferPointer(room))
      }
      guard count > 0 else { break }
      bytes += chunk[0..<count]
      guard bytes.count <= maximumBytes else {
        throw .tooLarge(
          path: path, reason: "it has more than \(maximumBytes) bytes, which no mask of \(maximumPixels) pixels needs")
      }
    }
    return try read(bytes: bytes, name: path)
  }

  /// Reads the bytes of such a file.
  public static func read(bytes: [UInt8], name: String) throws(RecordsError) -> LabelImage {
    let header = try Header(bytes, name: name)
    var labels = [UInt8](repeating: 0, count: header.width * header.height)
    if let reason = decode(bytes, into: &labels, header) {
      throw .malformed(path: name, reason: "its picture cannot be decoded (\(reason)); write it again as a PNG")
    }
    return LabelImage(width: header.width, height: header.height, labels: labels)
  }

  /// What the first chunk says, checked before libpng sees the file.
  private struct Header {
    var width: Int
    var height: Int

    init(_ bytes: [UInt8], name: String) throws(RecordsError) {
      let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      guard bytes.count >= 33, bytes.starts(with: signature), Array(bytes[12..<16]) == Array("IHDR".utf8) else {
        throw .malformed(path: name, reason: "it is not a PNG file; masks are palette or grey PNG files")
      }
      func number(at offset: Int) -> Int { bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) } }
      width = number(at: 16)
      height = number(at: 20)
      let (depth, colorType) = (bytes[24], bytes[25])
      guard width > 0, height > 0, width <= maximumPixels, height <= maximumPixels, width * height <= maximumPixels else {
        throw .malformed(
          path: name, reason: "its size of \(width) x \(height) is not one of a mask (at most \(maximumPixels) pixels)")
      }
      let isPalette = colorType == 3
      guard isPalette || colorType == 0 else {
        throw .malformed(
          path: name, reason: "it is a picture in colour, which has no labels; write the mask as a palette or grey PNG")
      }
      guard depth <= 8 else {
        throw .malformed(path: name, reason: "it has \(depth) bits a pixel; labels have at most 8")
      }
    }
  }

  /// Decodes with libpng's simplified interface, whose colour-map form of a palette or grey picture keeps the stored indices.
  ///
  /// - Returns: Why it failed, nil for success.
  private static func decode(_ bytes: [UInt8], into labels: inout [UInt8], _ header: Header) -> String? {
    // libpng reads the file's bytes again while it decodes, so they must stay where they are until the end.
    bytes.withUnsafeBytes { file in
      var image = png_image()
      image.version = UInt32(PNG_IMAGE_VERSION)
      defer { png_image_free(&image) }
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0,
        Int(image.width) == header.width, Int(image.height) == header.height
      else { return message(of: image) }
      // With alpha in the colour map nothing has to be blended, so transparent entries keep their index too.
      image.format = UInt32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA | PNG_FORMAT_FLAG_COLORMAP)
      // Room for 256 colours of four bytes, the most that a colour map has; one byte a pixel, rows without padding.
      var colors = [UInt8](repeating: 0, count: 256 * 4)
      let isDecoded = labels.withUnsafeMutableBytes { room in
        colors.withUnsafeMutableBytes { map in
          png_image_finish_read(&image, nil, room.baseAddress, png_int_32(header.width), map.baseAddress) != 0
        }
      }
      return isDecoded ? nil : message(of: image)
    }
  }

  private static func message(of image: png_image) -> String {
    let text = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return text.isEmpty ? "it is damaged" : text
  }
}
