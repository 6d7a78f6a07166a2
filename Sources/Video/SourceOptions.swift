/// How a source is to be read.
public struct SourceOptions: Sendable {
  /// Pictures earlier than so many seconds after the first one are left out.
  public var startSeconds: Double = 0
  /// Frames are numbered by their place in the whole input, also where the start leaves some out: these are then decoded and counted.
  /// Otherwise the first delivered frame is frame 0, and what lies before the start is jumped over.
  public var numbersWholeInput = false
  /// The stream ends before the first picture that is at or after so many seconds from the first one.
  public var endSeconds: Double?
  /// The largest number of frames delivered.
  public var maximumFrames: Int?
  /// Pictures per second of image folders and of streams without time stamps, and the rate that a camera is asked for; nil: 25 for folders,
  /// what the stream or camera says otherwise.
  public var framesPerSecond: Rational?
  /// The container's stream to decode; nil: the best video stream.
  public var streamIndex: Int?
  /// Threads of the decoder. The pictures of a sound file do not depend on it; how a damaged one is concealed does, so whoever wants the
  /// same bytes from every file leaves it at 1.
  public var decoderThreads = 1
  /// What a live input may take for its first picture, and for every one after it.
  public var timeoutSeconds: Double = 10
  /// How long a live input that went away is tried again; 0: not at all.
  public var giveUpSeconds: Double = 30
  /// The longest side of a picture, in pixels.
  public var maximumSide = 16384
  /// The largest area of a picture, in pixels.
  public var maximumPixels = 1 << 27
  /// The values of deep grey (more than 8 bits a pixel, or floats) that become black and white; nil follows the values in use.
  public var valueRange: ClosedRange<Double>?
  /// Options of FFmpeg's demuxer and protocol, such as ["rtsp_transport": "tcp"].
  public var libraryOptions: [String: String] = [:]
  /// Lets another thread end the opening and the reading.
  public var cancellation = SourceCancellation()

  /// The defaults.
  public init() {}

  static let defaultImageRate = Rational(25, 1)

  /// Checks every value against its rule.
  ///
  /// - Throws: `VideoError.invalidOption`.
  func validate() throws(VideoError) {
    func require(_ isGood: Bool, _ name: String, _ value: Any, _ rule: String) throws(VideoError) {
      if !isGood { throw VideoError.invalidOption(name: name, value: "\(value)", rule: rule) }
    }
    try require(startSeconds >= 0 && startSeconds.isFinite, "the start", startSeconds, "0 s or more")
    if let endSeconds { try require(endSeconds > startSeconds, "the end", endSeconds, "later than the start") }
    if let maximumFrames { try require(maximumFrames > 0, "the number of frames", maximumFrames, "1 or more") }
    if let rate = framesPerSecond {
      let isGood = rate.isPositive && rate.numerator <= Int32.max && rate.denominator <= Int32.max
      try require(isGood, "the frame rate", rate, "positive")
    }
    try require((1...64).contains(decoderThreads), "the decoder's threads", decoderThreads, "1 to 64")
    try require(timeoutSeconds > 0, "the time-out", timeoutSeconds, "more than 0 s")
    try require(giveUpSeconds >= 0, "the time before giving up", giveUpSeconds, "0 s or more")
    try require((1...32768).contains(maximumSide), "the longest side", maximumSide, "1 to 32768 pixels")
    try require((1...(1 << 30)).contains(maximumPixels), "the largest area", maximumPixels, "1 to 2^30 pixels")
    for (key, value) in libraryOptions {
      let text = key + value
      try require(!key.isEmpty && !text.contains("\n") && !key.contains("="), "an option", key, "a name and a value on one line")
    }
  }

  /// Whether a picture at this time is wanted, not yet wanted, or beyond the end.
  func place(of seconds: Double) -> Place {
    // Stamps are exact but their difference in seconds is rounded: a picture that is meant to be at the start must count as such.
    let slack = 1e-9
    if seconds < startSeconds - slack { return .before }
    if let endSeconds, seconds >= endSeconds - slack { return .after }
    return .within
  }

  enum Place { case before, within, after }
}
