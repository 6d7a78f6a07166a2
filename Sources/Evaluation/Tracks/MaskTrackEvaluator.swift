import Records

/// Evaluates tracks of masks (MOTS text): the metrics of boxes with the masks' intersection over union.
public enum MaskTrackEvaluator {
  private static let ignoredClass: Int32 = 10
  private static let names: [Int32: String] = [1: "car", 2: "pedestrian"]

  /// Evaluates all sequences; unmatched result masks that lie mostly in a region of class 10 do not count, as in MOTS Challenge.
  public static func run(
    name: String, truth: String, result: String, _ options: TrackEvaluationOptions
  ) throws -> TrackEvaluation {
    let layout = try TrackLayout.sequences(truth: truth, result: result)
    let sequences = try layout.sequences.map { try evaluate($0, options) }
    return TrackEvaluation(name: name, sequences: sequences, warnings: layout.warnings)
  }

  static func evaluate(
    _ files: TrackSequenceFiles, _ options: TrackEvaluationOptions
  ) throws -> TrackSequenceEvaluation {
    let truth = MaskRows(try MaskTrackReader.read(path: files.truth))
    let result = MaskRows(try MaskTrackReader.read(path: files.result))
    let frames = max(files.statedFrames ?? 0, truth.frameCount, result.frameCount)
    let wanted = options.classes.map { $0.lowercased() }
    let numbers = Set(truth.rows.map(\.classNumber)).subtracting([ignoredClass]).sorted().filter {
      wanted.isEmpty || wanted.contains(className($0))
    }
    var evaluation = TrackSequenceEvaluation(
      name: files.name, frames: frames, firstFrame: 0, classes: [], similarity: .mask, preprocessing: .ignored, warnings: [])
    for number in numbers {
      let regions = truth.grouped(frames: frames) { $0.classNumber == ignoredClass }
      let ours = truth.grouped(frames: frames) { $0.classNumber == number }
      var theirs = result.grouped(frames: frames) { $0.classNumber == number }
      theirs.keep(counting(theirs, truth: ours, regions: regions))
      for (side, path) in [(ours, files.truth), (theirs, files.result)] {
        if let duplicate = side.identities.firstDuplicate() {
          throw EvaluationError.unusable(path: path, reason: "frame \(duplicate.frame) has the id \(duplicate.id) twice")
        }
      }
      evaluation.classes.append(scores(className(number), ours, theirs, options))
    }
    return evaluation
  }

  private static func className(_ number: Int32) -> String { names[number] ?? String(number) }

  private static func scores(
    _ name: String, _ truth: GroupedMasks, _ result: GroupedMasks, _ options: TrackEvaluationOptions
  ) -> TrackClassEvaluation {
    let (truthIDs, resultIDs) = (truth.identities, result.identities)
    var measurer = SimilarityMeasurer(.masks(truth: truth.masks, result: result.masks))
    var timelines = options.keepsTimelines ? TrackTimelines(truth: truthIDs) : nil
    var events: [TrackEvent] = []
    let scores = TrackMetrics.evaluate(
      truth: truthIDs, result: resultIDs, metrics: options.metrics,
      similarity: { frame, matrix in
        measurer.measure(truth: truthIDs.boxes(ofFrame: frame), result: resultIDs.boxes(ofFrame: frame), into: &matrix)
      }, onMatch: { timelines?.add(truth: $1, resultID: resultIDs.ids[$2]) }, onEvent: { events.append($0) })
    return TrackClassEvaluation(
      className: name, scores: scores, oriented: OrientedTrackScores(), events: events,
      timelines: timelines?.finished(result: resultIDs) ?? [])
  }

  /// Whether each result mask counts.
  private static func counting(_ result: GroupedMasks, truth: GroupedMasks, regions: GroupedMasks) -> [Bool] {
    var counts = Array(repeating: true, count: result.masks.count)
    var matrix = SparseSimilarity()
    var matcher = SparseMatcher()
    var measurer = SimilarityMeasurer(.masks(truth: truth.masks, result: result.masks))
    for frame in 0..<max(0, result.frameStarts.count - 1) {
      let columns = result.rows(ofFrame: frame)
      let ignored = regions.rows(ofFrame: frame)
      guard !ignored.isEmpty, !columns.isEmpty else { continue }
      measurer.measure(truth: truth.rows(ofFrame: frame), result: columns, into: &matrix)
      matcher.match(matrix, weights: matrix.values.map { $0 < CLEARAccumulator.gate ? 0 : $0 })
      let matched = Set(matcher.pairOfRow.filter { $0 >= 0 }.map { Int(matrix.columns[$0]) })
      for column in columns where !matched.contains(column - columns.lowerBound) {
        let mask = result.masks[column]
        let shared = ignored.reduce(0) { $0 + mask.intersectionArea(with: regions.masks[$1]) }
        counts[column] = !(mask.area > 0 && Double(shared) / Double(mask.area) > 0.5 + .ulpOfOne)
      }
    }
    return counts
  }
}

/// The rows of one side, as read.
private struct MaskRows {
  let rows: [MaskTracks.Row]
  let frameCount: Int

  init(_ tracks: MaskTracks) {
    rows = tracks.rows
    frameCount = Int(tracks.rows.map(\.frame).max() ?? -1) + 1
  }

  func grouped(frames: Int, _ isKept: (MaskTracks.Row) -> Bool) -> GroupedMasks {
    GroupedMasks(rows.filter(isKept), frames: frames)
  }
}

/// Masks frame after frame.
private struct GroupedMasks {
  private(set) var frameStarts: [Int]
  private(set) var ids: [Int32]
  private(set) var masks: [MaskRuns]

  init(_ rows: [MaskTracks.Row], frames: Int) {
    // Sorting is stable: rows of a frame keep the file's order.
    let sorted = rows.sorted { $0.frame < $1.frame }
    var counts = Array(repeating: 0, count: frames)
    for row in sorted { counts[Int(row.frame)] += 1 }
    frameStarts = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    ids = sorted.map(\.id)
    masks = sorted.map { MaskRuns($0.mask) }
  }

  func rows(ofFrame frame: Int) -> Range<Int> { frameStarts[frame]..<frameStarts[frame + 1] }

  var identities: TrackIdentities { TrackIdentities(frameStarts: frameStarts, originalIDs: ids) }

  mutating func keep(_ isKept: [Bool]) {
    frameStarts = (0..<frameStarts.count - 1).reduce(into: [0]) { starts, frame in
      starts.append(starts[starts.count - 1] + rows(ofFrame: frame).count { isKept[$0] })
    }
    ids = ids.indices.filter { isKept[$0] }.map { ids[$0] }
    masks = masks.indices.filter { isKept[$0] }.map { masks[$0] }
  }
}
