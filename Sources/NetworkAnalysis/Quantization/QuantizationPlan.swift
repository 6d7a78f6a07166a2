internal import ModelFiles
public import NetworkGraph

/// Which layers of a network can be computed in bytes, and which values then share a grid.
public struct QuantizationPlan: Sendable {
  /// The network, with normalizations and pads joined to convolutions.
  public let graph: Graph
  /// Nodes that can be computed in bytes: convolutions with weights of their own.
  public let layers: [Int]

  /// - Parameter graph: As programs run it, `Program.graph`.
  public init(_ graph: Graph) {
    self.graph = graph
    layers = graph.nodes.indices.filter { index in
      let node = graph.nodes[index]
      guard node.operation == "Conv", node.domain.isEmpty, node.inputs.count >= 2, let input = node.inputs[0],
        graph.values[input].constant == nil
      else { return false }
      return node.inputs.dropFirst().allSatisfy { $0 == nil || QuantizationPlan.floats(graph, $0) != nil }
    }
  }

  /// Values that share one grid, because nodes between them only move numbers.
  ///
  /// - Parameter chosen: The layers that are computed in bytes.
  public func groups(for chosen: Set<Int>) -> [[Int]] {
    var parents: [Int: Int] = [:]
    func root(_ value: Int) -> Int {
      var value = value
      while let parent = parents[value], parent != value { value = parent }
      return value
    }
    for layer in chosen { if let input = graph.nodes[layer].inputs[0] { parents[input] = input } }
    // From the outputs on, so that what a moved value is made of is found after it.
    for node in graph.nodes.reversed() where QuantizationPlan.moves(node) {
      let wanted = node.outputs.compactMap { $0 }.filter { parents[$0] != nil }
      guard let first = wanted.first else { continue }
      let sources = node.operation == "Concat" ? node.inputs : Array(node.inputs.prefix(1))
      for value in wanted + sources.compactMap({ $0 }) where graph.values[value].constant == nil {
        if parents[value] == nil { parents[value] = value }
        parents[root(value)] = root(first)
      }
    }
    return Dictionary(grouping: parents.keys.sorted(), by: root).values.sorted { $0[0] < $1[0] }
  }

  /// Whether a node makes no other numbers than it reads.
  private static func moves(_ node: Node) -> Bool {
    guard node.domain.isEmpty else { return false }
    switch node.operation {
    case "Concat", "Split", "Slice", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Gather": return true
    case "MaxPool": return !node.outputs.dropFirst().contains { $0 != nil }
    case "Resize", "Upsample":
      if case .string(let mode)? = node.attributes["mode"] { return mode == "nearest" }
      return true
    default: return false
    }
  }

  /// A weight's numbers; nil for what a caller may give instead.
  static func floats(_ graph: Graph, _ value: Int?) -> (shape: [Int], numbers: [Float])? {
    guard let value, !graph.inputs.contains(value), let tensor = graph.values[value].constant,
      case .float32(let numbers) = tensor.elements
    else { return nil }
    return (tensor.shape, numbers)
  }
}
