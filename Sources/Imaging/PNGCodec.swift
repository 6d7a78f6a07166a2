internal import CPng

/// PNG files by libpng's simplified interface, which keeps its messages to itself.
enum PNGCodec {
  /// Decodes a file whose header has been checked.
  ///
  /// - Returns: Grey or B, G, R bytes without gaps, as the header's channels say; an alpha channel is dropped, not blended; grey of 16 bits
  ///   is stretched to its range.
  static func decode(_ bytes: [UInt8], _ header: ImageFile.Header, _ operation: String) throws(ImagingError) -> [UInt8] {
    if header.isDeep, header.channels == 1 {
      return DeepGrey(try deepGrey(bytes, header, operation), width: header.width).stretched()
    }
    return try reading(bytes, header, operation) { image in
      // Deep colours are taken as ordinary ones with more digits, as viewers take them, and not as amounts of light.
      if header.isDeep { image.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB) }
      let hasAlpha = image.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0
      let color = header.channels == 1 ? 0 : UInt32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_BGR)
      image.format = color | (hasAlpha ? UInt32(PNG_FORMAT_FLAG_ALPHA) : 0)
      let stored = header.channels + (hasAlpha ? 1 : 0)
      // One byte a channel, rows without padding: exactly what the stride below tells libpng to fill.
      var pixels = [UInt8](repeating: 0, count: header.width * header.height * stored)
      let isDecoded = pixels.withUnsafeMutableBytes { room in
        png_image_finish_read(&image, nil, room.baseAddress, png_int_32(header.width * stored), nil) != 0
      }
      guard isDecoded else { return .failure(failure(image, operation)) }
      return .success(hasAlpha ? withoutLast(of: stored, pixels) : pixels)
    }
  }

  /// Begins to read a file, of which the body takes the pixels.
  private static func reading<Pixels>(
    _ bytes: [UInt8], _ header: ImageFile.Header, _ operation: String, _ body: (inout png_image) -> Result<Pixels, ImagingError>
  ) throws(ImagingError) -> Pixels {
    // libpng reads the file's bytes again while it decodes, so they must stay where they are until the end.
    let result: Result<Pixels, ImagingError> = bytes.withUnsafeBytes { file in
      var image = png_image()
      image.version = UInt32(PNG_IMAGE_VERSION)
      defer { png_image_free(&image) }
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0,
        Int(image.width) == header.width, Int(image.height) == header.height
      else { return .failure(failure(image, operation)) }
      return body(&image)
    }
    return try result.get()
  }

  /// The values of grey of 16 bits as they are stored, whatever the file says of their meaning as light; an alpha channel is dropped.
  private static func deepGrey(_ bytes: [UInt8], _ header: ImageFile.Header, _ operation: String) throws(ImagingError) -> [UInt16] {
    try reading(withoutColorSpace(bytes), header, operation) { image in
      // With alpha libpng's linear form is multiplied by it, which would change the values.
      guard image.format & UInt32(PNG_FORMAT_FLAG_ALPHA) == 0 else {
        return .failure(
          ImagingError(.invalidArgument, operation: operation, detail: "grey of 16 bits with an alpha channel is not read"))
      }
      image.format = UInt32(PNG_FORMAT_FLAG_LINEAR)
      // One value a pixel, rows without padding: what the stride, in values, tells libpng to fill.
      var values = [UInt16](repeating: 0, count: header.width * header.height)
      let isDecoded = values.withUnsafeMutableBytes { room in
        png_image_finish_read(&image, nil, room.baseAddress, png_int_32(header.width), nil) != 0
      }
      return isDecoded ? .success(values) : .failure(failure(image, operation))
    }
  }

  /// The file without the chunks by which libpng would change values of 16 bits: without them it takes them for linear, and leaves them.
  private static func withoutColorSpace(_ bytes: [UInt8]) -> [UInt8] {
    var kept = Array(bytes.prefix(8))
    kept.reserveCapacity(bytes.count)
    var position = 8
    // A chunk is its length (4 bytes), its type (4), as many bytes and a checksum (4); each turn goes on by at least 12.
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 12 + length
      guard end <= bytes.count else { break }
      let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      if !["gAMA", "sRGB", "iCCP", "cHRM"].contains(type) { kept += bytes[position..<end] }
      position = end
    }
    return kept + bytes[position...]
  }

  /// Encodes grey or B, G, R bytes without gaps.
  static func encode(_ source: Image, _ operation: String) throws(ImagingError) -> [UInt8] {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(source.width)
    image.height = UInt32(source.height)
    image.format = source.channels == 1 ? 0 : UInt32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_BGR)
    defer { png_image_free(&image) }
    // Deflate adds less than a thousandth to what it cannot compress; each row has one byte for its filter, the rest is for the chunks.
    let plain = source.pixels.count + source.height
    var room = [UInt8](repeating: 0, count: plain + plain / 500 + (1 << 16))
    var count = room.count
    let isEncoded = source.pixels.withUnsafeBytes { pixels in
      room.withUnsafeMutableBytes { room in
        png_image_write_to_memory(
          &image, room.baseAddress, &count, 0, pixels.baseAddress, png_int_32(source.width * source.channels), nil) != 0
      }
    }
    guard isEncoded else { throw failure(image, operation) }
    room.removeLast(room.count - count)
    return room
  }

  /// Encodes grey values of 16 bits without gaps; libpng's linear form keeps them as they are.
  static func encode(grey values: [UInt16], width: Int, height: Int, _ operation: String) throws(ImagingError) -> [UInt8] {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(width)
    image.height = UInt32(height)
    image.format = UInt32(PNG_FORMAT_FLAG_LINEAR)
    defer { png_image_free(&image) }
    let plain = 2 * values.count + height
    var room = [UInt8](repeating: 0, count: plain + plain / 500 + (1 << 16))
    var count = room.count
    let isEncoded = values.withUnsafeBytes { pixels in
      room.withUnsafeMutableBytes { room in
        png_image_write_to_memory(&image, room.baseAddress, &count, 0, pixels.baseAddress, png_int_32(width), nil) != 0
      }
    }
    guard isEncoded else { throw failure(image, operation) }
    room.removeLast(room.count - count)
    return room
  }

  /// The bytes without the last of every group.
  private static func withoutLast(of group: Int, _ bytes: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count / group * (group - 1))
    for start in stride(from: 0, to: bytes.count, by: group) { kept += bytes[start..<(start + group - 1)] }
    return kept
  }

  private static func failure(_ image: png_image, _ operation: String) -> ImagingError {
    let text = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return ImagingError(.library, operation: operation, detail: text.isEmpty ? "the file is damaged" : text)
  }
}
