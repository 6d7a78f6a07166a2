internal import CFFmpeg

/// TIFF pictures of one 32-bit float a pixel, as thermal cameras' programs write temperatures; FFmpeg has no decoder for them.
///
/// Read are strips without compression, in both byte orders (TIFF revision 6.0, 1992, sections 2 and 19).
struct GreyTIFF {
  /// What stands in the way of reading such a picture, to be read after the file's name.
  enum Problem: Error, Equatable {
    /// A valid picture of a kind that is not read.
    case unsupported(String)
    case damaged(String)
    case tooLarge(width: Int, height: Int)
  }

  let width: Int
  let height: Int
  /// In rows without gaps.
  let samples: [Float]

  /// Whether a file is such a picture, by its first bytes and the fields that they lead to.
  static func isNamed(_ path: String) -> Bool {
    guard ["tif", "tiff"].contains(where: { path.lowercased().hasSuffix("." + $0) }),
      let bytes = try? FileBytes.read(path, upTo: maximumBytes), let fields = TIFFFields(bytes)
    else { return false }
    return fields.first(.sampleFormat) == 3
  }

  /// Larger files are left to FFmpeg's reader.
  private static let maximumBytes = 1 << 28

  /// The picture of a file of floats.
  ///
  /// - Returns: nil for bytes that are no TIFF picture of floats.
  /// - Throws: `Problem`.
  init?(_ bytes: [UInt8], maximumSide: Int, maximumPixels: Int) throws(Problem) {
    guard let fields = TIFFFields(bytes), fields.first(.sampleFormat) == 3, let bits = fields.first(.bitsPerSample) else {
      return nil
    }
    let channels = fields.first(.samplesPerPixel) ?? 1
    guard bits == 32, channels == 1 else { throw .unsupported("TIFF with \(channels) floats of \(bits) bits a pixel") }
    guard let compression = fields.first(.compression), compression == 1 else {
      throw .unsupported("TIFF of 32-bit floats that is compressed")
    }
    guard fields.first(.tileWidth) == nil else { throw .unsupported("TIFF of 32-bit floats in tiles") }
    guard let width = fields.first(.width), let height = fields.first(.height), width > 0, height > 0 else {
      throw .damaged("the TIFF file names no size")
    }
    guard width <= maximumSide, height <= maximumSide, width * height <= maximumPixels else {
      throw .tooLarge(width: width, height: height)
    }
    self.width = width
    self.height = height
    samples = try GreyTIFF.samples(fields, count: width * height)
  }

  private static func samples(_ fields: TIFFFields, count: Int) throws(Problem) -> [Float] {
    let offsets = fields.values(.stripOffsets)
    let lengths = fields.values(.stripByteCounts)
    // Checked before any memory is taken: a small file may claim a large picture.
    guard !offsets.isEmpty, offsets.count == lengths.count, count <= fields.byteCount / 4 else {
      throw .damaged("the TIFF file lacks its strips")
    }
    var samples: [Float] = []
    samples.reserveCapacity(count)
    for (offset, length) in zip(offsets, lengths) {
      for place in stride(from: offset, to: offset + length / 4 * 4, by: 4) {
        guard samples.count < count else { return samples }
        guard let word = fields.word(at: place) else { throw .damaged("the TIFF file ends early") }
        samples.append(Float(bitPattern: word))
      }
    }
    guard samples.count == count else { throw .damaged("the strips of the TIFF file are too short") }
    return samples
  }
}

extension GreyTIFF {
  /// The picture for the converters.
  func picture() throws(VideoError) -> Picture {
    try Library.prepare()
    var message = video_message()
    var handle: OpaquePointer?
    // The samples are width times height by the initialiser.
    let status = samples.withUnsafeBufferPointer {
      video_picture_create_grey($0.baseAddress, Int32(clamping: width), Int32(clamping: height), &handle, &message)
    }
    guard status == VIDEO_OK, let handle else { throw VideoError.outOfMemory(doing: "reading a TIFF picture") }
    return Picture(handle: handle)
  }
}
