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
    /// A camera's path came to a place that it saw before.
    public static let loop = Kind(rawValue: "loop")
    /// A track ended.
    public static let trackEnd = Kind(rawValue: "track_end")
    /// A track that goes on is not seen any more.
    public static let trackLost = Kind(rawValue: "track_lost")
    /// A track that was lost is seen again.
    public static let trackFound = Kind(rawValue: "track_found")
    /// A track that had ended, or was out of sight, is seen again, by its looks.
    public static let trackReidentified = Kind(rawValue: "track_reidentified")
  }

  /// The ordinal of the frame at which it happened; nil before the first.
  public var frame: Int?
  /// Seconds from the start of the stream.
  public var time: Double?
  /// What happened.
  public var kind: Kind
  /// What else is known: `message`, `id`, `reason`, `gap`, `count`, `width`, `height`, …
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

  /// What happened to a track that goes on: `trackLost` or `trackFound`.
  public static func track(_ kind: Kind, frame: Int, time: Double, id: Int) -> EventRecord {
    EventRecord(frame: frame, time: time, kind: kind, details: [FurtherKey("id", .integer(id))])
  }

  /// A track that goes on under an earlier one's id, with the seconds since that one was last seen.
  public static func trackReidentified(frame: Int, time: Double, id: Int, gap: Double) -> EventRecord {
    var record = track(.trackReidentified, frame: frame, time: time, id: id)
    record.details.append(FurtherKey("gap", .real((gap * 1000).rounded() / 1000)))
    return record
  }

  /// The value of one of the details.
  public subscript(key: String) -> JSONValue? { details.first { $0.key == key }?.value }
}
