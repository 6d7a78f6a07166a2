import Reports

extension TrackResultEvaluation {
  /// Evaluates the sequences again that, seen alone, were evaluated in other classes than all of them together ask for.
  mutating func agreeOnClasses(
    _ files: [TrackSequenceFiles], _ options: TrackEvaluationOptions, threads: Int
  ) throws {
    guard sequences.allSatisfy(\.choosesClasses) else { return }
    let agreement = ClassAgreement(sequences)
    if let warning = agreement.warning { warnings.append(warning) }
    let others = sequences.indices.filter { agreement.classes(of: sequences[$0]) != sequences[$0].classes.map(\.className) }
    let classes = Dictionary(uniqueKeysWithValues: others.map { (files[$0].name, agreement.classes(of: sequences[$0])) })
    let again = try Self.evaluate(others.map { files[$0] }, threads: threads) {
      try TrackEvaluator.evaluate($0, options, classes: classes[$0.name])
    }
    for (index, evaluation) in zip(others, again) { sequences[index] = evaluation }
  }

  /// Refuses or tells of what was asked for and is nowhere: frames, classes, classes of regions.
  mutating func check(_ options: TrackEvaluationOptions) throws(EvaluationError) {
    if let range = options.frames, let first = sequences.first, sequences.allSatisfy({ $0.frames == 0 }) {
      throw .invalidOption(
        name: "\(EvaluationSetting.frames) \(range.lowerBound)-\(range.upperBound)",
        reason: SequenceChecks.outside(range, first.allFrames))
    }
    let regions = sequences.reduce(into: Set<String>()) { $0.formUnion($1.regionClasses) }
    for name in options.regionClasses where !regions.contains(name.lowercased()) {
      warnings.append("the truth has no box of the class \(name), one of \(EvaluationSetting.regionClasses)")
    }
    try checkClasses(options)
  }

  private mutating func checkClasses(_ options: TrackEvaluationOptions) throws(EvaluationError) {
    for name in options.classes.map({ $0.lowercased() }) {
      let scores = parts(of: name)
      guard !scores.isEmpty, scores.allSatisfy({ $0.evaluation.scores.truthBoxes == 0 }) else { continue }
      if scores.allSatisfy({ $0.evaluation.scores.resultBoxes == 0 }) {
        throw .inconsistent(reason: "neither the truth nor the result \(self.name) has a box of the class \(name)")
      }
      warnings.append("the truth has no box of the class \(name): all of its \(self.name) boxes are false positives")
    }
  }
}
