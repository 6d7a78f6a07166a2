internal import ModelFiles
internal import NetworkGraph

/// A network in a newer operator set, with the same meaning.
enum OperatorSetRise {
  /// Operations whose fixed arguments became inputs in set 13, with the name of the argument.
  private static let moved = ["Squeeze": "axes", "Unsqueeze": "axes", "Split": "split", "ReduceSum": "axes"]
  /// Operations that in sets 11 and 12 flattened what lies behind their axis.
  private static let flattening: Set<String> = ["Softmax", "LogSoftmax", "Hardmax"]

  /// - Throws: `NetworkError.unsupported` for a set below 11, or a node that cannot be told in the newer one.
  static func raised(_ graph: Graph, to set: Int) throws -> Graph {
    let version = graph.operatorSets[""] ?? 1
    guard version < set else { return graph }
    guard version >= 11 else {
      throw NetworkError(
        .unsupported, "The network is of operator set \(version), which cannot be raised; export it with 13 or newer.")
    }
    var graph = graph
    for index in graph.nodes.indices where graph.nodes[index].domain.isEmpty { try raise(index, in: &graph, to: set) }
    graph.operatorSets[""] = set
    return graph
  }

  private static func raise(_ index: Int, in graph: inout Graph, to set: Int) throws {
    let node = graph.nodes[index]
    for case .graph in node.attributes.values {
      throw NetworkError(.unsupported, "\(node.label) has a graph inside, which cannot be raised; export it with operator set 13.")
    }
    graph.nodes[index].version = set
    if let name = moved[node.operation], case .integers(let numbers)? = node.attributes[name] {
      graph.nodes[index].attributes[name] = nil
      graph.values.append(Value(name: "\(name) of node \(index)", type: .int64, constant: Tensor(list: numbers)))
      graph.nodes[index].inputs = [node.inputs.first ?? nil, graph.values.count - 1]
    }
    if flattening.contains(node.operation) {
      guard case .integer(let axis)? = node.attributes["axis"], try axis == -1 || isLast(axis, of: node, in: graph) else {
        throw NetworkError(.unsupported, "\(node.label) flattens several axes; export the network with operator set 13 or newer.")
      }
    }
  }

  /// Whether an axis is the last one, as far as the shape is known or told by the node before.
  private static func isLast(_ axis: Int64, of node: Node, in graph: Graph) throws -> Bool {
    guard let input = node.inputs.first ?? nil else { return false }
    if let shape = graph.values[input].shape { return Int(axis) == shape.count - 1 }
    guard let maker = graph.nodes.first(where: { $0.outputs.contains(input) }), maker.operation == "Transpose",
      case .integers(let order)? = maker.attributes["perm"]
    else { return false }
    return Int(axis) == order.count - 1
  }
}
