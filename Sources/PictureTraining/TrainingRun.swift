internal import NetworkGraph
public import NetworkTraining

/// Trains on annotated pictures: steps, a measurement after an epoch, a log, checkpoints that are gone on from, and the model.
public struct TrainingRun {
  /// The files that a training makes, all named after one.
  public struct Files: Sendable {
    /// The model.
    public let model: String
    /// What a training goes on from.
    public let checkpoint: String
    /// One JSON object a line.
    public let log: String
    /// What is known of the model, for people.
    public let card: String
    /// Curves and pictures, a page of HTML.
    public let report: String
    /// What a teacher found; of trainings with one alone.
    public let teacher: String

    /// - Parameter name: `models/NAME`, with or without `.onnx`.
    public init(_ name: String) {
      let stem = name.hasSuffix(".onnx") ? String(name.dropLast(5)) : name
      (model, checkpoint, log, card) = (stem + ".onnx", stem + ".checkpoint", stem + ".log.jsonl", stem + ".md")
      (report, teacher) = (stem + ".html", stem + ".teacher.jsonl")
    }

    /// What every training writes.
    public var all: [String] { [model, checkpoint, log, card, report] }
  }

  /// What happened, for a display.
  public enum Event {
    /// Something to know, as a sentence.
    case note(String)
    case step(StepReport, of: Int)
    case epoch(Int, of: Int, loss: Double?, TrainingScores)
  }

  private let task: any TrainingTask
  private let recipe: TrainingRecipe
  private let card: ModelCard
  private let files: Files
  private let start: TrainingStart?

  /// A training that has not begun.
  ///
  /// - Parameter start: What it begins with in the place of seeded tensors.
  public init(
    _ task: any TrainingTask, recipe: TrainingRecipe, card: ModelCard, files: Files, start: TrainingStart? = nil
  ) {
    (self.task, self.card, self.files, self.start) = (task, card, files, start)
    var recipe = recipe
    recipe.start = start?.facts
    self.recipe = recipe
  }

  /// Refuses to go on with a training that boxes of a teacher are no part of, or features of another one.
  ///
  /// - Throws: `PictureTrainingError`.
  public static func check(_ files: Files, hasTeacher: Bool, _ features: FeatureFacts?) throws {
    try TrainingLog.check(files.log, hasTeacher: hasTeacher, features)
  }

  private func trainer(
    _ network: TrainingNetwork, _ settings: TrainingSettings, _ state: TrainingState?, goesOn: Bool
  ) throws -> Trainer {
    do {
      return try Trainer(network, settings, task.examples, state: state)
    } catch let error as TrainingError where goesOn {
      throw TrainingError("\(files.checkpoint): \(error.description) Give the options that it was made with, or --overwrite.")
    }
  }

  /// Trains until the last epoch, or until `isStopped`, with a checkpoint in any case.
  ///
  /// - Parameters:
  ///   - goesOn: Whether to go on from the checkpoint's file.
  ///   - isStopped: Asked after each step.
  /// - Returns: The last measurement; nil where it was stopped before the end.
  /// - Throws: `TrainingError` for a checkpoint of another network or settings, `DivergedTraining`, `PictureTrainingError` for a file
  ///   that cannot be written.
  public func run(
    goesOn: Bool, isStopped: () -> Bool = { false }, note: (Event) -> Void = { _ in }
  ) throws -> TrainingScores? {
    let settings = try recipe.settings(pictures: task.examples.count)
    let network = try task.network(seed: recipe.seed)
    let state = try goesOn ? state(for: settings) : begun(network, settings, note)
    let trainer = try trainer(network, settings, state, goesOn: goesOn)
    trainer.note.map { note(.note($0)) }
    var log = try TrainingLog(path: files.log, of: task, recipe, until: trainer.state.step)
    let (perEpoch, total) = (recipe.stepsPerEpoch(task.examples.count), settings.schedule.total)
    if trainer.state.step >= total {
      // A model that was lost, or that an earlier version wrote, is written again.
      let scores = try measure(trainer)
      try write(trainer.state, scores, epoch: recipe.epochs, network, log.history)
      return scores
    }
    var last: TrainingScores?
    while trainer.state.step < total {
      let report = try step(trainer, settings)
      try log.add(report, epoch: (report.step - 1) / perEpoch + 1)
      note(.step(report, of: total))
      let (epoch, isEnd) = (report.step / perEpoch, report.step % perEpoch == 0)
      if isEnd, epoch % max(1, recipe.measuredEvery) == 0 || report.step == total {
        let scores = try measure(trainer)
        try log.add(scores, step: report.step, epoch: epoch, weights: task.weights(trainer.state.statistics))
        try write(trainer.state, scores, epoch: epoch, network, log.history)
        note(.epoch(epoch, of: recipe.epochs, loss: log.history.losses.last?.mean, scores))
        last = scores
      }
      let isEnough = isStopped() && report.step < total
      if isEnd || isEnough { try writing { try Checkpoint.write(trainer.state, settings, path: files.checkpoint) } }
      if isEnough { return nil }
    }
    return last
  }

  private func begun(
    _ network: TrainingNetwork, _ settings: TrainingSettings, _ note: (Event) -> Void
  ) throws -> TrainingState? {
    guard let start else { return nil }
    let begun = try start.state(of: network, settings)
    note(.note("begins with \(begun.taken) of its \(network.parameters.count) tensors from \(start.facts.name)"))
    return begun.state
  }

  private func step(_ trainer: Trainer, _ settings: TrainingSettings) throws -> StepReport {
    do {
      return try trainer.step()
    } catch var fault as DivergedTraining {
      let path = files.checkpoint + ".diverged"
      try writing { try Checkpoint.write(trainer.state, settings, path: path) }
      fault.checkpoint = path
      throw fault
    }
  }

  private func state(for settings: TrainingSettings) throws -> TrainingState {
    let found = try Checkpoint.read(path: files.checkpoint)
    guard found.settings == settings else {
      throw TrainingError(
        "\(files.checkpoint): was made with other settings or another number of pictures; give the same ones, or begin anew with "
          + "--overwrite.")
    }
    return found.state
  }

  /// Tells what cannot be written apart from what cannot be trained.
  private func writing(_ body: () throws -> Void) throws {
    do { try body() } catch let error as TrainingError { throw PictureTrainingError.writing(error.description) }
  }

  private func measure(_ trainer: Trainer) throws -> TrainingScores {
    try task.measure(trainer.state.tensors, threads: recipe.threads)
  }

  private func write(
    _ state: TrainingState, _ scores: TrainingScores, epoch: Int, _ network: TrainingNetwork, _ history: TrainingHistory
  ) throws {
    var graph = try task.graph(state.tensors)
    let facts = ModelCard.Facts(
      task: task, recipe: recipe, epoch: epoch, parameters: task.parameterCount(of: network), scores: scores)
    graph.metadata.merge(card.metadata(facts)) { first, _ in first }
    let bytes = try GraphExporter.bytes(graph, producer: "sextant")
    let report = TrainingReport(
      name: card.name, facts: facts, history: history, pictures: try task.pictures(state.tensors, threads: recipe.threads))
    try writing {
      try WholeFile.write(bytes, path: files.model)
      try WholeFile.write(Array(card.text(facts).utf8), path: files.card)
      try WholeFile.write(Array(report.page.utf8), path: files.report)
    }
  }
}
