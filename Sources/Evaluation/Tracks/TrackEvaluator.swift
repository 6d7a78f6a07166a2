import Records

/// Evaluates a result against the truth of one sequence, from files to scores.
public enum TrackEvaluator {
  /// Evaluates one sequence.
  ///
  /// - Throws: `RecordsError` for files that cannot be read, `EvaluationError` for what does not fit together.
  public static func evaluate(
    _ files: TrackSequenceFiles, _ options: TrackEvaluationOptions
  ) throws -> TrackSequenceEvaluation {
    var truth = try TrackSideLoader.load(path: files.truth, role: .truth, format: options.truthFormat)
    var result = try TrackSideLoader.load(path: files.result, role: .result, format: options.resultFormat)
    if result.boxes.count == 0 { result.format = truth.format }
    truth.boxes.rename(options.regionClasses, to: TrackPreprocessor.dontCare)
    let plan = try SequencePlan(files: files, truth: truth, result: result, options)
    var warnings = truth.warnings + result.warnings
    warnings += SequenceChecks.warnings(files, truth, result, frames: plan.frames)
    let frames = plan.frames
    truth.boxes.extend(toFrames: frames)
    result.boxes.extend(toFrames: frames)
    if let range = options.frames {
      // An empty range of a file that counts from 1 would reach below its first frame.
      let last = range.upperBound - truth.firstFrame
      let fromZero = min(max(0, range.lowerBound - truth.firstFrame), max(0, last))...max(0, last)
      truth.boxes.keep(frames: fromZero)
      result.boxes.keep(frames: fromZero)
    }
    try SequenceChecks.refuseDuplicates(result, path: files.result, skipsUnnumbered: plan.preprocessing == .kitti)
    var evaluation = TrackSequenceEvaluation(
      name: files.name, frames: frames, firstFrame: truth.firstFrame, classes: [], similarity: plan.similarity,
      preprocessing: plan.preprocessing, warnings: warnings)
    var truthBoxes = truth.boxes
    var resultBoxes = result.boxes
    truth.boxes = .empty
    result.boxes = .empty
    for (index, name) in plan.classes.enumerated() {
      // The last class takes the boxes over, so that a file with one class is never held twice.
      let isLast = index == plan.classes.count - 1
      var classTruth = truthBoxes
      var classResult = resultBoxes
      if isLast {
        truthBoxes = .empty
        resultBoxes = .empty
      }
      plan.preprocessor.apply(truth: &classTruth, result: &classResult, className: name)
      try SequenceChecks.refuseDuplicates(classTruth, path: files.truth, firstFrame: truth.firstFrame)
      evaluation.classes.append(
        evaluate(truth: &classTruth, result: &classResult, className: name, plan.similarity, options))
    }
    return evaluation
  }

  /// Evaluates what is left of one class; both sides are emptied as soon as their boxes are in the form that is compared.
  private static func evaluate(
    truth: inout GroupedBoxes, result: inout GroupedBoxes, className: String?, _ similarity: TrackSimilarity,
    _ options: TrackEvaluationOptions
  ) -> TrackClassEvaluation {
    let truthIdentities = truth.identities
    let resultIdentities = result.identities
    var measurer = SimilarityMeasurer(ComparedBoxes(truth: truth, result: result, similarity))
    let measuresAngles = truth.isOriented || result.isOriented || !result.covariances.isEmpty
    let kept = measuresAngles ? (truth: truth, result: result) : nil
    var oriented = OrientedTrackAccumulator()
    var timelines = options.keepsTimelines ? TrackTimelines(truth: truthIdentities) : nil
    var events: [TrackEvent] = []
    truth = .empty
    result = .empty
    let scores = TrackMetrics.evaluate(
      truth: truthIdentities, result: resultIdentities, metrics: options.metrics,
      similarity: { frame, matrix in
        measurer.measure(
          truth: truthIdentities.boxes(ofFrame: frame), result: resultIdentities.boxes(ofFrame: frame), into: &matrix)
      },
      onMatch: { frame, row, column in
        timelines?.add(truth: row, resultID: resultIdentities.ids[column])
        if let kept { oriented.add(frame: frame, truth: kept.truth, row, result: kept.result, column) }
      }, onEvent: { events.append($0) })
    if similarity != .birdsEye {
      for index in events.indices {
        let rows = truthIdentities.boxes(ofFrame: events[index].frame)
        let row = rows.first { truthIdentities.labels[Int(truthIdentities.ids[$0])] == events[index].truthID }
        events[index].box = row.flatMap { measurer.truthBox($0) }
      }
    }
    return TrackClassEvaluation(
      className: className, scores: scores, oriented: oriented.scores, events: events,
      timelines: timelines?.finished(result: resultIdentities) ?? [])
  }
}

