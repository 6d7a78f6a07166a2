/// Size, channels and orientation from the first bytes of a PNG (IHDR) or JPEG (what stands up to the first frame header, ITU-T T.81
/// section B.2.2).
enum ImageHeaderReader {
  /// What the file declares; nil where it is neither format or its header is cut off.
  static func read(_ bytes: [UInt8]) -> ImageFile.Header? {
    png(bytes) ?? jpeg(bytes)
  }

  /// The name of another format of pictures by its first bytes; nil where it is none that is known.
  static func otherFormat(_ bytes: [UInt8]) -> String? {
    let formats: [(name: String, start: [UInt8])] = [
      ("BMP", Array("BM".utf8)), ("GIF", Array("GIF8".utf8)), ("TIFF", [0x49, 0x49, 0x2A, 0]), ("TIFF", [0x4D, 0x4D, 0, 0x2A]),
    ]
    if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "WebP" }
    return formats.first { bytes.starts(with: $0.start) }?.name
  }

  private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  private static func png(_ bytes: [UInt8]) -> ImageFile.Header? {
    // Signature, length and "IHDR", width, height, depth, colour type: 26 bytes.
    guard bytes.count >= 26, bytes.starts(with: pngSignature), bytes[12..<16].elementsEqual("IHDR".utf8) else { return nil }
    let colorType = bytes[25]
    let isGrey = colorType == 0 || colorType == 4
    return ImageFile.Header(
      format: .png, width: bigEndian(bytes, at: 16, count: 4), height: bigEndian(bytes, at: 20, count: 4),
      channels: isGrey ? 1 : 3, isDeep: bytes[24] == 16, orientation: .upright)
  }

  private static func jpeg(_ bytes: [UInt8]) -> ImageFile.Header? {
    guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
    var position = 2
    var orientation = PictureOrientation.upright
    // Each turn moves forward by at least two bytes, so the loop ends with the file.
    while position + 4 <= bytes.count {
      guard bytes[position] == 0xFF else { return nil }
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1
        continue
      }
      if marker == 0x01 || (0xD0...0xD7).contains(marker) {
        position += 2
        continue
      }
      let length = bigEndian(bytes, at: position + 2, count: 2)
      if isFrameHeader(marker) {
        guard length >= 8, position + 10 <= bytes.count else { return nil }
        return ImageFile.Header(
          format: .jpeg, width: bigEndian(bytes, at: position + 7, count: 2),
          height: bigEndian(bytes, at: position + 5, count: 2), channels: bytes[position + 9] == 1 ? 1 : 3,
          isDeep: false, orientation: orientation)
      }
      guard length >= 2, marker != 0xDA else { return nil }
      if marker == 0xE1, let stored = PictureOrientation(exif: bytes.dropFirst(position + 4).prefix(length - 2)) {
        orientation = stored
      }
      position += 2 + length
    }
    return nil
  }

  /// SOF0 to SOF15 without the markers of tables (DHT, JPG, DAC) in that range.
  private static func isFrameHeader(_ marker: UInt8) -> Bool {
    (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
  }

  /// An unsigned number of `count` bytes; the caller has checked that they are there.
  private static func bigEndian(_ bytes: [UInt8], at offset: Int, count: Int) -> Int {
    bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
  }
}
