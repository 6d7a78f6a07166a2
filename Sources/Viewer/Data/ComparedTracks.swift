import Records

/// The truth, or another result, beside the stream that is shown.
struct ComparedTracks: Sendable {
  /// A moment worth a look.
  struct Moment: Sendable {
    var time: Double
    /// Of the shown stream's tracks; nil for a missed object.
    var id: Int?
    var text: String
  }

  var tracks: TrackColumns
  var title: String
  /// Names and values for people.
  var scores: [(name: String, value: String)] = []
  var moments: [Moment] = []
  var notes: [String] = []

  var json: JSONValue {
    .object([
      ("title", .text(title)), ("scores", .list(scores.map { .list([.text($0.name), .text($0.value)]) })),
      (
        "events",
        .list(
          moments.map {
            .object([("time", .real($0.time)), ("id", $0.id.map { .integer($0) } ?? .null), ("text", .text($0.text))])
          })
      ),
    ])
  }
}
