/// Gathers HOTA over the frames of one sequence in two passes: first the association potential of all frames, then the matching.
struct HOTAAccumulator: Sendable {
  private static let bucketCount = HOTAScores.alphas.count + 1
  /// A pair passes a threshold from this similarity on.
  private static let gates = HOTAScores.alphas.map { $0 - .ulpOfOne }

  private let truthCounts: [Int32]
  private let resultCounts: [Int32]
  /// Σ J of each pair; after the first pass the alignment score A.
  private var alignment: [Double] = []
  /// For each pair its row in `histogram`, −1 where it was never matched.
  private var histogramRow: [Int32] = []
  /// How often a pair was matched while it passed exactly n thresholds.
  private var histogram: [Int32] = []
  private var histogramPairs: [Int32] = []
  /// Σ S of the matches that pass exactly n thresholds.
  private var similaritySums = Array(repeating: 0.0, count: bucketCount)
  private var weights: [Double] = []
  private var columnSums: [Double] = []

  /// - Parameters: the number of boxes of each truth id and each result id.
  init(truthCounts: [Int32], resultCounts: [Int32]) {
    self.truthCounts = truthCounts
    self.resultCounts = resultCounts
  }

  // MARK: - First pass

  /// Adds a frame's similarities, normalised by what competes with them, to the potential of its pairs.
  mutating func addPotential(_ frame: SparseSimilarity, pairs: [Int32]) {
    sumColumns(frame)
    for row in 0..<frame.rowCount {
      let range = frame.pairs(ofRow: row)
      guard !range.isEmpty else { continue }
      let rowSum = NumpySum.sum(frame, row: row)
      for index in range {
        let similarity = frame.values[index]
        let competing = columnSums[Int(frame.columns[index])] + rowSum - similarity
        let pair = Int(pairs[index])
        while alignment.count <= pair { alignment.append(0) }
        if competing > .ulpOfOne { alignment[pair] += similarity / competing }
      }
    }
  }

  /// The sums over the rows in numpy's order: row after row, but pairwise where there is a single column.
  private mutating func sumColumns(_ frame: SparseSimilarity) {
    columnSums.removeAll(keepingCapacity: true)
    columnSums.append(contentsOf: repeatElement(0, count: frame.columnCount))
    if frame.columnCount == 1 {
      columnSums[0] = NumpySum.sumOfOnlyColumn(frame)
      return
    }
    for index in 0..<frame.pairCount { columnSums[Int(frame.columns[index])] += frame.values[index] }
  }

  /// Ends the first pass: A = P / (G + K − P).
  mutating func finishPotential(pairs table: PairTable) {
    for pair in 0..<alignment.count {
      let counts = Double(truthCounts[Int(table.truth[pair])] + resultCounts[Int(table.result[pair])])
      alignment[pair] /= counts - alignment[pair]
    }
    histogramRow = Array(repeating: -1, count: table.count)
  }

  // MARK: - Second pass

  /// Matches a frame by alignment times similarity and books each match at the thresholds that it passes.
  mutating func addMatches(_ frame: SparseSimilarity, pairs: [Int32], matcher: inout SparseMatcher) {
    guard frame.pairCount > 0 else { return }
    weights.removeAll(keepingCapacity: true)
    for index in 0..<frame.pairCount { weights.append(alignment[Int(pairs[index])] * frame.values[index]) }
    matcher.match(frame, weights: weights)
    for index in matcher.pairOfRow where index >= 0 { book(pair: Int(pairs[index]), similarity: frame.values[index]) }
  }

  private mutating func book(pair: Int, similarity: Double) {
    var passed = 0
    while passed < HOTAAccumulator.gates.count, similarity >= HOTAAccumulator.gates[passed] { passed += 1 }
    guard passed > 0 else { return }
    similaritySums[passed] += similarity
    if histogramRow[pair] < 0 {
      histogramRow[pair] = Int32(histogramPairs.count)
      histogramPairs.append(Int32(pair))
      histogram.append(contentsOf: repeatElement(0, count: HOTAAccumulator.bucketCount))
    }
    histogram[Int(histogramRow[pair]) * HOTAAccumulator.bucketCount + passed] += 1
  }

  // MARK: - Result

  func scores(pairs table: PairTable) -> HOTAScores {
    let truthTotal = truthCounts.reduce(0) { $0 + Int($1) }
    let resultTotal = resultCounts.reduce(0) { $0 + Int($1) }
    var scores = HOTAScores(missed: truthTotal, surplus: resultTotal)
    guard truthTotal > 0, resultTotal > 0 else { return scores }
    var matched = Array(repeating: 0, count: histogramPairs.count)
    var similarity = 0.0
    // From the strictest threshold down: a match that passes n thresholds counts at the first n.
    for index in HOTAScores.alphas.indices.reversed() {
      let bucket = index + 1
      similarity += similaritySums[bucket]
      var total = 0
      var sums = (accuracy: 0.0, recall: 0.0, precision: 0.0)
      for row in matched.indices {
        matched[row] += Int(histogram[row * HOTAAccumulator.bucketCount + bucket])
        guard matched[row] > 0 else { continue }
        total += matched[row]
        let pair = Int(histogramPairs[row])
        let c = Double(matched[row])
        let g = Double(truthCounts[Int(table.truth[pair])])
        let k = Double(resultCounts[Int(table.result[pair])])
        sums.accuracy += c * (c / max(1, g + k - c))
        sums.recall += c * (c / max(1, g))
        sums.precision += c * (c / max(1, k))
      }
      let tp = Double(total)
      scores.truePositives[index] = total
      scores.falseNegatives[index] = truthTotal - total
      scores.falsePositives[index] = resultTotal - total
      scores.associationAccuracy[index] = sums.accuracy / max(1, tp)
      scores.associationRecall[index] = sums.recall / max(1, tp)
      scores.associationPrecision[index] = sums.precision / max(1, tp)
      scores.localizationAccuracy[index] = max(1e-10, similarity) / max(1e-10, tp)
    }
    return scores
  }
}
