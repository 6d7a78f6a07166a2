/// The identity metrics: one assignment of whole truth ids to whole result ids over the sequence, at a similarity of 0.5.
///
/// - Source: E. Ristani et al., Performance measures and a data set for multi-target, multi-camera tracking, 2016,
///   doi:10.1007/978-3-319-48881-3_2; formulas as in TrackEval 1.3.0 (`docs/metrics.md`, Identity).
public struct IdentityScores: Sendable, Equatable {
  /// Boxes of both sides whose ids are assigned to each other and that overlap by at least 0.5.
  public var truePositives = 0
  /// Truth boxes that are no such pair.
  public var falseNegatives = 0
  /// Result boxes that are no such pair.
  public var falsePositives = 0

  /// The counts of nothing.
  public init() {}

  /// Scores from their counts.
  public init(truePositives: Int, falseNegatives: Int, falsePositives: Int) {
    self.truePositives = truePositives
    self.falseNegatives = falseNegatives
    self.falsePositives = falsePositives
  }

  /// IDTP / (IDTP + IDFN).
  public var recall: Double { Double(truePositives) / max(1, Double(truePositives + falseNegatives)) }
  /// IDTP / (IDTP + IDFP).
  public var precision: Double { Double(truePositives) / max(1, Double(truePositives + falsePositives)) }
  /// 2 IDTP / (2 IDTP + IDFP + IDFN).
  public var f1: Double {
    Double(truePositives) / max(1, Double(truePositives) + 0.5 * Double(falsePositives) + 0.5 * Double(falseNegatives))
  }

  /// Several sequences or classes as one: every count is summed.
  ///
  /// - Parameter times: How often each part counts; nil for once.
  public static func combined(_ parts: [IdentityScores], times: [Int]? = nil) -> IdentityScores {
    var sum = IdentityScores()
    for (place, part) in parts.enumerated() {
      let count = times?[place] ?? 1
      sum.truePositives += count * part.truePositives
      sum.falseNegatives += count * part.falseNegatives
      sum.falsePositives += count * part.falsePositives
    }
    return sum
  }

  /// Every figure of the family.
  public static let table: [ScoreField<IdentityScores>] = [
    ScoreField("IDF1", column: 10, uses: [.comparison, .objective]) { .ratio($0.f1) },
    ScoreField("IDR", uses: [.objective]) { .ratio($0.recall) },
    ScoreField("IDP", uses: [.objective]) { .ratio($0.precision) },
    ScoreField("IDTP") { .integer($0.truePositives) },
    ScoreField("IDFN") { .integer($0.falseNegatives) },
    ScoreField("IDFP") { .integer($0.falsePositives) },
  ]

  /// Every figure under TrackEval's name.
  public var fields: [MetricField] { Self.table.map { $0.field(of: self) } }
}

/// Gathers the identity metrics: how many frames each pair of ids overlaps.
///
/// Minimising missed plus surplus boxes over all assignments of ids is the same as maximising the frames of the assigned pairs, since
/// each such frame takes one box from both sums; so a sparse maximum-weight matching replaces the dense square cost of the definition.
struct IdentityAccumulator: Sendable {
  private var frames: [Int32] = []

  /// Adds a frame's pairs with a similarity of at least 0.5 (without tolerance here).
  mutating func add(_ frame: SparseSimilarity, pairs: [Int32]) {
    for index in 0..<frame.pairCount {
      let pair = Int(pairs[index])
      while frames.count <= pair { frames.append(0) }
      if frame.values[index] >= 0.5 { frames[pair] += 1 }
    }
  }

  func scores(
    pairs table: PairTable, truthIDs: Int, resultIDs: Int, truthBoxes: Int, resultBoxes: Int
  ) -> IdentityScores {
    guard truthBoxes > 0, resultBoxes > 0 else {
      return IdentityScores(
        truePositives: 0, falseNegatives: resultBoxes == 0 ? truthBoxes : 0, falsePositives: resultBoxes)
    }
    let matched = bestFrames(pairs: table, truthIDs: truthIDs, resultIDs: resultIDs)
    return IdentityScores(
      truePositives: matched, falseNegatives: truthBoxes - matched, falsePositives: resultBoxes - matched)
  }

  private func bestFrames(pairs table: PairTable, truthIDs: Int, resultIDs: Int) -> Int {
    let used = frames.indices.filter { frames[$0] > 0 }.sorted {
      (table.truth[$0], table.result[$0]) < (table.truth[$1], table.result[$1])
    }
    var graph = SparseSimilarity()
    graph.begin(columns: resultIDs)
    var next = 0
    for id in 0..<truthIDs {
      while next < used.count, table.truth[used[next]] == id {
        graph.append(column: Int(table.result[used[next]]), Double(frames[used[next]]))
        next += 1
      }
      graph.endRow()
    }
    var matcher = SparseMatcher()
    matcher.match(graph, weights: graph.values, needsReferenceTies: false)
    // Bounded: numbers of frames.
    return matcher.pairOfRow.reduce(0) { $0 + ($1 >= 0 ? Int(graph.values[$1]) : 0) }
  }
}
