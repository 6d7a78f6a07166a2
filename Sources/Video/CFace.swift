internal import CFFmpeg

/// FFmpeg's process-wide switches, thrown once: its own log is silenced and its network readied.
enum Library {
  private static let prepared: Void = video_library_prepare()

  static func prepare() { prepared }

  /// The versions in use.
  static var description: String {
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
