import Foundation
import Reports
import Synchronization

/// The evaluation of one result on all sequences.
public struct TrackResultEvaluation: Sendable {
  /// What the result is called in tables.
  public var name: String
  /// The sequences by name.
  public var sequences: [TrackSequenceEvaluation]
  /// What is to be said of the result as a whole, a sentence each; sequences have warnings of their own.
  public var warnings: [String]

  /// A result of sequences that were evaluated.
  public init(name: String, sequences: [TrackSequenceEvaluation], warnings: [String] = []) {
    self.name = name
    self.sequences = sequences
    self.warnings = warnings
  }

  /// The classes that were evaluated, in the order of their first appearance; one nil where all classes are one.
  public var classes: [String?] {
    var names: [String?] = []
    for sequence in sequences {
      for part in sequence.classes where !names.contains(part.className) { names.append(part.className) }
    }
    return names
  }

  /// The parts of one class, with the name of their sequence.
  public func parts(of className: String?) -> [(sequence: String, evaluation: TrackClassEvaluation)] {
    sequences.flatMap { sequence in
      sequence.classes.filter { $0.className == className }.map { (sequence.name, $0) }
    }
  }

  /// All sequences of one class as one.
  public func combined(_ className: String?) -> TrackScores {
    TrackScores.combined(parts(of: className).map(\.evaluation.scores))
  }

  /// Angles and covariances of all sequences of one class as one.
  public func combinedOriented(_ className: String?) -> OrientedTrackScores {
    OrientedTrackScores.combined(parts(of: className).map(\.evaluation.oriented))
  }

  /// All classes and sequences as one ("detection averaged").
  public var detectionAverage: TrackScores { TrackScores.combined(classes.map { combined($0) }) }

  /// The mean of the classes' combined fields ("class averaged").
  public var classAverage: [MetricField] { TrackScores.classAverage(classes.map { combined($0) }) }

  // MARK: - Running

  /// Evaluates all sequences, several at a time.
  ///
  /// - Parameters:
  ///   - name: What the result is called.
  ///   - truth: A file, or a folder of sequences (`TrackLayout`).
  ///   - result: Likewise.
  ///   - ignored: Regions to ignore, likewise; nil for none.
  ///   - choice: Which sequences are read; one without a result counts as empty, with a warning, unless the choice is strict.
  ///   - threads: How many sequences at a time; the outcome does not depend on it.
  /// - Throws: `RecordsError` for files that cannot be read, `EvaluationError` for what is not there or does not fit together.
  public static func run(
    name: String, truth: String, result: String, ignored: String? = nil, choice: SequenceChoice = SequenceChoice(),
    _ options: TrackEvaluationOptions,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws -> TrackResultEvaluation {
    let layout = try TrackLayout.sequences(
      truth: truth, result: result, ignored: ignored, formats: (options.truthFormat, options.resultFormat), choice: choice)
    let sequences = try choice.chosen(of: VideoSequences.split(layout.sequences, options), name: \.name)
    let evaluations = try evaluate(sequences, threads: threads) { try TrackEvaluator.evaluate($0, options) }
    var evaluation = TrackResultEvaluation(name: name, sequences: evaluations, warnings: layout.warnings)
    try evaluation.agreeOnClasses(sequences, options, threads: threads)
    try evaluation.check(options)
    return evaluation
  }

  /// Evaluates sequences, several at a time, and keeps their order.
  static func evaluate(
    _ sequences: [TrackSequenceFiles], threads: Int,
    _ evaluate: @Sendable (TrackSequenceFiles) throws -> TrackSequenceEvaluation
  ) throws -> [TrackSequenceEvaluation] {
    let results = Mutex<[Result<TrackSequenceEvaluation, any Error>?]>(Array(repeating: nil, count: sequences.count))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, sequences.count))) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < sequences.count else { return }
        let result = Result { try evaluate(sequences[index]) }
        results.withLock { $0[index] = result }
      }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }
}
