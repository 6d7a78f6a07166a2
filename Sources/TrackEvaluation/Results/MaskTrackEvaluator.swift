import Foundation
import Records
import Reports

/// Evaluates tracks of masks (MOTS text): the metrics of boxes with the masks' intersection over union.
public enum MaskTrackEvaluator {
  /// Evaluates all sequences; unmatched result masks that lie mostly in a region of class 10 do not count, as in KITTI-MOTS and MOTS
  /// Challenge.
  ///
  /// - Parameters:
  ///   - name: What the result is called.
  ///   - truth: A file, or a folder of sequences (`TrackLayout`).
  ///   - result: Likewise.
  ///   - choice: Which sequences are read; one without a result counts as empty, with a warning, unless the choice is strict.
  ///   - threads: How many sequences at a time; the outcome does not depend on it.
  /// - Throws: `RecordsError` for files that cannot be read, `EvaluationError` for what is not there or does not fit together.
  public static func run(
    name: String, truth: String, result: String, choice: SequenceChoice = SequenceChoice(), _ options: TrackEvaluationOptions,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws -> TrackResultEvaluation {
    guard options.preprocessing ?? .ignored == .ignored || options.preprocessing == TrackPreprocessing.none else {
      throw EvaluationError.invalidOption(
        name: "\(EvaluationSetting.preprocessing) \(options.preprocessing?.rawValue ?? "")",
        reason: "mask tracks know ignored, for regions of class 10, and none")
    }
    let layout = try TrackLayout.sequences(truth: truth, result: result, choice: choice)
    let sequences = try TrackResultEvaluation.evaluate(layout.sequences, threads: threads) { try evaluate($0, options) }
    var evaluation = TrackResultEvaluation(name: name, sequences: sequences, warnings: layout.warnings)
    if options.classes.isEmpty, !options.takesClassesAsOne { evaluation.leaveOutUnknownClasses() }
    try evaluation.check(options)
    return evaluation
  }

  static func evaluate(
    _ files: TrackSequenceFiles, _ options: TrackEvaluationOptions
  ) throws -> TrackSequenceEvaluation {
    let (truth, result) = try MaskSide.read(files)
    let isRegion = { (name: String) in options.isRegion(name) || name == MaskSide.name(MaskSide.regionClass) }
    let size = truth.size ?? result.size
    try truth.check(size: size, isRegion: isRegion)
    try result.check(size: size, isRegion: isRegion)
    let count = max(files.statedFrames ?? 0, truth.frameCount, result.frameCount)
    let frames = options.frames(of: count, first: truth.firstFrame)
    var evaluation = TrackSequenceEvaluation(
      name: files.name, frames: frames.count, firstFrame: truth.firstFrame + frames.lowerBound, skippedFrames: frames.lowerBound,
      classes: [], similarity: .mask, preprocessing: options.preprocessing ?? .ignored,
      warnings: try warnings(files, truth, result, frames: count, isRegion), regionClasses: truth.classes.filter(isRegion),
      truthClasses: truth.classes.filter { !isRegion($0) }, resultClasses: result.classes.filter { !isRegion($0) })
    evaluation.allFrames = truth.firstFrame..<truth.firstFrame + count
    if frames.isEmpty {
      evaluation.warnings.append("\(files.name): \(SequenceChecks.outside(options.frames, evaluation.allFrames))")
    }
    let regions = truth.masks(frames: frames, isRegion)
    for name in classes(of: evaluation, options) {
      let isOurs = { (other: String) in !isRegion(other) && (name == nil || other == name) }
      let ours = truth.masks(frames: frames, isOurs)
      var theirs = result.masks(frames: frames, isOurs)
      if evaluation.preprocessing == .ignored { theirs.keep(counting(theirs, truth: ours, regions: regions)) }
      evaluation.classes.append(scores(name, ours, theirs, options))
    }
    return evaluation
  }

  /// The classes to evaluate: those asked for, else those of either side.
  private static func classes(of sequence: TrackSequenceEvaluation, _ options: TrackEvaluationOptions) -> [String?] {
    if options.takesClassesAsOne { return [nil] }
    if !options.classes.isEmpty { return options.classes.map { $0.lowercased() } }
    let present = sequence.truthClasses.union(sequence.resultClasses).sorted()
    return present.isEmpty ? ["pedestrian"] : present
  }

  /// What a reader of the scores should know.
  ///
  /// - Throws: `EvaluationError.inconsistent` for a frame with more masks than can be compared.
  private static func warnings(
    _ files: TrackSequenceFiles, _ truth: MaskSide, _ result: MaskSide, frames: Int, _ isRegion: (String) -> Bool
  ) throws(EvaluationError) -> [String] {
    let ours = truth.masks(frames: 0..<truth.frameCount) { !isRegion($0) }
    let theirs = result.masks(frames: 0..<result.frameCount) { !isRegion($0) }
    try SequenceChecks.refuseCrowds(
      files.name, what: "masks", truth: ours.frameStarts, result: theirs.frameStarts, first: truth.firstFrame)
    var warnings = SequenceChecks.coverage(
      files, what: "masks", truth: ours.frameStarts, result: theirs.frameStarts, first: truth.firstFrame)
    let shift = SequenceChecks.shiftWarning(files.name, truth: ours.frameStarts, result: theirs.frameStarts) {
      ours.masks[$0].iou(with: theirs.masks[$1]) >= 0.7
    }
    if let shift { warnings.append(shift) }
    return warnings
  }

  private static func scores(
    _ name: String?, _ truth: GroupedMasks, _ result: GroupedMasks, _ options: TrackEvaluationOptions
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
    for index in events.indices { events[index].findBoxes(truthIDs, resultIDs, measurer) }
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
      let region = MaskRuns(union: ignored.map { regions.masks[$0] })
      for column in columns where !matched.contains(column - columns.lowerBound) {
        let mask = result.masks[column]
        counts[column] = !(mask.area > 0 && Double(mask.intersectionArea(with: region)) / Double(mask.area) > 0.5 + .ulpOfOne)
      }
    }
    return counts
  }
}

extension TrackResultEvaluation {
  /// Leaves out the classes that the truth has nowhere: a benchmark may annotate one class of those that a result tells apart.
  fileprivate mutating func leaveOutUnknownClasses() {
    let known = sequences.reduce(into: Set<String>()) { $0.formUnion($1.truthClasses) }
    let unknown = sequences.reduce(into: Set<String>()) { $0.formUnion($1.resultClasses) }.subtracting(known)
    guard !known.isEmpty, !unknown.isEmpty else { return }
    warnings.append(
      "the truth has no mask of the result's classes \(unknown.sorted().joined(separator: ", ")); these masks are left out; name them among \(EvaluationSetting.classes)"
    )
    for index in sequences.indices {
      sequences[index].classes.removeAll { $0.className.map(unknown.contains) ?? false }
    }
  }
}
