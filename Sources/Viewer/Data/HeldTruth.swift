import Records

/// The truth that a result is held against, and what came of it.
struct HeldTruth: Sendable {
  /// A moment worth a look.
  struct Moment: Sendable {
    var time: Double
    /// Of the result's tracks; nil for a missed object.
    var id: Int?
    var text: String
  }

  /// Its rows, with what became of each.
  var tracks: TrackColumns
  /// Names and values for people.
  var scores: [(name: String, value: String)] = []
  /// The worst stretches first, then every switch.
  var moments: [Moment] = []
  var notes: [String] = []

  var scoresJSON: JSONValue { .list(scores.map { .list([.text($0.name), .text($0.value)]) }) }

  var momentsJSON: JSONValue {
    .list(
      moments.map {
        .object([("time", .real($0.time)), ("id", $0.id.map { .integer($0) } ?? .null), ("text", .text($0.text))])
      })
  }
}
