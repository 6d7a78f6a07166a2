internal import Foundation
internal import Geometry
public import ModelFiles
internal import NetworkGraph

/// What a network learns: a tensor with a name, and what it begins with.
public struct Parameter: Sendable {
  /// The scopes that it was made in and its own name, joined by points: `stage1.convolution.weight`.
  public let name: String
  /// Its value in the graph.
  public let value: Int
  /// What it is before the first step; depends on the network's seed and the name alone.
  public let start: Tensor
  /// Whether decay of weights applies to it: not to biases, norms and numbers that shape a function.
  public let isDecayed: Bool
  /// Whether the network uses no more of it than signs and zeros, and one size: such weights are stored at two bits.
  public let isTernary: Bool
}

/// A running mean that a layer keeps beside its parameters, as batch normalization does of each channel.
public struct Statistic: Sendable {
  /// As a parameter's.
  public let name: String
  /// The value with this batch's mean.
  public let batchValue: Int
  /// What it is before the first step.
  public let start: Tensor
  /// How much of it stays in each step.
  public let momentum: Double
  /// Whether the network reads it: it is then an input of the graph, as it was before the step.
  public let isRead: Bool
}

/// Builds a network of layers with named parameters. Layers are functions in extensions of this type.
///
/// The same code builds the network to train, where parameters are inputs of the graph, and the trained one, where they are constants.
public struct NetworkBuilder: Sendable {
  /// What a network is built for.
  public enum Purpose: Sendable {
    /// Parameters are inputs of the graph, layers behave as in training.
    case training
    /// Parameters and statistics are constants, by their names.
    case inference([String: Tensor])
  }
  /// What a parameter begins with.
  public enum Start: Sendable {
    case constant(Double)
    /// Normal deviates of mean zero.
    case normal(deviation: Double)
    /// Evenly between −bound and bound.
    case uniform(bound: Double)
    /// Logarithms of numbers in a range of positive ones, evenly between the logarithms of its ends.
    case logUniform(ClosedRange<Double>)
    case values([Double])
  }

  /// The graph so far.
  public var graph: GraphBuilder
  /// What the network is built for.
  public let purpose: Purpose
  /// The parameters so far, in the order in which they were asked for.
  public private(set) var parameters: [Parameter] = []
  /// The statistics so far.
  public private(set) var statistics: [Statistic] = []
  /// The results of layers, by scope: where a number that is none is looked for.
  public private(set) var marks: [(name: String, value: Int)] = []
  private let seed: UInt64
  private var scope: [String] = []
  private var randomState: Int?
  /// The moving averages of parameters that the network reads, by the parameters' names.
  public private(set) var averages: [String: Int] = [:]
  private var isAveraged = false
  /// Values of the graph that stand for parameters, by name: what tests take gradients over.
  private var given: [String: Int] = [:]
  /// The input of the graph that random layers take: one 64-bit integer, another one in every step.
  public static let randomStateName = "random state"

  /// - Parameters:
  ///   - seed: What the parameters' first values depend on, beside their names.
  ///   - type: float32 to train, float64 to check.
  public init(purpose: Purpose = .training, seed: UInt64 = 0, type: ElementType = .float32) {
    graph = GraphBuilder(name: "network", type: type)
    self.purpose = purpose
    self.seed = seed
  }

  /// Takes values that are in the graph already for the parameters of these names.
  mutating func useValues(_ values: [String: Int]) { given = values }

  /// Whether layers behave as in training.
  public var isTraining: Bool { if case .training = purpose { true } else { false } }

  /// Names what is made in `body` after a part of the network.
  public mutating func scoped<Result>(_ name: String, _ body: (inout NetworkBuilder) throws -> Result) rethrows -> Result {
    scope.append(name)
    defer { scope.removeLast() }
    return try body(&self)
  }

  /// Builds a part that was built before once more, with the moving averages of its parameters in their place: a slower copy of it, which teaches it
  /// (Tarvainen and Valpola 2017, "Mean teachers", section 2). Its norms take the batch's own mean and variance, and no gradient flows to its
  /// parameters.
  public mutating func averaged<Result>(_ body: (inout NetworkBuilder) throws -> Result) rethrows -> Result {
    isAveraged = true
    defer { isAveraged = false }
    return try body(&self)
  }

  /// The name of the graph's input with the moving average of a parameter.
  static func averageName(_ parameter: String) -> String { "average of \(parameter)" }

  private mutating func average(_ name: String, _ shape: [Int]) throws -> Int {
    guard parameters.contains(where: { $0.name == name && $0.start.shape == shape }) else {
      throw TrainingError("The network averages '\(name)' before it has it; build the part that learns first.")
    }
    if let known = averages[name] { return known }
    let value = graph.input(Self.averageName(name), shape: shape.map { .fixed($0) })
    averages[name] = value
    return value
  }

