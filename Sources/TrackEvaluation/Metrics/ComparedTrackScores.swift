/// The figures by which results are compared, of any choice of some sequences: the families' own combination and formulas.
struct ComparedTrackScores: Sendable {
  /// The names of the figures, in the order of the columns in the tables.
  let names: [String]
  private let hota: Family<HOTAScores>
  private let clear: Family<CLEARScores>
  private let identity: Family<IdentityScores>
  /// The place in `names` of each figure of the families one after another.
  private let places: [Int]

  /// The scores of one family for each sequence, and the rows of its table that are compared; no rows where no sequence has scores.
  private struct Family<Scores: Sendable>: Sendable {
    let parts: [Scores]
    let fields: [ScoreField<Scores>]

    init(_ parts: [Scores?], _ table: [ScoreField<Scores>], empty: Scores) {
      self.parts = parts.map { $0 ?? empty }
      fields = parts.contains { $0 != nil } ? table.filter { $0.uses.contains(.comparison) } : []
    }

    func values(_ combine: ([Scores]) -> Scores) -> [Double] {
      guard !fields.isEmpty else { return [] }
      let scores = combine(parts)
      return fields.map { $0.field(of: scores).scalar }
    }
  }

  /// - Parameter sequences: The scores of each sequence; a family that a sequence lacks counts as one without boxes.
  init(_ sequences: [TrackScores]) {
    hota = Family(sequences.map(\.hota), HOTAScores.table, empty: HOTAScores(missed: 0, surplus: 0))
    clear = Family(sequences.map(\.clear), CLEARScores.table, empty: CLEARScores())
    identity = Family(sequences.map(\.identity), IdentityScores.table, empty: IdentityScores())
    let fields = hota.fields.map(\.name) + clear.fields.map(\.name) + identity.fields.map(\.name)
    names = ScoreHeading.columns.filter { fields.contains($0) }
    places = names.compactMap { fields.firstIndex(of: $0) }
  }

  /// The figures of a choice of sequences, in the order of `names`.
  ///
  /// - Parameter occurrences: How often each sequence occurs in the choice.
  func scores(_ occurrences: [Int]) -> [Double] {
    let values =
      hota.values { HOTAScores.combined($0, times: occurrences) } + clear.values { CLEARScores.combined($0, times: occurrences) }
      + identity.values { IdentityScores.combined($0, times: occurrences) }
    return places.map { values[$0] }
  }
}
