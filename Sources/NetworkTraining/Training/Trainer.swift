internal import Geometry
public import ModelFiles
internal import NetworkGraph
internal import NetworkPrograms

/// Where examples come from.
public protocol ExampleSource: Sendable {
  /// How many there are.
  var count: Int { get }
  /// The network's inputs for some examples.
  ///
  /// - Parameters:
  ///   - places: Each below `count`.
  ///   - seed: Another one in every pass, for changes at random; the same one when the pass is repeated.
  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor]
}

/// What a step did.
public struct StepReport: Sendable {
  /// The step's number, from 1.
  public let step: Int
  /// The mean over the step's passes.
  public let loss: Double
  /// Of all gradients together, before it was limited.
  public let gradientNorm: Double
  /// The learning rate.
  public let rate: Double
}

/// Trains a network, step after step. Not to be used by two tasks at once.
public final class Trainer {
  /// What is trained.
  public let network: TrainingNetwork
  /// How it is trained.
  public let settings: TrainingSettings
  /// Everything that the next step depends on, beside network, settings and examples.
  public private(set) var state: TrainingState
  /// A sentence for people where the processor does not multiply in the settings' type, so that 32-bit floats are used.
  public var note: String? { program.note }
  private let source: any ExampleSource
  private let program: Program
  private let order: DataOrder
  private var places: (epoch: Int, list: [Int])?

  /// - Parameter state: To go on from; the network's start otherwise.
  /// - Throws: `TrainingError` for settings that cannot be or another network's state, `NetworkError` where oneDNN is missing.
  public init(
    _ network: TrainingNetwork, _ settings: TrainingSettings, _ source: any ExampleSource, state: TrainingState? = nil
  ) throws {
    try settings.check(exampleCount: source.count)
    guard network.averages.isEmpty || settings.average != nil else {
      throw TrainingError("The network learns from the moving averages of its parameters; train it with some.")
    }
    (self.network, self.settings, self.source) = (network, settings, source)
    self.state = state ?? network.start(settings)
    program = try Program(network.graph, threads: settings.threads, type: settings.type)
    order = DataOrder(count: source.count, seed: settings.seed)
    try Trainer.check(self.state, network, settings)
  }

  private static func check(_ state: TrainingState, _ network: TrainingNetwork, _ settings: TrainingSettings) throws {
    for parameter in network.parameters {
      let slots = state.slots[parameter.name] ?? []
      guard state.parameters[parameter.name]?.shape == parameter.start.shape,
        state.parameters[parameter.name]?.type == .float32, slots.count == settings.optimiser.slotCount,
        slots.allSatisfy({ $0.count == parameter.start.count })
      else { throw TrainingError("The checkpoint has no '\(parameter.name)' as this network has it; it is another network's.") }
    }
    for statistic in network.statistics where state.statistics[statistic.name]?.shape != statistic.start.shape {
      throw TrainingError("The checkpoint has no '\(statistic.name)' as this network has it; it is another network's.")
    }
  }

  /// One step: as many passes as the settings have, then one change of the parameters.
  ///
  /// - Throws: `DivergedTraining` where the loss or a gradient is no number; the state is then as before the step.
  @discardableResult public func step() throws -> StepReport {
    // Parameters change only when nothing can fail any more.
    let (epoch, position, statistics) = (state.epoch, state.position, state.statistics)
    do {
      return try advance()
    } catch {
      (state.epoch, state.position, state.statistics) = (epoch, position, statistics)
      throw error
    }
  }

  private func advance() throws -> StepReport {
    var (loss, gradients) = (0.0, [[Float]]())
    for pass in 0..<settings.passes {
      let inputs = try nextInputs(pass: pass)
      let results = try program.run(inputs)
      loss += try (results[TrainingNetwork.lossName]?.elements.doubles.first).orFault() / Double(settings.passes)
      let found = try network.parameters.map { try (results[TrainingNetwork.gradientName($0)]?.values(Float.self)).orFault() }
      if let fault = try divergence(loss, found, inputs) { throw fault }
      gradients = gradients.isEmpty ? found : zip(gradients, found).map { Trainer.sum($0, $1) }
      try updateStatistics(results)
    }
    state.step += 1
    let mean = 1 / Double(settings.passes)
    let norm = GradientClipping.norm(gradients) * mean
    let rate = settings.schedule.rate(at: state.step)
    try update(gradients, scale: mean * GradientClipping.factor(norm: norm, limit: settings.normLimit), rate: rate)
    return StepReport(step: state.step, loss: loss, gradientNorm: norm, rate: rate)
  }

  private static func sum(_ first: [Float], _ second: [Float]) -> [Float] { zip(first, second).map { $0 + $1 } }

  /// Parameters, the examples that come next, and the random layers' state.
  private func nextInputs(pass: Int) throws -> [String: Tensor] {
    if state.position + settings.batch > source.count { (state.epoch, state.position) = (state.epoch + 1, 0) }
    if places?.epoch != state.epoch { places = (state.epoch, order.places(epoch: state.epoch)) }
    let list = places?.list ?? []
    let chosen = Array(list[state.position..<state.position + settings.batch])
    state.position += settings.batch
    let number = UInt64(truncatingIfNeeded: state.step * settings.passes + pass)
    let seed = SplitMix64.mixed(SplitMix64.mixed(settings.seed) &+ number)
    var inputs = try source.batch(chosen, seed: seed)
    inputs.merge(state.parameters) { first, _ in first }
    inputs.merge(readState) { first, _ in first }
    if network.isRandom { inputs[NetworkBuilder.randomStateName] = Tensor(scalar: Int64(bitPattern: seed)) }
    return inputs
  }

