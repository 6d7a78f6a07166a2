import Geometry
import Records
import TrackEvaluation

extension ViewedResult {
  /// Holds the result against a truth: every row of both gets its fate, and the page the scores and the moments worth a look.
  ///
  /// All classes count as one here; `sextant evaluate tracks` tells them apart.
  ///
  /// - Parameters:
  ///   - truth, stream: The files of both, each with its format; nil to be told from the file.
  ///   - hints: What the files may not tell; a truth without times has the result's.
  /// - Throws: The errors of `TrackEvaluator.evaluate`, `RecordsError`, `ViewerError`.
  mutating func hold(
    against truth: String, _ truthFormat: BoxFormat? = nil, stream: String, _ format: BoxFormat? = nil,
    _ hints: FrameHints = FrameHints()
  ) throws {
    var options = TrackEvaluationOptions()
    options.keepsTimelines = true
    options.takesClassesAsOne = true
    (options.truthFormat, options.resultFormat) = (truthFormat, format)
    options.imageSize = hints.size
    let files = TrackSequenceFiles(name: title, truth: truth, result: stream)
    let evaluation = try TrackEvaluator.evaluate(files, options)
    let ofTruth = FrameHints(
      told: hints.told ?? tracks.header?.source?.frameRate?.value, otherwise: tracks.framesPerSecond, size: hints.size)
    let notes = evaluation.warnings.map { "Against the truth: \($0)" }
    var side = HeldTruth(tracks: try TrackColumns.read(path: truth, truthFormat, ofTruth), notes: notes)
    defer { self.truth = side }
    guard let part = evaluation.classes.first else { return }
    let first = evaluation.skippedFrames
    var fates = RowFates(tracks: tracks, truth: side.tracks)
    if let counted = part.countedResult { fates.noteCounted(counted, from: first) }
    for timeline in part.timelines {
      for run in timeline.runs {
        for frame in run.frames { fates.note(truth: timeline.truthID, result: run.resultID, frame: frame + first) }
      }
    }
    for event in part.events where event.kind == .identitySwitch { fates.noteSwitch(event.resultID, frame: event.frame + first) }
    tracks.fates = fates.result
    side.tracks.fates = fates.truth
    side.scores = ViewedResult.scores(part.scores)
    side.moments = fates.worstMoments(tracks, side.tracks) + switches(part.events, first)
  }

  private static func scores(_ scores: TrackScores) -> [(name: String, value: String)] {
    [("HOTA", "hota"), ("MOTA", "mota"), ("IDF1", "idf1")].compactMap { title, field in
      scores.value(of: field).map { (title, String(($0 * 1000).rounded() / 10) + " %") }
    }
  }

  private func switches(_ events: [TrackEvent], _ first: Int) -> [HeldTruth.Moment] {
    events.filter { $0.kind == .identitySwitch }.compactMap { event in
      tracks.time(ofFrame: event.frame + first).map { time in
        let clock = String((time * 100).rounded() / 100)
        return HeldTruth.Moment(
          time: time, id: event.resultID,
          text: "\(clock) s: object \(event.truthID) goes from track \(event.previousResultID) to \(event.resultID)")
      }
    }
  }
}

extension TrackColumns {
  /// The time of a frame by its number; nil for one that is not there.
  func time(ofFrame number: Int) -> Double? { place(ofFrame: number).map { moments[$0].time } }
}

/// What became of the rows of both sides, by the page's numbers: 1 matched, 2 missed, 3 false, 4 switched, 0 for rows that do not count.
private struct RowFates {
  private(set) var result: [UInt8]
  private(set) var truth: [UInt8]
  private let rowOfResult: [UInt64: Int]
  private let rowOfTruth: [UInt64: Int]

  init(tracks: TrackColumns, truth: TrackColumns) {
    result = Array(repeating: 0, count: tracks.count)
    self.truth = Array(repeating: 0, count: truth.count)
    rowOfResult = RowFates.index(tracks)
    rowOfTruth = RowFates.index(truth)
  }

  private static func index(_ tracks: TrackColumns) -> [UInt64: Int] {
    var rows: [UInt64: Int] = [:]
    for row in 0..<tracks.count { rows[key(tracks.id(ofRow: row), tracks.frame(ofRow: row))] = row }
    return rows
  }

  private static func key(_ id: Int, _ frame: Int) -> UInt64 {
    UInt64(UInt32(truncatingIfNeeded: frame)) << 32 | UInt64(UInt32(truncatingIfNeeded: id))
  }

  /// Rows that count are false until something is said of them; coasting rows and those in ignored regions do not.
  mutating func noteCounted(_ identities: TrackIdentities, from first: Int) {
    for frame in 0..<identities.frameCount {
      for box in identities.boxes(ofFrame: frame) {
        let id = identities.labels[Int(identities.ids[box])]
        if let row = rowOfResult[RowFates.key(id, frame + first)] { result[row] = 3 }
      }
    }
  }

  mutating func note(truth id: Int, result other: Int?, frame: Int) {
    if let row = rowOfTruth[RowFates.key(id, frame)] { truth[row] = other == nil ? 2 : 1 }
    if let other, let row = rowOfResult[RowFates.key(other, frame)] { result[row] = 1 }
  }

  mutating func noteSwitch(_ id: Int, frame: Int) {
    if let row = rowOfResult[RowFates.key(id, frame)] { result[row] = 4 }
  }

  /// The three stretches of ten seconds with the most missed, false and switched rows.
  func worstMoments(_ tracks: TrackColumns, _ other: TrackColumns) -> [HeldTruth.Moment] {
    // The stretch of a time is bounded where it is made, below.
    var counts: [Int: [Int]] = [:]
    func count(_ fates: [UInt8], _ columns: TrackColumns) {
      for (row, fate) in fates.enumerated() where fate >= 2 {
        let stretch = Int(bounded: columns.time(ofRow: row) / 10, in: 0...1_000_000_000)
        counts[stretch, default: [0, 0, 0]][Int(fate) - 2] += 1
      }
    }
    count(result, tracks)
    count(truth, other)
    let worst = counts.sorted { ($1.value.reduce(0, +), $0.key) < ($0.value.reduce(0, +), $1.key) }.prefix(3)
    return worst.map { stretch, numbers in
      HeldTruth.Moment(
        time: Double(stretch * 10), id: nil,
        text: "from \(stretch * 10) s, ten seconds: \(numbers[0]) missed, \(numbers[1]) false, \(numbers[2]) switched")
    }
  }
}
