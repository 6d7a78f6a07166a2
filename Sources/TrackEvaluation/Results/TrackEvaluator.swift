import Records

/// Evaluates a result against the truth of one sequence, from files to scores.
public enum TrackEvaluator {
  /// Evaluates one sequence.
  ///
  /// - Parameter classes: The classes to evaluate, nil for all as one; where not given, by the options and the files.
  /// - Throws: `RecordsError` for files that cannot be read, `EvaluationError` for what does not fit together.
  public static func evaluate(
    _ files: TrackSequenceFiles, _ options: TrackEvaluationOptions, classes: [String?]? = nil
  ) throws -> TrackSequenceEvaluation {
    var truth = try side(files, files.tables?.truth, role: .truth, options)
    var result = try side(files, files.tables?.result, role: .result, options)
    result.takeClassNames(of: truth)
    if result.boxes.count == 0 { result.format = truth.format }
    let regionClasses = truth.boxes.names.filter(options.isRegion)
    truth.boxes.rename(regionClasses, to: TrackPreprocessor.dontCare)
    var plan = try SequencePlan(files: files, truth: truth, result: result, options, classes: classes)
    var warnings = truth.warnings + result.warnings
    warnings += plan.warnings + SequenceChecks.warnings(files, truth, result)
    let frames = plan.frames
    if frames.isEmpty { warnings.append("\(files.name): \(SequenceChecks.outside(options.frames, plan.allFrames))") }
    truth.boxes.cut(toFrames: frames)
    result.boxes.cut(toFrames: frames)
    truth.firstFrame += frames.lowerBound
    result.firstFrame += frames.lowerBound
    plan.preprocessor.regions?.cut(toFrames: frames)
    try SequenceChecks.refuseDuplicates(result, path: files.result, skipsUnnumbered: plan.preprocessing == .kitti)
    try SequenceChecks.refuseCrowds(
      files.name, truth: truth.boxes.frameStarts, result: result.boxes.frameStarts, first: truth.firstFrame)
    var evaluation = TrackSequenceEvaluation(
      name: files.name, frames: frames.count, firstFrame: truth.firstFrame, skippedFrames: frames.lowerBound, classes: [],
      similarity: plan.similarity, preprocessing: plan.preprocessing, warnings: warnings, regionClasses: regionClasses)
    evaluation.allFrames = plan.allFrames
    evaluation.truthClasses = plan.truthClasses
    evaluation.resultClasses = result.boxes.names
    evaluation.choosesClasses = plan.choosesClasses
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

  private static func side(
    _ files: TrackSequenceFiles, _ table: BoxTable?, role: BoxTableReader.Role, _ options: TrackEvaluationOptions
  ) throws(RecordsError) -> TrackSide {
    let path = role == .truth ? files.truth : files.result
    if role == .result, !files.hasResult {
      return TrackSide(boxes: .empty, format: options.resultFormat ?? .mot, firstFrame: 0, size: nil, warnings: [])
    }
    if let table { return try TrackSideLoader.side(of: table, path: path, role: role) }
    let stated = files.statedSize.map { (width: Double($0.width), height: Double($0.height)) }
    return try TrackSideLoader.load(
      path: path, role: role, format: role == .truth ? options.truthFormat : options.resultFormat,
      size: options.imageSize ?? stated)
  }

  /// Evaluates what is left of one class; both sides are emptied as soon as their boxes are in the form that is compared.
  private static func evaluate(
    truth: inout GroupedBoxes, result: inout GroupedBoxes, className: String?, _ similarity: TrackSimilarity,
    _ options: TrackEvaluationOptions
  ) -> TrackClassEvaluation {
    var measurer = SimilarityMeasurer(ComparedBoxes(truth: truth, result: result, similarity))
    let measuresAngles = truth.isOriented || result.isOriented || !result.covariances.isEmpty
    let kept = measuresAngles ? (truth: truth, result: result) : nil
    let truthIdentities = truth.takeIdentities()
    let resultIdentities = result.takeIdentities()
    var oriented = OrientedTrackAccumulator()
    var timelines = options.keepsTimelines ? TrackTimelines(truth: truthIdentities) : nil
    var events: [TrackEvent] = []
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
      for index in events.indices { events[index].findBoxes(truthIdentities, resultIdentities, measurer) }
    }
    return TrackClassEvaluation(
      className: className, scores: scores, oriented: oriented.scores, events: events,
      timelines: timelines?.finished(result: resultIdentities) ?? [],
      countedResult: options.keepsTimelines ? resultIdentities : nil)
  }
}
