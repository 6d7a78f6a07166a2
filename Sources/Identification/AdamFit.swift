import Splines

/// Fits a model's parameters by gradient descent with momentum and decoupled decay (AdamW; I. Loshchilov and F. Hutter, 2019), as state-space
/// KANs are published; for comparison with `SimulationFit`, which needs some hundred times fewer passes.
public struct AdamFit: Sendable {
  /// How far, how fast and with which averages the descent goes.
  public struct Settings: Sendable {
    /// Passes over the training rows; the model of the best pass is given back.
    public var passes = 2000
    /// The step of a parameter whose gradient keeps its sign, in the parameter's own unit.
    public var rate = 1e-3
    /// The part of `rate` by which every parameter shrinks in a pass.
    public var decay = 0.0
    /// The share of the old mean in the running mean of the gradient (β₁; the paper's value).
    public var momentum = 0.9
    /// The share of the old mean in the running mean of its square (β₂; the paper's value).
    public var squareMomentum = 0.999

    /// The published momenta, 2000 passes and no decay.
    public init() {}
  }

  /// How it goes down.
  public var settings: Settings
  private let fit: SimulationFit

  /// - Parameter fit: Gives error and gradient; its smoothness and group penalty are not used.
  public init(_ fit: SimulationFit, settings: Settings = Settings()) {
    self.fit = fit
    self.settings = settings
  }

  /// - Returns: The model with the least error over the validation rows, or the training rows without such, and its mean square over the
  ///   training rows.
  public func run(from start: StateSpaceModel) throws(IdentificationError) -> (model: StateSpaceModel, meanSquare: Double) {
    var model = start
    var states = fit.firstStates(of: start)
    var parameters = start.parameters + states.flatMap { $0 }
    var first = [Double](repeating: 0, count: parameters.count)
    var second = first
    var best: (model: StateSpaceModel, error: Double, meanSquare: Double)?
    for pass in 1...max(1, settings.passes) {
      guard let sums = fit.sums(model, states) else { break }
      let error = fit.validationError(of: model) ?? sums.meanSquare
      if error < best?.error ?? .infinity { best = (model, error, sums.meanSquare) }
      for index in parameters.indices {
        let gradient = -2 * sums.rights[index]
        first[index] = settings.momentum * first[index] + (1 - settings.momentum) * gradient
        second[index] = settings.squareMomentum * second[index] + (1 - settings.squareMomentum) * gradient * gradient
        let mean = first[index] / (1 - power(settings.momentum, pass))
        let square = second[index] / (1 - power(settings.squareMomentum, pass))
        parameters[index] -= settings.rate * (mean / (square.squareRoot() + 1e-8) + settings.decay * parameters[index])
      }
      model.parameters = Array(parameters.prefix(model.parameterCount))
      var rest = parameters.dropFirst(model.parameterCount)
      states = states.map { state in state.map { rest.popFirst() ?? $0 } }
    }
    guard let best else { throw .diverged(what: "the training rows", row: 0) }
    return (best.model, best.meanSquare)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<min(exponent, 20_000)).reduce(1) { product, _ in product * base }
  }
}

extension SimulationFit {
  /// The first states that suit each segment.
  func firstStates(of model: StateSpaceModel) -> [[Double]] {
    segmentRows.map { model.estimatedState(of: scaledRecord, rows: $0.prefix(50)) }
  }
}
