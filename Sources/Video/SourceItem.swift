/// What a source delivers, in order.
public enum SourceItem: Sendable {
  case frame(Frame)
  case event(SourceEvent)
}

/// Something that happened between two frames.
public struct SourceEvent: Sendable, Equatable {
  /// The names are those of the stream's schema.
  public enum Kind: String, Sendable {
    /// A piece of the input could not be read or decoded, or only with errors.
    case damage
    /// The frames that follow have another size.
    case size
    /// A live input went away.
    case lost
    /// A live input came back.
    case found
    /// The input's time stamps start anew: the sender changed or began again.
    case source
  }

  /// What happened.
  public var kind: Kind
  /// The ordinal of the next frame.
  public var ordinal: Int
  /// The time of the frame with that ordinal where it is known, of the frame before otherwise; 0 before the first.
  public var seconds: Double
  /// What happened, for people; the same on every run.
  public var detail: String
}

/// A stream of pictures. A source may be used from any thread; `next` from one at a time.
public protocol VideoSource: AnyObject, Sendable {
  var information: SourceInformation { get }

  /// The next frame or event; nil at the end, and after `cancel`.
  ///
  /// - Throws: `VideoError` where the input fails for good; what was delivered before stays good.
  func next() throws(VideoError) -> SourceItem?

  /// Ends a waiting `next` and every later one. Safe on any thread.
  func cancel()
}
