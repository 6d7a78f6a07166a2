/// What is known of a run while it goes on.
public struct RunProgress: Sendable {
  /// Frames that are done.
  public var frames: Int
  /// Seconds of the stream that are done.
  public var seconds: Double
  /// The share that is done, in [0, 1]; nil where the length is not known.
  public var share: Double?
  /// Tracks, or objects, of the last frame.
  public var liveTracks: Int
  /// Frames that a live source had to drop.
  public var dropped: Int
  /// Whether a live source has gone away and has not come back.
  public var isLost = false

  /// - Parameters: As the properties of their names.
  public init(frames: Int, seconds: Double, share: Double? = nil, liveTracks: Int = 0, dropped: Int = 0, isLost: Bool = false) {
    self.frames = frames
    self.seconds = seconds
    self.share = share
    self.liveTracks = liveTracks
    self.dropped = dropped
    self.isLost = isLost
  }
}