  /// Notes a layer's result, so that an error can name the layer.
  mutating func marked(_ value: Int) -> Int {
    if isAveraged { return value }
    marks.append((scope.joined(separator: "."), value))
    return value
  }

  private func fullName(_ name: String) -> String { (scope + [name]).joined(separator: ".") }

  /// A tensor that the network learns.
  ///
  /// - Throws: `TrainingError` where a trained network lacks it or has it in another shape.
  public mutating func parameter(_ name: String, _ shape: [Int], _ start: Start, isDecayed: Bool = true, isTernary: Bool = false)
    throws
    -> Int
  {
    let name = fullName(name)
    if case .inference(let tensors) = purpose { return try given(name, shape, tensors) }
    if isAveraged { return try average(name, shape) }
    guard !parameters.contains(where: { $0.name == name }) else {
      throw TrainingError("The network has two parameters '\(name)'; give its layers names of their own.")
    }
    let value = given[name] ?? graph.input(name, shape: shape.map { .fixed($0) })
    let tensor = try tensor(shape, start.numbers(count: Tensor.elementCount(of: shape), seed: seed, name: name))
    parameters.append(Parameter(name: name, value: value, start: tensor, isDecayed: isDecayed, isTernary: isTernary))
    return value
  }

  private mutating func given(_ name: String, _ shape: [Int], _ tensors: [String: Tensor]) throws -> Int {
    guard let tensor = tensors[name], tensor.shape == shape else {
      throw TrainingError("The trained network has no '\(name)' of shape \(Tensor.text(shape)); it is another network's.")
    }
    return graph.constant(try self.tensor(shape, tensor.elements.doubles))
  }

  /// The running mean of a value of this batch; the running one itself in a trained network.
  mutating func statistic(_ name: String, _ shape: [Int], batch value: Int?, start: Double, momentum: Double) throws -> Int? {
    let name = fullName(name)
    if case .inference(let tensors) = purpose { return try given(name, shape, tensors) }
    guard let value, !isAveraged else { return nil }
    let count = try Tensor.elementCount(of: shape)
    let tensor = try tensor(shape, [Double](repeating: start, count: count))
    statistics.append(Statistic(name: name, batchValue: value, start: tensor, momentum: momentum, isRead: false))
    return nil
  }

  /// A running mean of a value of the batches that the network reads in training, as it was before the step: a part of the training's state.
  ///
  /// - Parameters:
  ///   - shape: Of the value.
  ///   - value: This batch's, through which no gradient flows.
  ///   - start: Before the first step.
  ///   - momentum: How much of it stays in each step.
  /// - Throws: `TrainingError` in a trained network, which has no losses.
  public mutating func runningMean(_ name: String, _ shape: [Int], of value: Int, start: Double, momentum: Double) throws -> Int {
    let name = fullName(name)
    guard isTraining else { throw TrainingError("A trained network keeps no '\(name)'; it belongs to the loss.") }
    let read = graph.input(name, shape: shape.map { .fixed($0) })
    let tensor = try tensor(shape, [Double](repeating: start, count: Tensor.elementCount(of: shape)))
    statistics.append(Statistic(name: name, batchValue: value, start: tensor, momentum: momentum, isRead: true))
    return read
  }

  /// The generator's state of random layers, each with a number of its own.
  mutating func layerState() -> Int {
    let state = randomState ?? graph.input(NetworkBuilder.randomStateName, shape: [], type: .int64)
    randomState = state
    let offset = graph.constant(Tensor(scalar: Int64(bitPattern: NetworkBuilder.hash(scope.joined(separator: ".")))))
    return graph.add(state, offset)
  }

  /// A seed that depends on the network's and on a name within the scope.
  func seed(for name: String) -> UInt64 { seed ^ NetworkBuilder.hash(fullName(name)) }

  /// Numbers as a tensor of the network's type.
  func tensor(_ shape: [Int], _ numbers: [Double]) throws -> Tensor {
    graph.type == .float64 ? try Tensor(shape: shape, numbers) : try Tensor(shape: shape, numbers.map { Float($0) })
  }

  /// FNV-1a of the name's bytes (Fowler, Noll and Vo 1991).
  static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

extension NetworkBuilder.Start {
  fileprivate func numbers(count: Int, seed: UInt64, name: String) -> [Double] {
    var random = SplitMix64(seed: seed ^ NetworkBuilder.hash(name))
    switch self {
    case .constant(let value): return [Double](repeating: value, count: count)
    case .normal(let deviation): return (0..<count).map { _ in deviation * random.normal() }
    case .uniform(let bound): return (0..<count).map { _ in bound * (2 * random.uniform() - 1) }
    case .logUniform(let range):
      let (low, high) = (log(range.lowerBound), log(range.upperBound))
      return (0..<count).map { _ in low + (high - low) * random.uniform() }
    case .values(let values): return values
    }
  }
}

extension SplitMix64 {
  /// A normal deviate of mean zero and variance one (Box and Muller 1958).
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}
