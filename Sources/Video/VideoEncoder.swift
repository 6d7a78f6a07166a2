internal import CFFmpeg

/// Writes pictures as H.264 in an MP4 or Matroska file, with the time stamps that they are given: no rate is assumed, so variable rates stay as they are.
///
/// The written stamps count from the first picture. A side of odd length is written one pixel longer, its last column or row repeated, for
/// 4:2:0 pictures have even sides. The same pictures give the same file.
/// One thread at a time owns an encoder.
public final class VideoEncoder {
  /// How the file is made.
  public struct Settings: Sendable {
    /// FFmpeg's name of the file's format: "mp4", "mov" or "matroska".
    public var format = "mp4"
    /// Whether an MP4 file can be played up to its last second while it is being written.
    public var isFragmented = false
    /// libx264's preset: "ultrafast" (large files) to "veryslow".
    public var preset = "veryfast"
    /// Constant rate factor, 0 (lossless) to 51.
    public var quality = 23
    /// A hint about the number of pictures a second.
    public var frameRate = Rational(30, 1)
    /// The file depends on this number, so it does not follow the machine's processors.
    public var threads = 2

    /// The defaults.
    public init() {}
  }

  /// The file that is written.
  public let path: String
  /// Pixels.
  public let width: Int
  /// Pixels.
  public let height: Int
  /// Ticks of the stamps given to `write`.
  public let timeBase: Rational
  /// Ticks of the file's stamps: the same unless the given ones are too fine for an MP4 file.
  private let writtenBase: Rational
  private let handle: OpaquePointer
  private var firstPts: Int64?
  private var lastWritten: Int64 = -1

  /// The finest time base written as it is: MP4 stores the time from one picture to the next in 32 bits.
  private static let finestDenominator = 1_000_000

  /// Creates the file, which must not exist or may be replaced.
  ///
  /// - Parameters:
  ///   - width: Pixels of every picture, 1 to 16384.
  ///   - timeBase: Ticks of the stamps; finer ones than a microsecond are rounded to it.
  /// - Throws: `VideoError.cannotCreate` where the file cannot be made, `.invalidOption` for a size or time base that cannot be written.
  public init(path: String, width: Int, height: Int, timeBase: Rational, settings: Settings = Settings()) throws(VideoError) {
    try Library.prepare()
    (self.path, self.width, self.height, self.timeBase) = (path, width, height, timeBase)
    guard (1...16384).contains(width), (1...16384).contains(height) else {
      throw VideoError.invalidOption(name: "the picture size", value: "\(width)x\(height)", rule: "1x1 to 16384x16384")
    }
    guard timeBase.isPositive, (0...51).contains(settings.quality), (1...64).contains(settings.threads) else {
      throw VideoError.invalidOption(
        name: "the encoder", value: "\(timeBase), \(settings)", rule: "a positive time base, quality 0 to 51, 1 to 64 threads")
    }
    let isFine = timeBase.denominator > Self.finestDenominator || timeBase.face == nil
    writtenBase = isFine ? Rational(1, Self.finestDenominator) : timeBase
    handle = try Self.create(path: path, width: width, height: height, timeBase: writtenBase, settings: settings)
  }

  deinit { video_encoder_destroy(handle) }

  private static func create(
    path: String, width: Int, height: Int, timeBase: Rational, settings: Settings
  ) throws(VideoError) -> OpaquePointer {
    guard let base = timeBase.face, let rate = settings.frameRate.face else {
      throw VideoError.invalidOption(name: "the time base", value: "\(timeBase)", rule: "a ratio of 32-bit numbers")
    }
    var message = video_message()
    var handle: OpaquePointer?
    let status = path.withCString { path in
      settings.preset.withCString { preset in
        settings.format.withCString { format in
          var request = video_encoder_request(
            path: path, width: Int32(width), height: Int32(height), time_base: base, frame_rate: rate, format: format,
            is_fragmented: settings.isFragmented ? 1 : 0, preset: preset, quality: Int32(settings.quality),
            threads: Int32(settings.threads))
          return video_encoder_create(&request, &handle, &message)
        }
      }
    }
    guard status == VIDEO_OK, let handle else {
      if status == VIDEO_OUT_OF_MEMORY { throw VideoError.outOfMemory(doing: "opening the encoder of \(path)") }
      if status == VIDEO_WRITE_FAILED { throw VideoError.writeFailed(path: path, reason: message.string) }
      throw VideoError.cannotCreate(path: path, reason: message.string)
    }
    return handle
  }

  /// Encodes one picture.
  ///
  /// - Parameters:
  ///   - bgr: Rows of B, G, R bytes without gaps: width * height * 3.
  ///   - pts: Ticks of `timeBase`. One that is not later than the one before is moved one tick behind it.
  /// - Throws: `VideoError.writeFailed` where the disk is full or the file went away.
  public func write(_ bgr: [UInt8], pts: Int64) throws(VideoError) {
    precondition(bgr.count == width * height * 3, "a picture of another size than the encoder's")
    let first = firstPts ?? pts
    firstPts = first
    let (relative, overflows) = pts.subtractingReportingOverflow(first)
    guard !overflows else { throw VideoError.writeFailed(path: path, reason: "the time stamp \(pts) is out of range") }
    let ticks = writtenBase == timeBase ? relative : writtenBase.ticks(timeBase.seconds(relative))
    lastWritten = max(ticks, lastWritten + 1)
    var message = video_message()
    let status = bgr.withUnsafeBufferPointer {
      video_encoder_write(handle, $0.baseAddress, $0.count, Int32(width * 3), lastWritten, &message)
    }
    try check(status, message)
  }

  /// Writes what is still held back and the file's index; without it the file cannot be played. Nothing can be written afterwards.
  ///
  /// - Throws: `VideoError.writeFailed`.
  public func finish() throws(VideoError) {
    var message = video_message()
    try check(video_encoder_finish(handle, &message), message)
  }

  private func check(_ status: video_status, _ message: video_message) throws(VideoError) {
    switch status {
    case VIDEO_OK: return
    case VIDEO_OUT_OF_MEMORY: throw VideoError.outOfMemory(doing: "encoding \(path)")
    default: throw VideoError.writeFailed(path: path, reason: message.string)
    }
  }
}
