import Records

/// The rows that a stream holds after their frames.
struct LateRows {
  private var tracks: [Int: [TrackRecord]] = [:]
  /// Whether the stream has its end.
  private(set) var isEnded = true

  /// Reads a stream; of standard input, which cannot be read twice, there are none.
  ///
  /// - Throws: `RecordsError` for a stream that cannot be read.
  init(stream: String) throws {
    guard stream != "-" else { return }
    let reader = try StreamReader(path: stream, keepsFurther: false)
    while let record = try reader.next() {
      if case .backfill(let late) = record { tracks[late.frame, default: []] += late.tracks }
    }
    isEnded = reader.end != nil
  }

  /// Those of a frame by its ordinal.
  subscript(frame: Int) -> [TrackRecord] { tracks[frame] ?? [] }
}
