/// The identity metrics: one assignment of whole truth ids to whole result ids over the sequence, at a similarity of 0.5.
///
/// - Source: E. Ristani et al., Performance measures and a data set for multi-target, multi-camera tracking, 2016,
///   doi:10.1007/978-3-319-48881-3_2; formulas as in TrackEval 1.3.0 (`metrics-and-formats.md` section 4).
public struct IdentityScores: Sendable, Equatable {
  public var truePositives = 0
  public var falseNegatives = 0
  public var falsePositives = 0

  public init() {}

  public init(truePositives: Int, falseNegatives: Int, falsePositives: Int) {
    self.truePositives = truePositives
    self.falseNegatives = falseNegatives
    self.falsePositives = falsePositives
  }

  public var recall: Double { Double(truePositives) / max(1, Double(truePositives + falseNegatives)) }
  public var precision: Double { Double(truePositives) / max(1, Double(truePositives + falsePositives)) }
  public var f1: Double {
    Double(truePositives) / max(1, Double(truePositives) + 0.5 * Double(falsePositives) + 0.5 * Double(falseNegatives))
  }

  /// Several sequences or classes as one: every count is summed.
  public static func combined(_ parts: [IdentityScores]) -> IdentityScores {
    parts.reduce(into: IdentityScores()) { sum, part in
      sum.truePositives += part.truePositives
      sum.falseNegatives += part.falseNegatives
      sum.falsePositives += part.falsePositives
    }
  }

  /// Every field under TrackEval's names.
  public var fields: [MetricField] {
    [
      MetricField("IDF1", .real(f1)), MetricField("IDR", .real(recall)), MetricField("IDP", .real(precision)),
      MetricField("IDTP", .integer(truePositives)), MetricField("IDFN", .integer(falseNegatives)),
      MetricField("IDFP", .integer(falsePositives)),
    ]
  }
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
    return matcher.pairOfRow.reduce(0) { $0 + ($1 >= 0 ? Int(graph.values[$1]) : 0) }
  }
}
