internal import CFFmpeg

/// One displayed picture of a source, turned upright and with square pixels; a reference to the decoder's own pixels, so copies cost nothing.
public struct Frame: Sendable {
  /// Counts the source's delivered frames from 0.
  public let ordinal: Int
  /// The stream's own time stamp, in ticks of `timeBase`.
  public let pts: Int64
  /// Seconds in a tick of `pts`.
  public let timeBase: Rational
  /// Seconds from the source's first picture (which trimming may leave out). Larger for every frame, even where the stream's own
  /// stamps jump back.
  public let seconds: Double
  /// Whether it can be decoded without the frames before it.
  public let isKey: Bool
  /// The decoder concealed errors in this picture or in one that it stands on.
  public let isDamaged: Bool
  /// The values that deep grey (more than 8 bits a pixel, or floats) is stretched between, from black to white; nil for other pictures.
  public let range: ClosedRange<Double>?
  let picture: Picture
  let converters: ConverterPool

  /// The same picture at another place in time.
  func placed(ordinal: Int, pts: Int64, timeBase: Rational, seconds: Double) -> Frame {
    Frame(
      ordinal: ordinal, pts: pts, timeBase: timeBase, seconds: seconds, isKey: isKey, isDamaged: isDamaged, range: range,
      picture: picture, converters: converters)
  }

  /// Displayed pixels.
  public var width: Int { picture.width }
  /// Pixels, as shown: rotation applied, pixels square.
  public var height: Int { picture.height }

  /// Gives `body` the displayed picture's 8-bit luma: the decoder's own plane where that is possible (no copy), else a converted one.
  ///
  /// The stored luma's range is kept (16–235 or 0–255); RGB becomes full-range luma by BT.601; deep grey is stretched to
  /// `range`, deeper luma of colours rounded to 8 bits.
  ///
  /// - Parameter body: Gets the bytes (valid only during the call), width, height and the bytes from one row to the next.
  /// - Throws: What `body` throws, and `VideoError` where the pixel format cannot be converted.
  public func withLuma<Result>(
    _ body: (_ bytes: UnsafeRawBufferPointer, _ width: Int, _ height: Int, _ stride: Int) throws -> Result
  ) throws -> Result {
    if let plane = picture.ownLuma {
      // The picture owns the plane, so it has to outlive the call.
      return try withExtendedLifetime(picture) { try body(plane.buffer, width, height, Int(plane.stride)) }
    }
    let converter = try converters.take()
    defer { converters.giveBack(converter) }
    let plane = try converter.luma(of: picture, range: range)
    return try body(plane.buffer, width, height, Int(plane.stride))
  }

  /// The value of black in the luma that `withLuma` gives: 16 or 0.
  public var black: UInt8 { picture.black }

  /// Gives `body` each of the decoder's own planes of 8-bit chroma, blue and then red difference, at their own size: often half the luma's.
  ///
  /// - Parameter body: Gets the bytes (valid only during the call), width, height and the bytes from one row to the next.
  /// - Returns: What `body` returned; nil where the picture has no such planes (grey, RGB, deep colours) or is turned.
  public func withChroma<Result>(
    _ body: (_ bytes: UnsafeRawBufferPointer, _ width: Int, _ height: Int, _ stride: Int) throws -> Result
  ) rethrows -> (blue: Result, red: Result)? {
    guard let planes = picture.ownChroma else { return nil }
    func read(_ plane: video_plane) throws -> Result {
      try body(plane.buffer, Int(plane.row_bytes), Int(plane.rows), Int(plane.stride))
    }
    return try withExtendedLifetime(picture) { (try read(planes.blue), try read(planes.red)) }
  }

  /// The displayed picture as rows of B, G, R bytes without gaps, full range, by the stream's own colour matrix and range.
  ///
  /// - Throws: `VideoError` where the pixel format cannot be converted.
  public func bgr() throws(VideoError) -> (pixels: [UInt8], width: Int, height: Int) {
    let converter = try converters.take()
    defer { converters.giveBack(converter) }
    return (try converter.bgr(of: picture, range: range), width, height)
  }

  /// Gives `body` the first plane as it is stored, not turned and not scaled: luma of planar formats (two bytes a sample in this machine's
  /// order above 8 bits), whole pixels of packed ones.
  ///
  /// - Returns: What `body` returns; nil for pictures stored bottom-up.
  public func withStoredPlane<Result>(
    _ body: (_ bytes: UnsafeRawBufferPointer, _ rowBytes: Int, _ rows: Int, _ stride: Int) throws -> Result
  ) rethrows -> Result? {
    guard let plane = picture.storedPlane else { return nil }
    return try withExtendedLifetime(picture) {
      try body(plane.buffer, Int(plane.row_bytes), Int(plane.rows), Int(plane.stride))
    }
  }
}
