import Foundation
import Geometry
import Reports
import Synchronization
import TrackEvaluation
import Tracking

/// Searches for the tracker's settings that score best on training sequences, and scores them on others that the search never saw.
public struct TrackerTuning: Sendable {
  /// What to search for.
  public struct Request: Sendable {
    /// The sequences that are searched on.
    public var train: [TuningFiles]
    /// The sequences that only tell whether the gain holds.
    public var validate: [TuningFiles]
    /// The class in lower case; nil takes all as one.
    public var className: String?
    /// Of sequences whose files have no times; nil: as the files say.
    public var framesPerSecond: Double?
    /// The settings that the search starts from.
    public var base = TrackerSettings()
    /// The names of the settings that are searched.
    public var parameters = TrackerParameters.names
    /// The field to raise, under TrackEval's name.
    public var objective = "HOTA"
    /// How long the search is, and its seed.
    public var search = ParameterSearch.Settings()
    /// How many parameter sets are scored at a time; the outcome does not depend on it.
    public var threads = ProcessInfo.processInfo.activeProcessorCount

    /// All parameters, raised by HOTA.
    public init(train: [TuningFiles], validate: [TuningFiles]) {
      self.train = train
      self.validate = validate
    }
  }

  /// Scores of the settings before and after, on both sets of sequences.
  public struct Outcome: Sendable {
    /// The best settings, or those at the start where none was better.
    public var settings: TrackerSettings
    /// Scores of the settings at the start on the training sequences.
    public var trainBefore: TrackScores
    /// Scores of the best settings on the training sequences.
    public var trainAfter: TrackScores
    /// Scores of the settings at the start on the validation sequences.
    public var validateBefore: TrackScores
    /// Scores of the best settings on the validation sequences.
    public var validateAfter: TrackScores
    /// How many parameter sets were scored, on all or on part of the training sequences.
    public var trials: Int
  }

  private let request: Request
  private let space: ParameterSpace
  private let train: [TuningSequence]
  private let validate: [TuningSequence]

  /// Loads the sequences.
  ///
  /// - Throws: `EvaluationError` for a request that cannot be met, `RecordsError` for files that cannot be read.
  public init(_ request: Request) throws {
    self.request = request
    guard let space = TrackerParameters.space(request.parameters, around: request.base),
      Set(request.parameters).count == request.parameters.count
    else {
      throw EvaluationError.invalidOption(
        name: "\(EvaluationSetting.parameters)",
        reason: "name each once; there are \(TrackerParameters.names.joined(separator: ", "))")
    }
    guard Self.metrics(for: request.objective) != nil else {
      throw EvaluationError.invalidOption(
        name: "\(EvaluationSetting.objective) \(request.objective)",
        reason: "give a field of HOTA, CLEAR or Identity, such as HOTA, MOTA or IDF1")
    }
    try Self.checkSequences(request)
    self.space = space
    let load = { (files: TuningFiles) throws in
      try TuningSequence(files, className: request.className, framesPerSecond: request.framesPerSecond)
    }
    train = try request.train.map(load)
    validate = try request.validate.map(load)
    for (sequences, name) in [(train, "training"), (validate, "validation")] {
      guard sequences.contains(where: { $0.truth.boxCount > 0 }) else {
        let boxes = request.className.map { "box of the class \($0)" } ?? "box"
        throw EvaluationError.inconsistent(reason: "the truth of the \(name) sequences has no \(boxes)")
      }
    }
  }

  /// What a user should know about the files.
  public var warnings: [String] { (train + validate).flatMap(\.warnings) }

