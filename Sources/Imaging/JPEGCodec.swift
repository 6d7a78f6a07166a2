internal import CTurboJPEG

/// JPEG files by libjpeg-turbo's own interface, which keeps its messages to itself.
enum JPEGCodec {
  /// Decodes a file whose header has been checked. A file that breaks off is an error, not a picture with a grey rest.
  ///
  /// - Returns: Grey or B, G, R bytes without gaps, as the header's channels say.
  static func decode(_ bytes: [UInt8], _ header: ImageFile.Header, _ operation: String) throws(ImagingError) -> [UInt8] {
    guard let decoder = tjInitDecompress() else { throw outOfMemory(operation) }
    defer { tjDestroy(decoder) }
    var (width, height, subsampling, colorspace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard tjDecompressHeader3(decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &colorspace) == 0 else {
      throw failure(decoder, operation)
    }
    guard Int(width) == header.width, Int(height) == header.height else {
      throw ImagingError(.library, operation: operation, detail: "the picture is not of the size in its header")
    }
    // The decoder makes no ordinary colours of printers' ones.
    guard colorspace != Int32(TJCS_CMYK.rawValue), colorspace != Int32(TJCS_YCCK.rawValue) else {
      throw ImagingError(.invalidArgument, operation: operation, detail: "its colours are those of print (CMYK); save it as RGB")
    }
    // One byte a channel, rows without padding: exactly what pitch and height tell the decoder to fill.
    var pixels = [UInt8](repeating: 0, count: header.width * header.height * header.channels)
    let status = pixels.withUnsafeMutableBufferPointer { room in
      tjDecompress2(
        decoder, bytes, UInt(bytes.count), room.baseAddress, width, Int32(header.width * header.channels), height,
        format(header.channels), TJFLAG_ACCURATEDCT)
    }
    guard status == 0 else { throw failure(decoder, operation) }
    return pixels
  }

  /// Encodes grey or B, G, R bytes without gaps, colour at half the resolution.
  static func encode(_ source: Image, quality: Int, _ operation: String) throws(ImagingError) -> [UInt8] {
    guard let encoder = tjInitCompress() else { throw outOfMemory(operation) }
    defer { tjDestroy(encoder) }
    let subsampling = Int32((source.channels == 1 ? TJSAMP_GRAY : TJSAMP_420).rawValue)
    // The size for which the encoder promises to fit, so that it needs no memory of its own.
    var room = [UInt8](repeating: 0, count: Int(tjBufSize(Int32(source.width), Int32(source.height), subsampling)))
    var count = UInt(room.count)
    let status = room.withUnsafeMutableBufferPointer { room in
      var start = room.baseAddress
      return tjCompress2(
        encoder, source.pixels, Int32(source.width), Int32(source.width * source.channels), Int32(source.height),
        format(source.channels), &start, &count, subsampling, Int32(max(1, quality)), TJFLAG_ACCURATEDCT | TJFLAG_NOREALLOC)
    }
    guard status == 0 else { throw failure(encoder, operation) }
    room.removeLast(room.count - Int(count))
    return room
  }

  private static func format(_ channels: Int) -> Int32 {
    Int32((channels == 1 ? TJPF_GRAY : TJPF_BGR).rawValue)
  }

  private static func failure(_ handle: tjhandle, _ operation: String) -> ImagingError {
    ImagingError(.library, operation: operation, detail: String(cString: tjGetErrorStr2(handle)))
  }

  private static func outOfMemory(_ operation: String) -> ImagingError {
    ImagingError(.outOfMemory, operation: operation, detail: "there is not enough memory")
  }
}
