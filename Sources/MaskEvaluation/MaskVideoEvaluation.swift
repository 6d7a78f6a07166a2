import Records
import Reports

/// Masks of objects in video, measured: J and F of every object of every sequence (DAVIS).
public struct MaskVideoEvaluation: Sendable {
  /// What counts as the same object.
  public struct Settings: Sendable, Equatable {
    /// How the objects of both sides belong together.
    public var matching: MaskSequence.Matching
    /// Whether every label but 0 marks the one object, on both sides, as in DAVIS 2016's masks of 0 and 255; nothing is void then.
    public var isBinary: Bool

    /// The benchmark's rule for a kind of result.
    public init(_ matching: MaskSequence.Matching, isBinary: Bool = false) {
      self.matching = matching
      self.isBinary = isBinary
    }
  }

  /// A sequence and the scores of its objects.
  public struct Sequence: Sendable, Equatable {
    /// The name of the sequence's folder.
    public var name: String
    /// The names of the frames that count.
    public var frames: [String]
    /// The scores of each object of the truth.
    public var objects: [MaskObjectScore]

    /// One sequence, measured.
    public init(name: String, frames: [String], objects: [MaskObjectScore]) {
      self.name = name
      self.frames = frames
      self.objects = objects
    }
  }

  /// How the figures came about.
  public let settings: Settings
  /// The sequences in the order of their files.
  public private(set) var sequences: [Sequence]
  /// What a reader of the figures should know, a sentence each.
  public private(set) var warnings: [String] = []

  /// Sequences that were measured elsewhere.
  public init(_ sequences: [Sequence], settings: Settings) {
    self.settings = settings
    self.sequences = sequences
  }

  /// Measures all files of a result; frames without a result count as ones without objects.
  ///
  /// - Throws: `EvaluationError.unusable` where no sequence has an object in a frame that counts; `RecordsError` for unreadable files.
  public init(_ files: MaskFiles, settings: Settings) throws {
    self.init([], settings: settings)
    for sequence in files.sequences {
      if let tracks = files.tracks { try add(sequence, tracks) } else { try add(sequence) }
    }
    guard sequences.contains(where: { !$0.objects.isEmpty }) else {
      throw EvaluationError.unusable(
        path: files.truth,
        reason: "no sequence has a frame that counts and an object in it (a label other than 0 and 255); "
          + "say where they are \(EvaluationSetting.binaryMasks), and give at least three frames for semi-supervised")
    }
  }

  private mutating func add(_ files: MaskSequenceFiles, _ tracks: StreamMasks) throws {
    try tracks.check(files)
    warnings += tracks.warnings(files)
    var measured = MaskSequence(settings.matching)
    for (frame, number) in zip(files.frames, files.frameNumbers) {
      let (truth, _) = try frame.images()
      measured.add(
        truth: settings.isBinary ? Self.binary(truth) : truth.labels,
        tracks: try tracks.masks(frame: number, truth: truth, truthPath: frame.truth), width: truth.width, height: truth.height)
    }
    let objects = measured.scores()
    sequences.append(Sequence(name: files.name, frames: files.frames.map(\.name), objects: objects))
    if objects.isEmpty { warnings.append("\(files.name) has no object in a frame that counts; it is left out") }
  }

  private mutating func add(_ files: MaskSequenceFiles) throws {
    var measured = MaskSequence(settings.matching)
    for frame in files.frames {
      let (truth, result) = try frame.images()
      measured.add(
        truth: settings.isBinary ? Self.binary(truth) : truth.labels,
        // A frame without a result counts as one without objects.
        result: result.map { settings.isBinary ? Self.binary($0) : $0.labels } ?? truth.labels.map { _ in 0 },
        width: truth.width, height: truth.height)
    }
    let objects = measured.scores()
    let counted = measured.countedFrames.map { files.frames[$0].name }
    sequences.append(Sequence(name: files.name, frames: counted, objects: objects))
    warn(files, measured, hasObjects: !objects.isEmpty)
  }

  private static func binary(_ image: LabelImage) -> [UInt8] { image.labels.map { $0 == 0 ? 0 : 1 } }

  private mutating func warn(_ files: MaskSequenceFiles, _ measured: MaskSequence, hasObjects: Bool) {
    let missing = files.frames.filter { $0.result == nil }
    if !missing.isEmpty {
      warnings.append(
        "\(missing.count) of \(files.frames.count) frames of \(files.name) have no result (first \(missing[0].name)); they count as empty"
      )
    }
    if !hasObjects { warnings.append("\(files.name) has no object in a frame that counts; it is left out") }
    let unknown = measured.labelsOnlyInResult
    if settings.matching == .semiSupervised, !unknown.isEmpty {
      let labels = unknown.map(String.init).joined(separator: ", ")
      let hint = unknown == [255] ? "; say where they are \(EvaluationSetting.binaryMasks)" : ""
      warnings.append(
        "the result of \(files.name) has labels that are no object of the truth (\(labels)); they are left out\(hint)")
    }
  }

  /// All objects of all sequences.
  public var objects: [MaskObjectScore] { sequences.flatMap(\.objects) }
}

/// The seven figures of objects, in the order of the tables.
public struct MaskFigures: Sendable {
  /// The names of the figures as tables and thresholds know them.
  public static let names = ["J&F", "J_mean", "J_recall", "J_decay", "F_mean", "F_recall", "F_decay"]

  /// One object's.
  public static func values(_ score: MaskObjectScore) -> [Double] {
    [score.mean] + [score.region, score.contour].flatMap { [$0.mean, $0.recall, $0.decay] }
  }

  /// The means over objects; nil for none.
  public static func means(_ scores: [MaskObjectScore]) -> [Double]? {
    guard !scores.isEmpty else { return nil }
    let all = scores.map(values)
    return names.indices.map { index in all.reduce(0) { $0 + $1[index] } / Double(all.count) }
  }
}

/// The scores of masks in video on any choice of the sequences: means over the objects of the chosen sequences.
public struct MaskSequenceScores: ResampledScores {
  /// The seven figures of objects.
  public let names = MaskFigures.names.map { ScoreName($0) }
  /// The number of sequences.
  public var count: Int { sums.count }
  /// For each sequence its number of objects and the sums of their figures.
  private let sums: [(objects: Int, figures: [Double])]

  /// The scores of an evaluation's sequences.
  public init(_ evaluation: MaskVideoEvaluation) {
    sums = evaluation.sequences.map { sequence in
      let values = sequence.objects.map(MaskFigures.values)
      return (values.count, MaskFigures.names.indices.map { index in values.reduce(0) { $0 + $1[index] } })
    }
  }

  /// All are.
  public func isRatio(_ name: ScoreName) -> Bool { true }

  /// The means over the objects of the chosen sequences; not numbers where these have none.
  public func scores(_ occurrences: [Int]) -> [Double] {
    var objects = 0
    var figures = Array(repeating: 0.0, count: names.count)
    for (part, times) in zip(sums, occurrences) where times > 0 {
      objects += times * part.objects
      for index in figures.indices { figures[index] += Double(times) * part.figures[index] }
    }
    return figures.map { objects > 0 ? $0 / Double(objects) : .nan }
  }
}