  /// Refuses sequences that are given twice, under whatever names.
  private static func checkSequences(_ request: Request) throws(EvaluationError) {
    func place(_ files: TuningFiles) -> String { URL(fileURLWithPath: files.truth).resolvingSymlinksInPath().path }
    let train = Set(request.train.map(place))
    if let shared = request.validate.first(where: { train.contains(place($0)) }) {
      throw .inconsistent(
        reason: "\(shared.truth) is among both the training and the validation sequences, so that the validation would say nothing")
    }
    for files in [request.train, request.validate] {
      var seen = Set<String>()
      if let twice = files.first(where: { !seen.insert(place($0)).inserted }) {
        throw .inconsistent(reason: "\(twice.truth) is given twice and would count twice; name each sequence once")
      }
    }
  }

  /// Runs the search.
  ///
  /// - Parameter progress: Told after each batch how many parameter sets were scored and the best score on all training sequences so far.
  public func run(progress: (_ trials: Int, _ best: Double) -> Void = { _, _ in }) -> Outcome {
    let search = ParameterSearch(space: space, settings: request.search)
    let metrics = Self.metrics(for: request.objective) ?? [.hota]
    let order = shuffledTraining()
    var trials = 0
    var best = -Double.infinity
    let outcome = search.run { values, share in
      let count = Int(bounded: (Double(order.count) * share).rounded(.up), in: 1...max(1, order.count))
      let sequences = order.prefix(count).map { train[$0] }
      let settings = values.map { TrackerParameters.settings(request.base, request.parameters, $0) }
      let scores = Self.scores(settings, sequences, metrics, threads: request.threads)
      let objectives = scores.map { objective(TrackScores.combined($0)) }
      trials += values.count
      if share >= 1 { best = max(best, objectives.max() ?? best) }
      progress(trials, best)
      return objectives
    }
    return result(outcome, trials: trials)
  }

  private func result(_ outcome: ParameterSearch.Outcome, trials: Int) -> Outcome {
    var settings = TrackerParameters.settings(request.base, request.parameters, outcome.best.values)
    func combined(_ sequences: [TuningSequence]) -> [TrackScores] {
      let all = Set(TrackMetric.allCases)
      return Self.scores([request.base, settings], sequences, all, threads: request.threads).map { TrackScores.combined($0) }
    }
    var onTrain = combined(train)
    // The search begins within the ranges; settings beyond them that it could not better are kept.
    if objective(onTrain[1]) <= objective(onTrain[0]) {
      settings = request.base
      onTrain[1] = onTrain[0]
    }
    let onValidate = combined(validate)
    return Outcome(
      settings: settings, trainBefore: onTrain[0], trainAfter: onTrain[1], validateBefore: onValidate[0],
      validateAfter: onValidate[1],
      trials: trials)
  }

  private func objective(_ scores: TrackScores) -> Double { scores.value(of: request.objective) ?? -.infinity }

  /// The order in which a growing part of the training sequences is used.
  private func shuffledTraining() -> [Int] {
    var generator = SplitMix64(seed: request.search.seed)
    return Array(train.indices).shuffled(using: &generator)
  }

  /// The scores of each of the settings on each of the sequences, several at a time; the outcome does not depend on the threads.
  private static func scores(
    _ settings: [TrackerSettings], _ sequences: [TuningSequence], _ metrics: Set<TrackMetric>, threads: Int
  ) -> [[TrackScores]] {
    let jobs = settings.count * sequences.count
    let results = Mutex<[TrackScores]>(Array(repeating: TrackScores(), count: jobs))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, jobs))) { _ in
      while true {
        let job = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard job < jobs else { return }
        let scores = sequences[job % sequences.count].scores(settings[job / sequences.count], metrics: metrics)
        results.withLock { $0[job] = scores }
      }
    }
    let all = results.withLock { $0 }
    return settings.indices.map { Array(all[($0 * sequences.count)..<(($0 + 1) * sequences.count)]) }
  }

  /// The families that a field needs; nil for a field that no family has.
  private static func metrics(for field: String) -> Set<TrackMetric>? {
    let wanted = field.lowercased()
    return TrackMetric.allCases.first { $0.objectives.contains { $0.lowercased() == wanted } }.map { [$0] }
  }
}
