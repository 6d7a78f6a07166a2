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
      if let shape = value.shape { try check(tensor.shape, shape, value.name, &symbols) }
      return tensor
    }
  }

  /// The shapes of the graph's inputs, in their order.
  ///
  /// - Parameter given: Shapes by name; one that is declared whole may be left out.
  /// - Throws: `NetworkError.input` for an unknown name, a shape that is not told, or another one than declared.
  public func shapes(_ given: [String: [Int]]) throws -> [[Int]] {
    let names = graph.inputs.map { graph.values[$0].name }
    if let unknown = given.keys.sorted().first(where: { !names.contains($0) }) {
      throw NetworkError(.input, "The network has no input '\(unknown)'; its inputs are \(names.joined(separator: ", ")).")
    }
    var symbols: [String: Int] = [:]
    return try graph.inputs.map { number in
      let value = graph.values[number]
      let declared = value.shape?.compactMap { size -> Int? in if case .fixed(let number) = size { number } else { nil } }
      let isWhole = value.shape != nil && declared?.count == value.shape?.count
      guard let shape = given[value.name] ?? (isWhole ? declared : nil) else {
        let text = value.shape?.map(\.description).joined(separator: "x") ?? "unknown"
        throw NetworkError(.input, "The network's input '\(value.name)' has the shape \(text); its sizes must be given (--shape).")
      }
      if let sizes = value.shape { try check(shape, sizes, value.name, &symbols) }
      return shape
    }
  }

  private func check(_ given: [Int], _ shape: [Size], _ name: String, _ symbols: inout [String: Int]) throws {
    let declared = shape.map(\.description).joined(separator: "x")
    let fault = NetworkError(
      .input,
      "The network's input '\(name)' has the shape \(declared), and \(Tensor.text(given)) was given; bring it to that shape."
    )
    guard given.count == shape.count else { throw fault }
    for (size, wanted) in zip(given, shape) {
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
