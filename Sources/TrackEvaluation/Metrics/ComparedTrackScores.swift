/// The figures by which results are compared, of any choice of some sequences: the families' own combination and formulas.
struct ComparedTrackScores: Sendable {
  /// The names of the figures, in the order of the columns in the tables.
  let names: [String]
  private let hota: Family<HOTASums, HOTAScores>
  private let clear: Family<CLEARScores, CLEARScores>
  private let identity: Family<IdentityScores, IdentityScores>
  /// The names of those that are ratios.
  let ratios: Set<String>
  /// The place in `names` of each figure of the families one after another.
  private let places: [Int]

  /// What one family's scores are combined from, for each sequence, and the rows of its table that are compared; no rows where no
  /// sequence has scores.
  private struct Family<Part: Sendable, Scores: Sendable>: Sendable {
    let parts: [Part]
    let fields: [ScoreField<Scores>]
    /// The names of the rows that are ratios, whatever the scores.
    let ratios: [String]

    init(_ scores: [Scores?], _ table: [ScoreField<Scores>], empty: Scores, part: (Scores) -> Part) {
      parts = scores.map { part($0 ?? empty) }
      fields = scores.contains { $0 != nil } ? table.filter { $0.uses.contains(.comparison) } : []
      ratios = fields.map { $0.field(of: empty) }.filter(\.isRatio).map(\.name)
    }

    func values(_ combine: ([Part]) -> Scores) -> [Double] {
      guard !fields.isEmpty else { return [] }
      let scores = combine(parts)
      return fields.map { $0.field(of: scores).scalar }
    }
  }

  /// - Parameter sequences: The scores of each sequence; a family that a sequence lacks counts as one without boxes.
  init(_ sequences: [TrackScores]) {
    hota = Family(sequences.map(\.hota), HOTAScores.table, empty: HOTAScores(missed: 0, surplus: 0)) { HOTASums($0) }
    clear = Family(sequences.map(\.clear), CLEARScores.table, empty: CLEARScores()) { $0 }
    identity = Family(sequences.map(\.identity), IdentityScores.table, empty: IdentityScores()) { $0 }
    let fields = hota.fields.map(\.name) + clear.fields.map(\.name) + identity.fields.map(\.name)
    names = ScoreHeading.columns.filter { fields.contains($0) }
    ratios = Set(hota.ratios + clear.ratios + identity.ratios)
    places = names.compactMap { fields.firstIndex(of: $0) }
  }

  /// The figures of a choice of sequences, in the order of `names`.
  ///
  /// - Parameter occurrences: How often each sequence occurs in the choice.
  func scores(_ occurrences: [Int]) -> [Double] {
    let values =
      hota.values { parts in
        var sum = HOTASums()
        for (part, times) in zip(parts, occurrences) { sum.add(part, times: times) }
        return HOTAScores(sum)
      } + clear.values { CLEARScores.combined($0, times: occurrences) }
      + identity.values { IdentityScores.combined($0, times: occurrences) }
    return places.map { values[$0] }
  }
}
