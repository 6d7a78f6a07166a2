internal import CFFmpeg

/// FFmpeg, loaded when a video is first asked for, and its process-wide switches: its own log is silenced and its network readied.
enum Library {
  private static let prepared: Result<Void, VideoError> = {
    var message = video_message()
    guard video_library_prepare(&message) == VIDEO_OK else { return .failure(.noFFmpeg(reason: message.string)) }
    return .success(())
  }()

  /// Must have returned before anything but an interrupt is made.
  ///
  /// - Throws: `VideoError.noFFmpeg` where a library is missing.
  static func prepare() throws(VideoError) { try prepared.get() }

  /// The versions in use.
  static func description() throws(VideoError) -> String {
    try prepare()
    var message = video_message()
    video_library_describe(&message)
    return message.string
  }
}

extension video_message {
  /// The text up to its zero byte.
  var string: String { textUpToZero(of: text) }
}

extension video_name {
  var string: String { textUpToZero(of: text) }
}

/// The characters of a C array that Swift sees as a tuple of bytes.
private func textUpToZero<Tuple>(of tuple: Tuple) -> String {
  // The tuple's own storage bounds the read.
  withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

extension Rational {
  init(_ value: video_rational) { self.init(Int(value.numerator), Int(value.denominator)) }

  /// nil unless both parts are positive.
  init?(positive value: video_rational) {
    self.init(value)
    if !isPositive { return nil }
  }

  /// nil where a part does not fit.
  var face: video_rational? {
    guard let numerator = Int32(exactly: numerator), let denominator = Int32(exactly: denominator) else { return nil }
    return video_rational(numerator: numerator, denominator: denominator)
  }
}

extension Turn {
  init(_ turn: video_turn) {
    self.init(quarterTurns: Int(turn.quarter_turns), isMirrored: turn.is_mirrored != 0)
  }
}