  /// The running means and the parameters' averages that the network reads.
  private var readState: [String: Tensor] {
    var inputs: [String: Tensor] = [:]
    for statistic in network.statistics where statistic.isRead { inputs[statistic.name] = state.statistics[statistic.name] }
    for name in network.averages { inputs[NetworkBuilder.averageName(name)] = state.averages[name] }
    return inputs
  }

  private func updateStatistics(_ results: [String: Tensor]) throws {
    for statistic in network.statistics {
      let values = try (results[TrainingNetwork.statisticName(statistic)]?.values(Float.self)).orFault()
      let kept = Float(statistic.momentum)
      let running = try (state.statistics[statistic.name]?.values(Float.self)).orFault()
      state.statistics[statistic.name] = try Tensor(
        shape: statistic.start.shape, zip(running, values).map { kept * $0 + (1 - kept) * $1 })
    }
  }

  private func update(_ gradients: [[Float]], scale: Double, rate: Double) throws {
    for (parameter, gradient) in zip(network.parameters, gradients) {
      let name = parameter.name
      var weights = try (state.parameters[name]?.values(Float.self)).orFault()
      var slots = try state.slots.removeValue(forKey: name).orFault()
      settings.optimiser.update(
        &weights, &slots, gradient: gradient, scale: Float(scale), rate: rate,
        decay: parameter.isDecayed ? settings.decay : 0, step: state.step)
      state.slots[name] = slots
      state.parameters[name] = try Tensor(shape: parameter.start.shape, weights)
      guard let average = settings.average else { continue }
      var kept = try (state.averages[name]?.values(Float.self)).orFault()
      average.update(&kept, weights, step: state.step)
      state.averages[name] = try Tensor(shape: parameter.start.shape, kept)
    }
  }

  /// Where the first number that is none comes from; nil where all are.
  private func divergence(_ loss: Double, _ gradients: [[Float]], _ inputs: [String: Tensor]) throws -> DivergedTraining? {
    let bad = gradients.firstIndex { !$0.allSatisfy(\.isFinite) }
    guard !loss.isFinite || bad != nil else { return nil }
    let results = try Program(network.layers, threads: settings.threads, type: settings.type).run(inputs)
    let layer = network.layerNames.indices.first { place in
      !(results[TrainingNetwork.layerName(place)]?.elements.floats.allSatisfy(\.isFinite) ?? true)
    }
    let name = layer.map { network.layerNames[$0] } ?? bad.map { network.parameters[$0].name } ?? "the loss"
    return DivergedTraining(step: state.step + 1, layer: name, isForward: layer != nil || bad == nil, checkpoint: nil)
  }

  /// Steps until the state has done `count` of them.
  ///
  /// - Parameters:
  ///   - checkpoint: A file that is written every so many steps and at the end.
  ///   - note: Told of every step.
  /// - Throws: As `step`; where it diverged the state before the step has been written to the checkpoint's file with `.diverged` behind.
  public func run(
    until count: Int, checkpoint: (path: String, every: Int)? = nil, note: (StepReport) -> Void = { _ in }
  ) throws {
    while state.step < count {
      do {
        note(try step())
      } catch var fault as DivergedTraining {
        if let checkpoint {
          let path = checkpoint.path + ".diverged"
          try Checkpoint.write(state, settings, path: path)
          fault.checkpoint = path
        }
        throw fault
      }
      if let checkpoint, state.step == count || state.step % max(1, checkpoint.every) == 0 {
        try Checkpoint.write(state, settings, path: checkpoint.path)
      }
    }
  }
}

/// A training that stopped because a number was none.
public struct DivergedTraining: Error, Sendable, CustomStringConvertible {
  /// The step that was not done.
  public let step: Int
  /// The first layer with such a number in its result, or the parameter with one in its gradient.
  public let layer: String
  /// Whether it was a result rather than a gradient.
  public let isForward: Bool
  /// Where the state before the step was written.
  public var checkpoint: String?

  /// The sentence for people.
  public var description: String {
    let place = isForward ? "the result of '\(layer)'" : "the gradient of '\(layer)'"
    let saved = checkpoint.map { " The state before it is in \($0)." } ?? ""
    return "Training stopped in step \(step): \(place) is not finite; lower the learning rate or limit the gradients' norm.\(saved)"
  }
}

extension Optional {
  /// The value, which a graph of this module always makes.
  fileprivate func orFault() throws -> Wrapped {
    guard let self else {
      throw TrainingError("The network gave no result of the kind that training needs; train in 32-bit floats.")
    }
    return self
  }
}

/// For measurements.
extension Trainer {
  private func inputs(_ examples: [String: Tensor]) -> [String: Tensor] {
    let inputs = examples.merging(state.parameters) { first, _ in first }.merging(readState) { first, _ in first }
    return network.isRandom
      ? inputs.merging([NetworkBuilder.randomStateName: Tensor(scalar: Int64(0))]) { first, _ in first } : inputs
  }

  /// How long each part of a pass over some examples takes: the kernel's name with its time.
  public func stepTimes(_ examples: [String: Tensor]) throws -> [(name: String, time: Duration)] {
    let inputs = inputs(examples)
    let times = try program.times(inputs)
    return zip(try program.report(for: inputs)?.steps ?? [], times).map { (name: $0.name, time: $1) }
  }

  /// Bytes that a pass over examples of these shapes works in, and those of its tensors if none shared its place; nil before the first step
  /// with them.
  public func memory(_ examples: [String: Tensor]) throws -> (arena: Int, sum: Int)? {
    try program.report(for: inputs(examples)).map { ($0.arenaBytes, $0.sumBytes) }
  }
}
