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