/// What is to be done with one sequence, told from its files and the options.
private struct SequencePlan {
  let frames: Int
  let similarity: TrackSimilarity
  let preprocessing: TrackPreprocessing
  let preprocessor: TrackPreprocessor
  /// nil stands for all classes as one.
  let classes: [String?]

  init(
    files: TrackSequenceFiles, truth: TrackSide, result: TrackSide, _ options: TrackEvaluationOptions
  ) throws {
    frames = max(files.statedFrames ?? 0, truth.boxes.frameCount, result.boxes.frameCount)
    let isOriented = truth.boxes.isOriented || result.boxes.isOriented
    similarity = options.similarity ?? (isOriented ? .rotatedIoU : .iou)
    preprocessing = options.preprocessing ?? TrackPreprocessing(truth: truth, name: files.name)
    if similarity == .birdsEye {
      guard !truth.boxes.spatialBoxes.isEmpty, result.boxes.count == 0 || !result.boxes.spatialBoxes.isEmpty else {
        throw EvaluationError.inconsistent(
          reason: "the bird's-eye similarity needs boxes in space on both sides, which only KITTI's formats have (sequence \(files.name))")
      }
    }
    var regions: GroupedBoxes?
    if let path = files.ignored {
      regions = try TrackSideLoader.load(path: path, role: .automatic, format: truth.format == .uavdt ? .uavdt : nil).boxes
    }
    preprocessor = TrackPreprocessor(rule: preprocessing, similarity: similarity, regions: regions)
    classes = try Self.classes(truth, result, preprocessing, options, path: files.result)
  }

  private static func classes(
    _ truth: TrackSide, _ result: TrackSide, _ preprocessing: TrackPreprocessing, _ options: TrackEvaluationOptions,
    path: String
  ) throws(EvaluationError) -> [String?] {
    let wanted = options.classes.map { $0.lowercased() }
    switch preprocessing {
    case .mot, .mot20:
      let foreign = result.boxes.names.subtracting(["pedestrian"])
      guard foreign.isEmpty else {
        throw .unusable(
          path: path,
          reason: "MOT preprocessing evaluates pedestrians only, but the result has boxes of the class \(foreign.sorted().joined(separator: ", ")); use --preprocess none")
      }
      return ["pedestrian"]
    case .kitti:
      for side in [truth, result] { try refuseUnknownTypes(side, path: path) }
      if !wanted.isEmpty { return wanted }
      return options.takesClassesAsOne ? [nil] : ["car", "pedestrian"]
    case .uavdt where wanted.isEmpty: return [nil]
    case .mot15: return [nil]
    default: break
    }
    if options.takesClassesAsOne { return [nil] }
    if !wanted.isEmpty { return wanted }
    let names = truth.boxes.names.subtracting([TrackPreprocessor.dontCare])
    // Without names on one side, or with none in common, classes cannot be told apart.
    let common = names.intersection(result.boxes.names)
    guard !names.isEmpty, !(common.isEmpty && result.boxes.count > 0) else { return [nil] }
    return names.sorted()
  }

  private static let types: Set<String> = [
    "car", "van", "truck", "pedestrian", "person", "cyclist", "tram", "misc", "dontcare",
  ]

  private static func refuseUnknownTypes(_ side: TrackSide, path: String) throws(EvaluationError) {
    let unknown = side.boxes.names.subtracting(types).sorted()
    guard side.format != .kitti || unknown.isEmpty else {
      throw .unusable(path: path, reason: "the type \(unknown[0]) is not one of KITTI's: \(types.sorted().joined(separator: ", "))")
    }
  }
}
