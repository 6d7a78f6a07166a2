internal import ModelFiles
internal import NetworkGraph

/// A network with its loss, made ready to be trained: the graph of the loss, all gradients and the batch's statistics.
public struct TrainingNetwork: Sendable {
  /// The parameters in the order in which the network asked for them.
  public let parameters: [Parameter]
  /// The running statistics.
  public let statistics: [Statistic]
  /// The names of the parameters whose moving averages it reads.
  let averages: [String]
  /// Inputs: parameters and what the network takes; outputs: `loss`, `gradient of …` and `mean of …`.
  let graph: Graph
  /// The same network with every layer's result as an output, in order.
  let layers: Graph
  let layerNames: [String]
  /// Whether it has random layers.
  let isRandom: Bool

  static let lossName = "loss"
  static func gradientName(_ parameter: Parameter) -> String { "gradient of \(parameter.name)" }
  static func statisticName(_ statistic: Statistic) -> String { "mean of \(statistic.name)" }

  /// How many numbers it learns.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.start.count } }

  /// - Parameters:
  ///   - seed: What the parameters' first values depend on, beside their names.
  ///   - make: Builds network and loss, and returns the loss: a value with a single number.
  /// - Throws: `NetworkError` for an operation without a rule, `TrainingError` for a parameter that the loss does not depend on.
  public init(seed: UInt64 = 0, _ make: (inout NetworkBuilder) throws -> Int) throws {
    var builder = NetworkBuilder(seed: seed)
    let loss = try make(&builder)
    (parameters, statistics) = (builder.parameters, builder.statistics)
    averages = builder.averages.keys.sorted()
    var graph = builder.graph
    isRandom = graph.graph.value(named: NetworkBuilder.randomStateName) != nil
    var layers = graph
    for (place, mark) in builder.marks.enumerated() { layers.output(mark.value, name: TrainingNetwork.layerName(place)) }
    (self.layers, layerNames) = (layers.graph, builder.marks.map(\.name))
    let gradients = try Differentiation.gradients(of: loss, over: parameters.map(\.value), in: &graph)
    graph.output(loss, name: TrainingNetwork.lossName)
    for (parameter, gradient) in zip(parameters, gradients) {
      guard let gradient else {
        throw TrainingError("The loss does not depend on the parameter '\(parameter.name)'; leave its layer out.")
      }
      graph.output(gradient, name: TrainingNetwork.gradientName(parameter))
    }
    for statistic in statistics { graph.output(statistic.batchValue, name: TrainingNetwork.statisticName(statistic)) }
    self.graph = graph.graph
  }

  static func layerName(_ place: Int) -> String { "layer \(place)" }

  /// The state before the first step.
  ///
  /// - Parameter settings: How it is to be trained.
  public func start(_ settings: TrainingSettings) -> TrainingState {
    var state = TrainingState()
    for parameter in parameters {
      state.parameters[parameter.name] = parameter.start
      let zeros = [Float](repeating: 0, count: parameter.start.count)
      state.slots[parameter.name] = [[Float]](repeating: zeros, count: settings.optimiser.slotCount)
      if settings.average != nil { state.averages[parameter.name] = parameter.start }
    }
    for statistic in statistics { state.statistics[statistic.name] = statistic.start }
    return state
  }
}
