/// How stored pictures become displayed ones.
public struct Turn: Hashable, Sendable {
  /// Quarter turns clockwise, 0 to 3, made after mirroring.
  public var quarterTurns: Int
  /// Left and right change places.
  public var isMirrored: Bool

  /// A turn by quarters, clockwise, and a mirroring before it.
  public init(quarterTurns: Int = 0, isMirrored: Bool = false) {
    self.quarterTurns = quarterTurns
    self.isMirrored = isMirrored
  }

  /// The clockwise angle in degrees.
  public var degrees: Int { quarterTurns * 90 }
}

/// One stream of a container.
public struct StreamInformation: Sendable, Equatable {
  /// The position in the file, from 0.
  public var index: Int
  /// "video", "audio", "subtitle", "data" or "attachment".
  public var kind: String
  /// FFmpeg's name of the codec.
  public var codec: String
  /// FFmpeg's name of the pixel format; empty for other kinds.
  public var pixelFormat: String
  /// The stored size, in pixels; 0 for other kinds.
  public var codedWidth: Int
  /// Pixels, as decoded.
  public var codedHeight: Int
  /// The size with square pixels, turned upright.
  public var displayWidth: Int
  /// Pixels, as shown.
  public var displayHeight: Int
  /// Width to height of a stored pixel; nil where the stream does not say.
  public var pixelAspect: Rational?
  /// How the decoded picture is turned to be shown.
  public var turn: Turn
  /// Mean pictures per second; nil where unknown.
  public var averageRate: Rational?
  /// Seconds in a tick.
  public var timeBase: Rational
  /// Seconds; nil where unknown.
  public var duration: Double?
  /// nil where the container does not say.
  public var frameCount: Int?
  /// The cover of a record rather than a video.
  public var isCover: Bool
}

/// What is known of a source once its first picture is decoded.
public struct SourceInformation: Sendable, Equatable {
  /// Where pictures come from.
  public enum Kind: String, Sendable {
    case file, images, pipe, camera, network, generator
  }

  /// The input as the person gave it, without a password.
  public var uri: String
  /// Where the pictures come from.
  public var kind: Kind
  /// FFmpeg's name of the container, device or protocol.
  public var format: String
  /// Whether pictures come at their own pace, so that a slow reader falls behind.
  public var isLive: Bool
  /// Size of the first displayed picture: turned upright, with square pixels.
  public var width: Int
  /// Pixels, as shown.
  public var height: Int
  /// Seconds in a tick of a frame's time stamp.
  public var timeBase: Rational
  /// Mean pictures per second; nil where unknown.
  public var frameRate: Rational?
  /// Whether the pictures carry no times, which are then made from `frameRate`.
  public var isUntimed = false
  /// Seconds; nil where unknown.
  public var duration: Double?
  /// nil where unknown. Before trimming.
  public var frameCount: Int?
  /// The time stamp of the first picture: where `Frame.seconds` is 0.
  public var firstPts: Int64
  /// What was done to the pictures.
  public var turn: Turn
  /// Width to height of the stored pixels; the displayed ones are square. nil where the stream does not say, which counts as square.
  public var pixelAspect: Rational?
  /// The values that the first picture uses, where it is deep grey (more than 8 bits a pixel, or floats); nil for others.
  public var valueRange: ClosedRange<Double>?
  /// What a person should know about the input, one sentence each.
  public var notes: [String] = []
  /// All streams of the container; a single one for images.
  public var streams: [StreamInformation]
  /// The stream that is decoded.
  public var streamIndex: Int
}
