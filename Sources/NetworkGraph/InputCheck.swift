public import ModelFiles

/// Whether given tensors fit a graph's declared inputs.
public struct InputCheck: Sendable {
  private let graph: Graph

  /// A check for the inputs of a graph.
  public init(_ graph: Graph) { self.graph = graph }

  /// The tensors in the order of the graph's inputs.
  ///
  /// - Throws: `NetworkError.input` for an input that is missing or unknown, or of another type or shape than declared; a symbol must
  ///   stand for the same size everywhere.
  public func values(_ inputs: [String: Tensor]) throws -> [Tensor] {
    let names = graph.inputs.map { graph.values[$0].name }
    if let unknown = inputs.keys.sorted().first(where: { !names.contains($0) }) {
      throw NetworkError(.input, "The network has no input '\(unknown)'; its inputs are \(names.joined(separator: ", ")).")
    }
    var symbols: [String: Int] = [:]
    return try graph.inputs.map { number in
      let value = graph.values[number]
      guard let tensor = inputs[value.name] else {
        throw NetworkError(
          .input, "The network's input '\(value.name)' is not given; its inputs are \(names.joined(separator: ", ")).")
      }
      if let type = value.type, type != tensor.type {
        throw NetworkError(
          .input,
          "The network's input '\(value.name)' is of type \(type.rawValue), and \(tensor.type.rawValue) was given; convert it.")
      }
      if let shape = value.shape { try check(tensor, shape, value.name, &symbols) }
      return tensor
    }
  }

  private func check(_ tensor: Tensor, _ shape: [Size], _ name: String, _ symbols: inout [String: Int]) throws {
    let declared = shape.map(\.description).joined(separator: "x")
    let fault = NetworkError(
      .input,
      "The network's input '\(name)' has the shape \(declared), and \(Tensor.text(tensor.shape)) was given; bring it to that shape."
    )
    guard tensor.rank == shape.count else { throw fault }
    for (size, wanted) in zip(tensor.shape, shape) {
      switch wanted {
      case .fixed(let value): guard value == size else { throw fault }
      case .symbol(let symbol):
        guard symbols[symbol, default: size] == size else { throw fault }
        symbols[symbol] = size
      case .any: break
      }
    }
  }
}

extension Graph {
  /// The values that a node reads, also those that the graphs inside it capture.
  public func reads(of node: Node) -> [Int] {
    var values = node.inputs.compactMap { $0 }
    for case .graph(let inner) in node.attributes.values { values += inner.captures.map(\.outer) }
    return values
  }
}
