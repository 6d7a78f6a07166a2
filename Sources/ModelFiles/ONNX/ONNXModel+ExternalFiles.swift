extension ONNXModel {
  /// The names, relative to the model's folder, of the files beside it that hold its larger tensors: as the model says them, not checked.
  public var externalFiles: [String] { Set(graph.tensors.compactMap { $0.external["location"] }).sorted() }
}

extension ONNXGraph {
  /// The stored tensors of the graph and of the graphs inside it.
  fileprivate var tensors: [ONNXTensor] {
    nodes.reduce(into: initializers) { tensors, node in
      for attribute in node.attributes {
        switch attribute.value {
        case .tensor(let tensor): tensors.append(tensor)
        case .graph(let graph): tensors += graph.tensors
        default: break
        }
      }
    }
  }
}
