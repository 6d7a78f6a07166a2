/// One record of a stream, one line of its text.
public enum StreamRecord: Sendable, Equatable {
  case header(StreamHeader)
  case frame(FrameRecord)
  /// Rows of an earlier frame that became known later: those of a track before its confirmation, or those between two detections.
  case backfill(BackfillRecord)
  case event(EventRecord)
  case end(EndRecord)
  /// A kind of record that this version does not know.
  case unknown(kind: String)
}

/// Tracks that belong to a frame already written.
public struct BackfillRecord: Sendable, Equatable {
  /// The ordinal of the earlier frame.
  public var frame: Int
  /// Its seconds from the start of the stream.
  public var time: Double
  /// Its rows.
  public var tracks: [TrackRecord]

  /// Rows of an earlier frame.
  public init(frame: Int, time: Double, tracks: [TrackRecord]) {
    self.frame = frame
    self.time = time
    self.tracks = tracks
  }
}

/// Something that happened at a frame.
public struct EventRecord: Sendable, Equatable {
  /// The kinds that this version writes; a reader may meet others.
  public struct Kind: RawRepresentable, Sendable, Hashable {
    /// The kind's name in the stream.
    public var rawValue: String
    /// A kind by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The scene changed.
    public static let cut = Kind(rawValue: "cut")
    /// A damaged frame or packet.
    public static let damage = Kind(rawValue: "damage")
    /// The picture's size changed.
    public static let size = Kind(rawValue: "size")
    /// Frames were left out because the program was behind.
    public static let dropped = Kind(rawValue: "dropped")
    /// The source went away.
    public static let lost = Kind(rawValue: "lost")
    /// The source came back.
    public static let found = Kind(rawValue: "found")
    /// Another source began.
    public static let source = Kind(rawValue: "source")
    /// A track ended.
    public static let trackEnd = Kind(rawValue: "track_end")
  }

  /// The ordinal of the frame at which it happened; nil before the first.
  public var frame: Int?
  /// Seconds from the start of the stream.
  public var time: Double?
  /// What happened.
  public var kind: Kind
  /// What else is known: `message`, `id`, `reason`, `count`, `width`, `height`, …
  public var details: [FurtherKey]

  /// An event by its parts.
  public init(frame: Int?, time: Double?, kind: Kind, details: [FurtherKey] = []) {
    self.frame = frame
    self.time = time
    self.kind = kind
    self.details = details
  }

  /// The end of a track, with the reason for it.
  public static func trackEnd(frame: Int, time: Double, id: Int, reason: String) -> EventRecord {
    EventRecord(
      frame: frame, time: time, kind: .trackEnd,
      details: [FurtherKey("id", .integer(id)), FurtherKey("reason", .text(reason))])
  }

  /// The value of one of the details.
  public subscript(key: String) -> JSONValue? { details.first { $0.key == key }?.value }
}

/// The last record of a stream.
public struct EndRecord: Sendable, Equatable {
  /// How a run came to its end.
  public enum Status: String, Sendable, CaseIterable {
    case complete, interrupted, failed
  }

  /// The number of frame records.
  public var frames: Int
  /// The number of frames left out by a live source.
  public var dropped: Int
  /// The number of damage events; written where it is not 0.
  public var damaged: Int
  /// The number of ids given.
  public var tracks: Int
  /// How the run came to its end.
  public var status: Status
  /// One sentence on what failed.
  public var error: String?

  /// An end by its parts.
  public init(frames: Int, dropped: Int = 0, damaged: Int = 0, tracks: Int, status: Status, error: String? = nil) {
    self.frames = frames
    self.dropped = dropped
    self.damaged = damaged
    self.tracks = tracks
    self.status = status
    self.error = error
  }
}
