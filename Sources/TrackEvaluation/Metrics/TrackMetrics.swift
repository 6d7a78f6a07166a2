/// The metrics of one sequence from ids and similarities alone.
public enum TrackMetrics {
  /// Evaluates a sequence.
  ///
  /// - Parameters:
  ///   - truth: The truth's ids; no id twice in a frame.
  ///   - result: The result's ids, as many frames.
  ///   - metrics: The families to compute.
  ///   - similarity: Fills in the similarities of a frame, truth boxes as rows. Called once a frame, and once more where HOTA is asked
  ///     for, so that similarities need not be kept in memory.
  ///   - onMatch: Called for each pair that CLEAR matches, with the positions of both boxes, in the order of frames.
  ///   - onEvent: Called for each identity switch and fragmentation, in the order of frames, if CLEAR is asked for.
  public static func evaluate(
    truth: TrackIdentities, result: TrackIdentities, metrics: Set<TrackMetric> = Set(TrackMetric.allCases),
    similarity: (_ frame: Int, _ matrix: inout SparseSimilarity) -> Void,
    onMatch: ((_ frame: Int, _ truth: Int, _ result: Int) -> Void)? = nil, onEvent: ((TrackEvent) -> Void)? = nil
  ) -> TrackScores {
    precondition(truth.frameCount == result.frameCount, "both sides have the same frames")
    var run = SequenceRun(truth: truth, result: result, metrics: metrics)
    run.firstPass(similarity, onMatch, onEvent)
    if metrics.contains(.hota) { run.secondPass(similarity) }
    return run.scores()
  }

  /// Evaluates a sequence whose similarities are given.
  public static func evaluate(
    truth: TrackIdentities, result: TrackIdentities, metrics: Set<TrackMetric> = Set(TrackMetric.allCases),
    similarities: [SparseSimilarity], onEvent: ((TrackEvent) -> Void)? = nil
  ) -> TrackScores {
    evaluate(
      truth: truth, result: result, metrics: metrics, similarity: { $1 = similarities[$0] }, onEvent: onEvent)
  }
}

/// The state of one sequence's evaluation.
private struct SequenceRun {
  let truth: TrackIdentities
  let result: TrackIdentities
  let measuresHOTA: Bool
  let measuresCLEAR: Bool
  let measuresIdentity: Bool
  let truthCounts: [Int32]
  let resultCounts: [Int32]
  var table = PairTable()
  var hota: HOTAAccumulator
  var clear: CLEARAccumulator
  var identity = IdentityAccumulator()
  var matcher = SparseMatcher()
  var matrix = SparseSimilarity()
  /// The number in `table` of each pair of the present frame.
  var pairs: [Int32] = []

  init(truth: TrackIdentities, result: TrackIdentities, metrics: Set<TrackMetric>) {
    self.truth = truth
    self.result = result
    measuresHOTA = metrics.contains(.hota)
    measuresCLEAR = metrics.contains(.clear)
    measuresIdentity = metrics.contains(.identity)
    truthCounts = truth.countsByID
    resultCounts = result.countsByID
    hota = HOTAAccumulator(truthCounts: truthCounts, resultCounts: resultCounts)
    clear = CLEARAccumulator(truthIDCount: truth.labels.count)
  }

  mutating func firstPass(
    _ similarity: (Int, inout SparseSimilarity) -> Void, _ onMatch: ((Int, Int, Int) -> Void)?,
    _ onEvent: ((TrackEvent) -> Void)?
  ) {
    let truth = self.truth
    let result = self.result
    for frame in 0..<truth.frameCount {
      let rows = truth.boxes(ofFrame: frame)
      let columns = result.boxes(ofFrame: frame)
      // Nothing is booked there, and a file may name few frames of very many.
      if rows.isEmpty, columns.isEmpty { continue }
      load(frame, similarity)
      if measuresHOTA { hota.addPotential(matrix, pairs: pairs) }
      if measuresIdentity { identity.add(matrix, pairs: pairs) }
      guard measuresCLEAR else { continue }
      clear.add(truth: truth.ids[rows], result: result.ids[columns], matrix, matcher: &matcher) { row, column in
        onMatch?(frame, rows.lowerBound + row, columns.lowerBound + column)
      } onEvent: { kind, g, before, now in
        onEvent?(
          TrackEvent(
            kind: kind, frame: frame, truthID: truth.labels[Int(g)],
            previousResultID: result.labels[Int(before < 0 ? now : before)], resultID: result.labels[Int(now)]))
      }
    }
  }

  mutating func secondPass(_ similarity: (Int, inout SparseSimilarity) -> Void) {
    hota.finishPotential(pairs: table)
    for frame in 0..<truth.frameCount where !truth.boxes(ofFrame: frame).isEmpty && !result.boxes(ofFrame: frame).isEmpty {
      load(frame, similarity)
      hota.addMatches(matrix, pairs: pairs, matcher: &matcher)
    }
  }

  /// Fills in the frame's similarities and numbers its pairs.
  private mutating func load(_ frame: Int, _ similarity: (Int, inout SparseSimilarity) -> Void) {
    let rows = truth.boxes(ofFrame: frame)
    let columns = result.boxes(ofFrame: frame)
    pairs.removeAll(keepingCapacity: true)
    guard !rows.isEmpty, !columns.isEmpty else {
      matrix.begin(columns: columns.count)
      for _ in rows { matrix.endRow() }
      return
    }
    similarity(frame, &matrix)
    precondition(matrix.rowCount == rows.count && matrix.columnCount == columns.count, "the similarities' shape")
    for row in 0..<matrix.rowCount {
      let g = truth.ids[rows.lowerBound + row]
      for pair in matrix.pairs(ofRow: row) {
        let k = result.ids[columns.lowerBound + Int(matrix.columns[pair])]
        pairs.append(Int32(table.number(truth: g, result: k)))
      }
    }
  }

  func scores() -> TrackScores {
    var scores = TrackScores()
    scores.truthBoxes = truth.boxCount
    scores.resultBoxes = result.boxCount
    scores.truthIDs = truth.labels.count
    scores.resultIDs = result.labels.count
    if measuresHOTA { scores.hota = hota.scores(pairs: table) }
    if measuresCLEAR {
      scores.clear = clear.finished(
        frames: truth.frameCount, truthBoxes: truth.boxCount, resultBoxes: result.boxCount)
    }
    if measuresIdentity {
      scores.identity = identity.scores(
        pairs: table, truthIDs: truth.labels.count, resultIDs: result.labels.count, truthBoxes: truth.boxCount,
        resultBoxes: result.boxCount)
    }
    return scores
  }
}
