import Records

/// What a reviewer thinks of a track from a frame on; a line of `review.ndjson`.
public struct ReviewDecision: Sendable, Equatable {
  /// The kinds, by their names in the file.
  public enum Kind: String, Sendable, CaseIterable {
    /// The track is right; nothing changes.
    case accept
    /// The track is no object, or of no use: all its rows go.
    case wrong
    /// From the frame on, the two tracks have each other's id.
    case swap
    /// The other track is this one: its rows take this id.
    case join
    /// The rows from the frame on go.
    case delete
  }

  public var kind: Kind
  public var id: Int
  /// The other track of `swap` and `join`.
  public var other: Int?
  /// The ordinal of the frame that was shown.
  public var frame: Int

  /// A decision by its parts.
  public init(_ kind: Kind, id: Int, other: Int? = nil, frame: Int) {
    self.kind = kind
    self.id = id
    self.other = other
    self.frame = frame
  }

  /// The line's value.
  public var json: JSONValue {
    var pairs: [(String, JSONValue)] = [
      ("record", .text("review")), ("kind", .text(kind.rawValue)), ("id", .integer(id)), ("frame", .integer(frame)),
    ]
    if let other { pairs.append(("other", .integer(other))) }
    return .object(pairs)
  }
}
