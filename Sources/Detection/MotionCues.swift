/// What the motion detector goes by beside differences of grey values from its background: all of it, unless somebody wants to know what one is worth
/// (Benchmarks/README.md, "What each cue is worth").
public struct MotionCues: Sendable, Codable, Hashable {
  /// Small things, by differences of frames.
  public var spots = true
  /// Differences in colour.
  public var colors = true
  /// Darkenings of the ground that hang on an object are cut off.
  public var shadows = true
  /// The way of scenery above the ground before a moving camera is no way of an object.
  public var parallax = true
  /// Small things have the extent of what differs from the background there.
  public var extents = true
  /// What has gone its own length and stops stays while its place still differs.
  public var standing = true

  /// All of them.
  public init() {}
}
