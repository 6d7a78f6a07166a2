import Records
import Reports

/// A result's errors on one or several sequences.
public struct TrajectoryResult: Sendable {
  /// One sequence, measured.
  public struct Sequence: Sendable {
    /// What the sequence is called.
    public var name: String
    /// Its errors by kind and relation.
    public var evaluation: TrajectorySequenceEvaluation

    /// A sequence under its name.
    public init(name: String, evaluation: TrajectorySequenceEvaluation) {
      self.name = name
      self.evaluation = evaluation
    }
  }

  /// How the files of a side are read.
  public struct Reading: Sendable {
    /// nil: guessed.
    public var format: TrajectoryFile.Format?
    /// The unit of the stamps; nil: guessed.
    public var unit: TimeUnit?
    /// A file of times for poses without, of a single sequence.
    public var times: String?

    /// How the files of a side are read.
    public init(format: TrajectoryFile.Format? = nil, unit: TimeUnit? = nil, times: String? = nil) {
      self.format = format
      self.unit = unit
      self.times = times
    }
  }

  /// The errors of one relation of all sequences together.
  public struct Pooled: Sendable {
    /// "APE" or "RPE".
    public var kind: String
    /// What of the pose errors is measured.
    public var relation: PoseRelation
    /// Over the errors of all sequences as one list.
    public var statistics: ErrorStatistics
  }

  /// What the result is called.
  public var name: String
  /// At least one.
  public let sequences: [Sequence]
  /// What a reader of the figures should know, a sentence each.
  public var warnings: [String]
  /// The errors of all sequences as one list, for each kind and relation that a sequence has.
  public let pooled: [Pooled]
  /// KITTI's errors over the segments of all sequences; nil where there are none.
  public let pooledSegments: SegmentErrors?

  /// A result of one or several sequences.
  public init(name: String, sequences: [Sequence], warnings: [String] = []) {
    precondition(!sequences.isEmpty, "at least one sequence")
    self.name = name
    self.sequences = sequences
    self.warnings = warnings
    pooled = Self.pooled(sequences)
    pooledSegments = SegmentErrors(pooling: sequences.compactMap(\.evaluation.segments))
  }

  /// Reads and measures two files, or the files of equal names of two folders.
  ///
  /// - Parameters:
  ///   - name: What the result is called.
  ///   - choice: Which of the folders' sequences are read; one without a file of the result is left out, with a warning.
  /// - Throws: `RecordsError` for a file that cannot be read, `EvaluationError` for what cannot be compared.
  public static func run(
    name: String, truth: String, result: String, choice: SequenceChoice = SequenceChoice(),
    reading: (truth: Reading, result: Reading), settings: TrajectorySequenceEvaluation.Settings
  ) throws -> TrajectoryResult {
    let files = try PairedFiles.pairs(truth: truth, result: result, choice: choice)
    var warnings = files.warnings
    guard files.pairs.count == 1 || (reading.truth.times == nil && reading.result.times == nil) else {
      throw EvaluationError.inconsistent(
        reason: "a file of times belongs to one sequence and \(truth) has \(files.pairs.count); give times in the files (TUM)")
    }
    let sequences = try files.pairs.map { pair in
      let sides = try (load(pair.truth, reading.truth, side: "truth"), load(pair.result, reading.result, side: "result"))
      warnings += sides.0.warnings + sides.1.warnings
      do {
        return Sequence(
          name: pair.name, evaluation: try TrajectorySequenceEvaluation(truth: sides.0, result: sides.1, settings: settings))
      } catch let problem as TrajectoryProblem where files.pairs.count > 1 && !problem.isAboutOptions {
        throw EvaluationError.unusable(path: pair.result, reason: problem.description)
      }
    }
    return TrajectoryResult(name: name, sequences: sequences, warnings: warnings)
  }

  private static func load(_ path: String, _ reading: Reading, side: String) throws(RecordsError) -> LoadedTrajectory {
    try TrajectoryFiles.read(path, format: reading.format, times: reading.times, unit: reading.unit, side: side)
  }

  private static func pooled(_ sequences: [Sequence]) -> [Pooled] {
    var kinds: [(kind: String, relation: PoseRelation)] = []
    for row in sequences.flatMap(\.evaluation.rows) where !kinds.contains(where: { $0 == (row.kind, row.relation) }) {
      kinds.append((row.kind, row.relation))
    }
    return kinds.compactMap { kind, relation in
      ErrorStatistics(sequences.flatMap { $0.evaluation.row(kind, relation)?.errors ?? [] }).map {
        Pooled(kind: kind, relation: relation, statistics: $0)
      }
    }
  }

  /// The root mean square of a kind of error over all sequences, `ape` or `rpe` (of the first relation) or `ape/translation_part`;
  /// nil for other names.
  public func score(named name: String) -> Double? {
    let parts = name.lowercased().split(separator: "/").map(String.init)
    return pooled.first { row in
      row.kind.lowercased() == parts.first && (parts.count == 1 || row.relation.rawValue == parts[1])
    }?.statistics.rootMeanSquare
  }
}

extension TrajectorySequenceEvaluation {
  /// The errors of a kind and relation; nil where there are none.
  func row(_ kind: String, _ relation: PoseRelation) -> Row? { rows.first { $0.kind == kind && $0.relation == relation } }
}
