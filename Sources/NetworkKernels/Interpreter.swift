public import ModelFiles
public import NetworkGraph

/// Runs a graph node by node with the plain kernels. It is the reference for everything that is faster.
public struct Interpreter: Sendable {
  /// The network that it runs.
  public let graph: Graph
  /// For each node the values that no later node reads.
  private let lastUses: [[Int]]
  /// How deep graphs inside nodes may lie.
  private static let depthLimit = 16
  /// Turns of a loop above which the network is taken for one that does not end.
  private static let loopLimit = 1 << 20

  /// - Throws: `NetworkError.unsupported` that names every operation without a kernel.
  public init(_ graph: Graph) throws {
    try Kernels.check(graph)
    self.graph = graph
    lastUses = Interpreter.lastUses(graph)
  }

  private init(inner graph: Graph) {
    self.graph = graph
    lastUses = Interpreter.lastUses(graph)
  }

  /// - Parameter inputs: A tensor for each input by its name, of the declared type and a shape that fits the declared one.
  /// - Returns: The outputs by name.
  /// - Throws: `NetworkError` that names the input or node.
  public func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    let given = try InputCheck(graph).values(inputs)
    let results = try run(given, captured: [], depth: 0)
    return Dictionary(zip(graph.outputs.map { graph.values[$0].name }, results)) { first, _ in first }
  }

  /// Runs a node that has graphs inside.
  ///
  /// - Parameter values: The values of the graph around it, by number.
  package static func run(_ call: KernelCall, around values: [Tensor?]) throws -> [Tensor?] {
    try Interpreter(inner: Graph(name: "", operatorSets: [:])).control(call, values, 0)
  }

  private static func lastUses(_ graph: Graph) -> [[Int]] {
    var last: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for value in graph.reads(of: node) { last[value] = index }
      for case let value? in node.outputs { last[value] = index }
    }
    for value in graph.outputs { last[value] = nil }
    var result = [[Int]](repeating: [], count: graph.nodes.count)
    for (value, node) in last { result[node].append(value) }
    return result
  }

  /// - Parameters:
  ///   - inputs: In the order of the graph's inputs; fewer leave the last ones without a value.
  ///   - captured: The values of the graph around, for the captures.
  private func run(_ inputs: [Tensor?], captured: [Tensor?], depth: Int) throws -> [Tensor] {
    var values = graph.values.map(\.constant)
    for (value, tensor) in zip(graph.inputs, inputs) where tensor != nil { values[value] = tensor }
    for capture in graph.captures { values[capture.inner] = captured[capture.outer] }
    for (index, node) in graph.nodes.enumerated() {
      let call = KernelCall(node: node, inputs: node.inputs.map { $0.flatMap { values[$0] } })
      let results = try Kernels.controlFlow.contains(node.operation) ? control(call, values, depth) : Kernels.run(call)
      for (place, output) in node.outputs.enumerated() {
        guard let output else { continue }
        guard place < results.count, let tensor = results[place] else { throw call.unsupported("makes an output \(place)") }
        values[output] = tensor
      }
      for value in lastUses[index] { values[value] = nil }
    }
    return try graph.outputs.map { output in
      guard let tensor = values[output] else {
        throw NetworkError(.invalid, "The graph's output '\(graph.values[output].name)' has no value; the file is damaged.")
      }
      return tensor
    }
  }

  private func control(_ call: KernelCall, _ values: [Tensor?], _ depth: Int) throws -> [Tensor?] {
    guard depth < Interpreter.depthLimit else { throw call.unsupported("lies within \(depth) others") }
    switch call.node.operation {
    case "If":
      let condition = try call.input(0)
      guard condition.count == 1, let isTrue = condition.values(Bool.self)?[0] else { throw call.fault("needs a single boolean") }
      let inner = Interpreter(inner: try call.graph(isTrue ? "then_branch" : "else_branch"))
      return try inner.run([], captured: values, depth: depth + 1)
    case "Loop": return try loop(call, values, depth)
    default: return try scan(call, values, depth)
    }
  }

  private func loop(_ call: KernelCall, _ values: [Tensor?], _ depth: Int) throws -> [Tensor?] {
    let inner = Interpreter(inner: try call.graph("body"))
    let limit = call.optional(0) == nil ? Int.max : try call.integer(0)
    var goesOn = call.optional(1)?.values(Bool.self)?.first ?? true
    var carried = try (2..<max(2, call.inputs.count)).map { try call.input($0) }
    let scans = inner.graph.outputs.count - 1 - carried.count
    guard scans >= 0, inner.graph.inputs.count == carried.count + 2 else {
      throw call.fault("has a body that does not fit its inputs")
    }
    var rows = [[Tensor]](repeating: [], count: scans)
    var turn = 0
    while goesOn, turn < limit {
      guard turn < Interpreter.loopLimit else { throw call.fault("does not end after \(turn) turns") }
      let inputs = [Tensor(scalar: Int64(turn)), Tensor(scalar: true)] + carried
      let results = try inner.run(inputs, captured: values, depth: depth + 1)
      goesOn = results[0].values(Bool.self)?.first ?? false
      carried = Array(results[1..<1 + carried.count])
      for scan in 0..<scans { rows[scan].append(results[1 + carried.count + scan]) }
      turn += 1
    }
    return carried + (try rows.map { try stacked($0, call, axis: 0) })
  }

  private func scan(_ call: KernelCall, _ values: [Tensor?], _ depth: Int) throws -> [Tensor?] {
    guard call.version >= 9, call.node.attributes["scan_input_axes"] == nil, call.node.attributes["scan_output_axes"] == nil,
      call.node.attributes["scan_input_directions"] == nil, call.node.attributes["scan_output_directions"] == nil
    else { throw call.unsupported("scans along other axes, backwards or in batches") }
    let inner = Interpreter(inner: try call.graph("body"))
    let scanned = try call.int("num_scan_inputs", default: 1)
    let states = call.inputs.count - scanned
    guard scanned > 0, states >= 0, inner.graph.inputs.count == call.inputs.count, inner.graph.outputs.count >= states else {
      throw call.fault("has a body that does not fit its inputs")
    }
    var carried = try (0..<states).map { try call.input($0) }
    let sources = try (states..<call.inputs.count).map { try call.input($0) }
    guard let length = sources[0].shape.first, sources.allSatisfy({ $0.shape.first == length }) else {
      throw call.fault("scans inputs of different lengths")
    }
    var rows = [[Tensor]](repeating: [], count: inner.graph.outputs.count - states)
    for turn in 0..<length {
      let parts = try sources.map { source in
        let run = source.shape[1...].reduce(1, *)
        return try Tensor(shape: Array(source.shape[1...]), elements: source.elements.taking(Array(turn * run..<(turn + 1) * run)))
      }
      let results = try inner.run(carried + parts, captured: values, depth: depth + 1)
      carried = Array(results[..<states])
      for index in rows.indices { rows[index].append(results[states + index]) }
    }
    return carried + (try rows.map { try stacked($0, call, axis: 0) })
  }

  private func stacked(_ rows: [Tensor], _ call: KernelCall, axis: Int) throws -> Tensor {
    guard let first = rows.first else { throw call.unsupported("makes a list of no turns") }
    guard rows.allSatisfy({ $0.shape == first.shape }), let joined = Elements.joined(rows.map(\.elements)) else {
      throw call.fault("makes rows of different shapes")
    }
    return try Tensor(shape: [rows.count] + first.shape, elements: joined)
  }
}
