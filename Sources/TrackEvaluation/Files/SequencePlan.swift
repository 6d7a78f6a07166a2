import Records
import Reports

/// What is to be done with one sequence, told from its files and the options.
struct SequencePlan {
  /// The frames to evaluate, from 0.
  let frames: Range<Int>
  /// All frames of the sequence in the truth's own counting.
  let allFrames: Range<Int>
  let similarity: TrackSimilarity
  let preprocessing: TrackPreprocessing
  var preprocessor: TrackPreprocessor
  /// nil stands for all classes as one.
  let classes: [String?]
  /// Whether neither an option nor the benchmark names them.
  let choosesClasses: Bool
  /// The truth's classes without those of regions.
  let truthClasses: Set<String>
  /// What is odd about the classes.
  let warnings: [String]

  init(
    files: TrackSequenceFiles, truth: TrackSide, result: TrackSide, _ options: TrackEvaluationOptions, classes: [String?]?
  ) throws {
    let frameCount = max(files.statedFrames ?? 0, truth.boxes.frameCount, result.boxes.frameCount)
    allFrames = truth.firstFrame..<truth.firstFrame + frameCount
    frames = options.frames(of: frameCount, first: truth.firstFrame)
    let isOriented = truth.boxes.isOriented || result.boxes.isOriented
    similarity = options.similarity ?? (isOriented ? .rotatedIoU : .iou)
    preprocessing = options.preprocessing ?? TrackPreprocessing(truth: truth, name: files.name)
    if similarity == .birdsEye {
      guard !truth.boxes.spatialBoxes.isEmpty, result.boxes.count == 0 || !result.boxes.spatialBoxes.isEmpty else {
        throw EvaluationError.inconsistent(
          reason:
            "the bird's-eye similarity needs boxes in space on both sides, which only KITTI's formats and streams of track --poses have (sequence \(files.name))"
        )
      }
    }
    var regions: GroupedBoxes?
    if let path = files.ignored {
      regions = try TrackSideLoader.load(path: path, role: .automatic, format: truth.format == .uavdt ? .uavdt : nil).boxes
    }
    preprocessor = TrackPreprocessor(rule: preprocessing, similarity: similarity, regions: regions)
    truthClasses = truth.boxes.names.subtracting([TrackPreprocessor.dontCare])
    let told = try Self.classes(truth, result, preprocessing, options, files)
    choosesClasses = told == nil
    // Without names on one side, or with none in common, classes cannot be told apart.
    let isOne = truthClasses.isEmpty || (result.boxes.count > 0 && truthClasses.isDisjoint(with: result.boxes.names))
    self.classes = classes ?? told ?? (isOne ? [nil] : truthClasses.sorted())
    warnings =
      Self.warnings(result, self.classes, name: files.name)
      + (options.regionClasses.isEmpty || preprocessing.knowsRegionClasses
        ? []
        : [
          "\(files.name): \(EvaluationSetting.regionClasses) change nothing where \(EvaluationSetting.preprocessing) is \(preprocessing.rawValue)"
        ])
  }

  /// Tells where the result has no classes, or none of those that are evaluated.
  private static func warnings(_ result: TrackSide, _ classes: [String?], name: String) -> [String] {
    let names = classes.compactMap { $0 }
    guard result.boxes.count > 0, !names.isEmpty else { return [] }
    if result.boxes.classIndices.isEmpty {
      // MOTChallenge's results are pedestrians without saying so.
      return names == ["pedestrian"]
        ? [] : ["\(name): the result has no classes, so all its boxes count as \(names.joined(separator: " and as "))"]
    }
    let others = result.boxes.names
    guard !others.isEmpty, others.isDisjoint(with: names) else { return [] }
    return [
      "\(name): the result has no box of \(names.joined(separator: " or ")), only of \(others.sorted().joined(separator: ", ")), and so no box that counts"
    ]
  }

  /// The classes that an option or the benchmark names; nil where neither does.
  private static func classes(
    _ truth: TrackSide, _ result: TrackSide, _ preprocessing: TrackPreprocessing, _ options: TrackEvaluationOptions,
    _ files: TrackSequenceFiles
  ) throws(EvaluationError) -> [String?]? {
    let wanted = options.classes.map { $0.lowercased() }
    switch preprocessing {
    case .mot, .mot20:
      if let other = wanted.first(where: { $0 != "pedestrian" }) {
        throw .inconsistent(
          reason:
            "MOT preprocessing evaluates pedestrians only, not the class \(other) (sequence \(files.name)); choose none as \(EvaluationSetting.preprocessing)"
        )
      }
      let foreign = result.boxes.names.subtracting(["pedestrian"])
      guard foreign.isEmpty else {
        let names = (foreign.count == 1 ? "class " : "classes ") + WordList.text(foreign.sorted())
        throw .unusable(
          path: files.result,
          reason:
            "MOT preprocessing evaluates pedestrians only, but the result has boxes of the \(names); choose none as \(EvaluationSetting.preprocessing)"
        )
      }
      return ["pedestrian"]
    case .kitti:
      try refuseUnknownTypes(truth, path: files.truth)
      try refuseUnknownTypes(result, path: files.result)
      if !wanted.isEmpty { return wanted }
      return options.takesClassesAsOne ? [nil] : ["car", "pedestrian"]
    case .uavdt where wanted.isEmpty: return [nil]
    default: break
    }
    let foreign = wanted.first { truth.format != .mot || $0 != "pedestrian" }
    if let name = foreign, truth.boxes.count > 0, truth.boxes.classIndices.isEmpty {
      throw .unusable(
        path: files.truth,
        reason: "the truth has no classes, so that \(name) cannot be told apart; leave out \(EvaluationSetting.classes)")
    }
    if options.takesClassesAsOne || (preprocessing == .mot15 && wanted.isEmpty) { return [nil] }
    return wanted.isEmpty ? nil : wanted
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
