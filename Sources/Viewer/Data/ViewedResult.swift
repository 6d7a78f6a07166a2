import Records

/// One result that a page shows, with the truth that it is held against.
struct ViewedResult: Sendable {
  var tracks: TrackColumns
  /// What it is called beside another.
  var title: String
  var truth: HeldTruth?

  /// Adds its columns and those of the truth, and gives what the page is told of both; the numbers are those of the sets.
  func pack(into packer: inout ColumnPacker, _ sets: inout [JSONValue]) -> JSONValue {
    var pairs: [(String, JSONValue)] = [("title", .text(title)), ("set", .integer(sets.count))]
    sets.append(tracks.pack(into: &packer))
    if let truth {
      pairs += [("truth", .integer(sets.count)), ("scores", truth.scoresJSON), ("events", truth.momentsJSON)]
      sets.append(truth.tracks.pack(into: &packer))
    }
    return .object(pairs)
  }

  var notes: [String] { tracks.notes + (truth?.notes ?? []) }
}
