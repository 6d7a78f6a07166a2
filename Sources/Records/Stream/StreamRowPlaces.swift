/// Which row of a table each track takes while a stream's frames and back-filled frames come: a later record of a track in the same frame takes
/// the row of the earlier one. Rows are numbered in the order in which they first came.
public struct StreamRowPlaces: Sendable {
  /// Which kinds of rows are taken.
  private let kinds: RowKinds
  /// The row of each frame and id.
  private var rows: [UInt64: Int] = [:]
  /// The rows that were not of the kinds.
  public private(set) var leftOut = LeftOutRows()
  /// One more than the last frame that came, whether or not it had tracks.
  public private(set) var frameCount = 0

  /// - Parameter kinds: Which kinds of rows are taken.
  public init(_ kinds: RowKinds) { self.kinds = kinds }

  /// Counts a frame, from 0.
  public mutating func count(frame: Int) { frameCount = max(frameCount, frame + 1) }

  /// The row of a track in a frame from 0 to `BoxTableReader.maximumFrame`, and whether it is a new one behind all others; nil for a kind
  /// that is not taken.
  public mutating func row(frame: Int, _ track: TrackRecord) -> (number: Int, isNew: Bool)? {
    let key = UInt64(frame) << 32 | UInt64(UInt32(truncatingIfNeeded: track.id))
    guard leftOut.takes(track.observation, key: key, kinds) else { return nil }
    if let row = rows[key] { return (row, false) }
    let row = rows.count
    rows[key] = row
    return (row, true)
  }
}
