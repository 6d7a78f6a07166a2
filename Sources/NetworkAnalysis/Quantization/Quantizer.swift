internal import ModelFiles
public import NetworkGraph

/// Writes a network with values and weights on bytes: pairs of QuantizeLinear and DequantizeLinear, as ONNX Runtime and OpenVINO read them.
public struct Quantizer: Sendable {
  /// The least operator set with a scale for each channel.
  private static let leastSet = 13

  private let plan: QuantizationPlan
  private let grids: [Int: ByteGrid]

  /// - Parameter grids: The grid of each value that may be put on bytes; those of a group are the same.
  public init(_ plan: QuantizationPlan, grids: [Int: ByteGrid]) { (self.plan, self.grids) = (plan, grids) }

  /// The network with the chosen layers on bytes.
  ///
  /// - Parameter chosen: Among the plan's layers; one whose source has no grid is left as it is.
  /// - Throws: `NetworkError.unsupported` for an operator set below 13 with nodes that mean something else there.
  public func graph(_ chosen: Set<Int>) throws -> Graph {
    var writer = PairWriter(try OperatorSetRise.raised(plan.graph, to: Quantizer.leastSet))
    let usable = chosen.filter { plan.graph.nodes[$0].inputs[0].map { grids[$0] != nil } ?? false }
    for layer in usable.sorted() {
      writer.quantizeWeights(of: layer, grid: plan.graph.nodes[layer].inputs[0].flatMap { grids[$0] })
    }
    for value in plan.groups(for: usable).flatMap({ $0 }).sorted() { if let grid = grids[value] { writer.put(value, on: grid) } }
    return writer.finished()
  }
}

/// A graph while pairs are put into it.
private struct PairWriter {
  private var graph: Graph
  /// What readers of a value read instead.
  private var replaced: [Int: Int] = [:]
  /// Nodes by the value behind whose maker they come; those of weights come first of all.
  private var added: [Int: [Node]] = [:]
  private var first: [Node] = []
  private let version: Int

  init(_ graph: Graph) {
    self.graph = graph
    version = graph.operatorSets[""] ?? 1
  }

  mutating func put(_ value: Int, on grid: ByteGrid) {
    let name = graph.values[value].name
    let scale = constant(name + "_scale", Tensor(scalar: grid.scale))
    // Bounded: the zero is one of the grid's bytes.
    let zero = constant(name + "_zero", grid.isSigned ? Tensor(scalar: Int8(grid.zero)) : Tensor(scalar: UInt8(grid.zero)))
    let bytes = define(name + "_quantized", type: grid.isSigned ? .int8 : .uint8)
    let result = define(name + "_dequantized", type: .float32)
    added[value] = [
      Node(
        name: name + "_QuantizeLinear", operation: "QuantizeLinear", version: version, inputs: [value, scale, zero],
        outputs: [bytes]),
      Node(
        name: name + "_DequantizeLinear", operation: "DequantizeLinear", version: version, inputs: [bytes, scale, zero],
        outputs: [result]),
    ]
    replaced[value] = result
  }

  /// Weights on −127 … 127 with a scale for each channel out, and the bias in units of products.
  mutating func quantizeWeights(of layer: Int, grid: ByteGrid?) {
    guard let grid, let weight = graph.nodes[layer].inputs[1], let given = QuantizationPlan.floats(graph, weight),
      let channels = given.shape.first, channels > 0
    else { return }
    let (numbers, scales) = ChannelScales.quantized(given.numbers, channels: channels)
    guard let bytes = try? Tensor(shape: given.shape, numbers) else { return }
    graph.nodes[layer].inputs[1] = dequantized(graph.values[weight].name, bytes, scales, zeros: true)
    guard graph.nodes[layer].inputs.count > 2, let bias = graph.nodes[layer].inputs[2],
      let addends = QuantizationPlan.floats(graph, bias)?.numbers
    else { return }
    let units = scales.map { $0 * grid.scale }
    let whole = zip(addends, units).map { ChannelScales.whole(Double($0) / Double($1)) }
    graph.nodes[layer].inputs[2] = dequantized(graph.values[bias].name, Tensor(list: whole), units, zeros: false)
  }

  private mutating func dequantized(_ name: String, _ bytes: Tensor, _ scales: [Float], zeros: Bool) -> Int {
    var inputs = [constant(name + "_quantized", bytes), constant(name + "_scale", Tensor(list: scales))]
    if zeros { inputs.append(constant(name + "_zero", Tensor(list: [Int8](repeating: 0, count: scales.count)))) }
    let result = define(name + "_dequantized", type: .float32)
    first.append(
      Node(
        name: name + "_DequantizeLinear", operation: "DequantizeLinear", version: version, inputs: inputs, outputs: [result],
        attributes: ["axis": .integer(0)]))
    return result
  }

  private mutating func define(_ name: String, type: ElementType) -> Int {
    // A name that the network has already, or a weight of two layers.
    var unique = name
    while names.contains(unique) { unique += "_" }
    names.insert(unique)
    graph.values.append(Value(name: unique, type: type))
    return graph.values.count - 1
  }

  private lazy var names: Set<String> = Set(graph.values.map(\.name))

  private mutating func constant(_ name: String, _ tensor: Tensor) -> Int {
    let value = define(name, type: tensor.type)
    graph.values[value].constant = tensor
    graph.values[value].shape = tensor.shape.map { .fixed($0) }
    return value
  }

  /// The graph with every pair behind the node that makes its value.
  func finished() -> Graph {
    var result = graph
    result.nodes = first + graph.inputs.flatMap { added[$0] ?? [] }
    for var node in graph.nodes {
      node.inputs = node.inputs.map { $0.map { replaced[$0] ?? $0 } }
      result.nodes.append(node)
      for case let output? in node.outputs { result.nodes += added[output] ?? [] }
    }
    result.dropUnusedConstants()
    return result
  }
}

extension Graph {
  /// Forgets the numbers of weights that no node reads and that are no output, so that they are not written.
  mutating func dropUnusedConstants() {
    let read = Set(nodes.flatMap { reads(of: $0) }).union(outputs)
    for index in values.indices where !read.contains(index) { values[index].constant = nil }
  }
}

/// Symmetric whole numbers for weights.
enum ChannelScales {
  /// The nearest whole number; no number becomes zero.
  static func whole(_ value: Double) -> Int32 {
    guard !value.isNaN else { return 0 }
    // Bounded: cut off at the ends of the type.
    return Int32(min(max(value.rounded(.toNearestOrEven), Double(Int32.min)), Double(Int32.max)))
  }

  /// - Returns: Numbers in −127 … 127 and for each of the channels, the first axis, the largest magnitude ∕ 127.
  static func quantized(_ weights: [Float], channels: Int) -> (numbers: [Int8], scales: [Float]) {
    let run = weights.count / channels
    var (numbers, scales) = ([Int8](), [Float]())
    numbers.reserveCapacity(weights.count)
    for channel in 0..<channels {
      let own = weights[channel * run..<(channel + 1) * run]
      let largest = own.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
      let scale = largest > 0 ? largest / 127 : 1
      scales.append(scale)
      // Bounded: cut off at ±127; no number becomes zero.
      numbers += own.map { $0.isNaN ? 0 : Int8(min(max(($0 / scale).rounded(.toNearestOrEven), -127), 127)) }
    }
    return (numbers, scales)
  }
}
