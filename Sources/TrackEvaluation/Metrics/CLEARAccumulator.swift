/// Gathers the CLEAR metrics frame by frame, with the reference's habit of skipping frames with an empty side before any state changes.
struct CLEARAccumulator: Sendable {
  /// A pair counts from this similarity on.
  static let gate = 0.5 - Double.ulpOfOne
  /// What a pair that continues the last frame's match is preferred by.
  private static let continuity = 1000.0

  private(set) var scores = CLEARScores()
  private let truthIDCount: Int
  /// The result id that each truth id was last matched to, and in the last frame that was not skipped; −1 for none.
  private var lastResult: [Int32]
  private var previousResult: [Int32]
  private var previousMatches: [(truth: Int32, result: Int32)] = []
  private var presentMatches: [(truth: Int32, result: Int32)] = []
  private var presentFrames: [Int32]
  private var matchedFrames: [Int32]
  private var runs: [Int32]
  private var weights: [Double] = []

  init(truthIDCount: Int) {
    self.truthIDCount = truthIDCount
    lastResult = Array(repeating: -1, count: truthIDCount)
    previousResult = lastResult
    presentFrames = Array(repeating: 0, count: truthIDCount)
    matchedFrames = presentFrames
    runs = presentFrames
  }

  /// Adds a frame.
  ///
  /// - Parameters:
  ///   - truth: Dense truth ids, the rows of `similarity`.
  ///   - result: Dense result ids, its columns.
  ///   - onMatch: Called for each match with its row and column.
  ///   - onEvent: Called for each switch and interruption with the truth id, the result id before (−1 where there was none) and now.
  mutating func add(
    truth: ArraySlice<Int32>, result: ArraySlice<Int32>, _ similarity: SparseSimilarity, matcher: inout SparseMatcher,
    onMatch: (_ row: Int, _ column: Int) -> Void,
    onEvent: (TrackEvent.Kind, _ truth: Int32, _ before: Int32, _ now: Int32) -> Void
  ) {
    guard !truth.isEmpty else {
      scores.falsePositives += result.count
      return
    }
    for id in truth { presentFrames[Int(id)] += 1 }
    guard !result.isEmpty else {
      scores.falseNegatives += truth.count
      return
    }
    match(truth: truth, result: result, similarity, &matcher)
    var matches = 0
    presentMatches.removeAll(keepingCapacity: true)
    for row in 0..<similarity.rowCount where matcher.pairOfRow[row] >= 0 {
      let pair = matcher.pairOfRow[row]
      let g = truth[truth.startIndex + row]
      let k = result[result.startIndex + Int(similarity.columns[pair])]
      matches += 1
      scores.similaritySum += similarity.values[pair]
      matchedFrames[Int(g)] += 1
      book(truth: g, result: k, onEvent)
      onMatch(row, Int(similarity.columns[pair]))
      presentMatches.append((g, k))
    }
    for (g, _) in previousMatches { previousResult[Int(g)] = -1 }
    for (g, k) in presentMatches { previousResult[Int(g)] = k }
    swap(&previousMatches, &presentMatches)
    scores.truePositives += matches
    scores.falseNegatives += truth.count - matches
    scores.falsePositives += result.count - matches
  }

  private mutating func match(
    truth: ArraySlice<Int32>, result: ArraySlice<Int32>, _ similarity: SparseSimilarity, _ matcher: inout SparseMatcher
  ) {
    weights.removeAll(keepingCapacity: true)
    for row in 0..<similarity.rowCount {
      let continued = previousResult[Int(truth[truth.startIndex + row])]
      for pair in similarity.pairs(ofRow: row) {
        let value = similarity.values[pair]
        let k = result[result.startIndex + Int(similarity.columns[pair])]
        weights.append(value < CLEARAccumulator.gate ? 0 : (k == continued ? CLEARAccumulator.continuity : 0) + value)
      }
    }
    matcher.match(similarity, weights: weights)
  }

  private mutating func book(
    truth g: Int32, result k: Int32, _ onEvent: (TrackEvent.Kind, Int32, Int32, Int32) -> Void
  ) {
    let before = lastResult[Int(g)]
    if before >= 0, before != k {
      scores.identitySwitches += 1
      onEvent(.identitySwitch, g, before, k)
    }
    if previousResult[Int(g)] < 0 {
      runs[Int(g)] += 1
      if runs[Int(g)] > 1 { onEvent(.fragmentation, g, before, k) }
    }
    lastResult[Int(g)] = k
  }

  /// The scores after the last frame.
  ///
  /// - Parameters: the frames of the sequence and the boxes of both sides.
  func finished(frames: Int, truthBoxes: Int, resultBoxes: Int) -> CLEARScores {
    var scores = self.scores
    guard truthBoxes > 0, resultBoxes > 0 else {
      scores.hasEmptySide = true
      // The first rule wins where both sides are empty.
      scores.falseNegatives = resultBoxes == 0 ? truthBoxes : 0
      scores.falsePositives = resultBoxes
      scores.mostlyLost = resultBoxes == 0 ? truthIDCount : 0
      return scores
    }
    scores.frames = frames
    for id in 0..<truthIDCount where presentFrames[id] > 0 {
      let ratio = Double(matchedFrames[id]) / Double(presentFrames[id])
      if ratio > 0.8 {
        scores.mostlyTracked += 1
      } else if ratio >= 0.2 {
        scores.partlyTracked += 1
      }
      scores.fragmentations += max(0, Int(runs[id]) - 1)
    }
    scores.mostlyLost = truthIDCount - scores.mostlyTracked - scores.partlyTracked
    return scores
  }
}
