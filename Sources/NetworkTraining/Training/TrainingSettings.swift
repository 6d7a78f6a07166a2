public import NetworkPrograms

/// How a network is trained.
public struct TrainingSettings: Sendable, Codable, Equatable {
  /// What changes the parameters.
  public var optimiser: Optimiser
  /// The learning rate of every step.
  public var schedule: Schedule
  /// Decay of weights, of the parameters that it applies to.
  public var decay: Double
  /// What the gradients' common norm is limited to; nil: nothing.
  public var normLimit: Double?
  /// The moving average of weights that is kept; nil: none.
  public var average: WeightAverage?
  /// Examples of a pass.
  public var batch: Int
  /// Passes whose gradients are averaged in a step.
  public var passes: Int
  /// Of data order and random layers.
  public var seed: UInt64
  /// Threads of oneDNN's kernels. Another number may round sums differently.
  public var threads: Int
  /// What convolutions and products multiply; sums, parameters and what the optimiser keeps are 32-bit floats in any case.
  public var type: ProgramType

  /// - Parameters:
  ///   - schedule: The learning rate of every step.
  ///   - batch: Examples of a pass.
  ///   - passes: Passes whose gradients are averaged in a step.
  public init(
    optimiser: Optimiser = .adamW, schedule: Schedule, decay: Double = 0, normLimit: Double? = nil, average: WeightAverage? = nil,
    batch: Int, passes: Int = 1, seed: UInt64 = 0, threads: Int = 1,
    type: ProgramType = .f32
  ) {
    (self.optimiser, self.schedule, self.decay, self.normLimit) = (optimiser, schedule, decay, normLimit)
    (self.average, self.batch, self.passes, self.seed, self.threads) = (average, batch, passes, seed, threads)
    self.type = type
  }

  /// - Throws: `TrainingError` for what cannot be.
  func check(exampleCount: Int) throws {
    guard batch > 0, batch <= exampleCount, passes > 0 else {
      throw TrainingError("\(exampleCount) examples cannot be trained in batches of \(batch); choose at least 1 and at most all.")
    }
    guard schedule.rate.isFinite, schedule.rate > 0, decay >= 0, schedule.warmUp >= 0 else {
      throw TrainingError("A learning rate of \(schedule.rate) with decay \(decay) trains nothing; choose positive numbers.")
    }
  }
}
