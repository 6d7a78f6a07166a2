/// Which rows of tracks an output or a reader takes: the one table of kinds of rows against outputs.
///
/// | kind of row | stream | `observed` | `seen`, the default of MOT, oriented MOT, CSV and of reading a stream as boxes | `all` |
/// | --- | --- | --- | --- | --- |
/// | observed: a detection of its frame | yes | yes | yes | yes |
/// | smoothed: a detection of its frame, the box in the light of later ones | yes | yes | yes | yes |
/// | interpolated: between two detections, filled in afterwards | yes | no | yes | yes |
/// | predicted: the model alone, a coasting track | yes | no | no | yes |
///
/// The stream keeps every row and marks each. Where no detection stands behind a row it counts as a false one in every comparison, so the
/// texts that are made to be compared leave it out.
public enum RowKinds: String, CaseIterable, Sendable {
  case observed, seen, all

  /// Whether a row of this origin is taken.
  public func holds(_ observation: TrackRecord.Observation) -> Bool {
    switch (self, observation) {
    case (_, .observed), (_, .smoothed), (.all, _), (.seen, .interpolated): true
    case (.observed, .interpolated), (.observed, .predicted), (.seen, .predicted): false
    }
  }
}

/// The coasting rows that a reader of a stream left out, but for those that a later record replaces.
public struct LeftOutRows: Sendable {
  private var keys: Set<UInt64> = []

  /// Nothing left out yet.
  public init() {}

  /// Whether a row is taken; one that is not is noted.
  ///
  /// - Parameters:
  ///   - key: Of the row's frame and track.
  public mutating func takes(_ observation: TrackRecord.Observation, key: UInt64, _ kinds: RowKinds) -> Bool {
    if kinds.holds(observation) {
      if !keys.isEmpty { keys.remove(key) }
      return true
    }
    if observation == .predicted { keys.insert(key) }
    return false
  }

  /// One sentence without its end; nil where nothing was left out.
  public var warning: String? {
    keys.isEmpty
      ? nil : "\(keys.count) coasting \(keys.count == 1 ? "row" : "rows"), which no detection stands behind, left out"
  }
}
