public import ModelFiles

/// Makes a graph of an ONNX model: names become numbers, constants are read, and what contradicts itself is refused.
public enum GraphImporter {
  /// The newest version of ONNX's operator set whose meaning is known here; later ones may change an operation silently.
  public static let newestVersion = 21

  /// Reads a model's file and makes its graph. External data are read from the file's folder only.
  ///
  /// - Throws: `ModelFileError` for the file, `NetworkError` for the network.
  public static func graph(path: String) throws -> Graph {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    return try graph(ONNXReader.model(path: path), folder: ExternalData(folder: folder))
  }

  /// Makes the graph of a model that is read already.
  ///
  /// - Parameter folder: Where weights outside the file may lie; none by default.
  /// - Throws: `NetworkError` for a network that contradicts itself or uses what is not supported, `ModelFileError` for its
  ///   weights.
  public static func graph(_ model: ONNXModel, folder: ExternalData = ExternalData(folder: nil)) throws -> Graph {
    let version = model.operatorSets[""] ?? 1
    guard (1...newestVersion).contains(version) else {
      throw NetworkError(
        .unsupported, "The model is of operator set \(version); sets up to \(newestVersion) are read, export it with one of those.")
    }
    let scope = GraphScope(model.graph, operatorSets: model.operatorSets, folder: folder, parent: nil, depth: 0)
    var graph = try scope.graph()
    guard !graph.outputs.isEmpty else {
      throw NetworkError(.invalid, "The network has no outputs, so that running it would tell nothing; export it with its results.")
    }
    try graph.checkWeights()
    graph.metadata = model.metadata
    return graph
  }
}

/// One graph of a model while it is read, with the names that are known in it and in the graphs around it.
private final class GraphScope {
  private let source: ONNXGraph
  private let folder: ExternalData
  private let parent: GraphScope?
  private let depth: Int
  private var result: Graph
  private var numbers: [String: Int] = [:]
  /// All names that the graph's nodes make; a name asked for before its node is read stands in a cycle or a wrong order.
  private var made: Set<String> = []

  init(_ source: ONNXGraph, operatorSets: [String: Int], folder: ExternalData, parent: GraphScope?, depth: Int) {
    self.source = source
    self.folder = folder
    self.parent = parent
    self.depth = depth
    result = Graph(name: source.name, operatorSets: operatorSets)
  }

  func graph() throws -> Graph {
    guard source.sparseInitializerCount == 0 else {
      throw NetworkError(.unsupported, "The graph '\(source.name)' has sparse weights; store them dense.")
    }
    made = Set(source.nodes.lazy.flatMap(\.outputs))
    for tensor in source.initializers {
      let constant = try tensor.tensor(folder: folder)
      try define(Value(name: tensor.name, type: constant.type, shape: constant.shape.map { .fixed($0) }, constant: constant))
    }
    for info in source.inputs {
      // Before version 4 of the format weights are listed as inputs too; they are defaults that nobody has to give.
      if numbers[info.name] != nil, source.initializers.contains(where: { $0.name == info.name }) { continue }
      guard !info.isUnread else {
        throw NetworkError(.unsupported, "The input '\(info.name)' is no tensor of numbers, which is not supported.")
      }
      result.inputs.append(try define(Value(name: info.name, type: info.type, shape: info.shape?.map(Size.init))))
    }
    for node in source.nodes { try add(node) }
    for info in source.outputs {
      guard let number = resolve(info.name) else {
        throw NetworkError(.invalid, "The graph's output '\(info.name)' is made by no node; the file is damaged.")
      }
      if result.values[number].type == nil { result.values[number].type = info.type }
      if result.values[number].shape == nil { result.values[number].shape = info.shape?.map(Size.init) }
      result.outputs.append(number)
    }
    return result
  }

  @discardableResult private func define(_ value: Value) throws -> Int {
    guard !value.name.isEmpty, numbers[value.name] == nil else {
      throw NetworkError(.invalid, "The value '\(value.name)' is made twice or has no name; the file is damaged.")
    }
    numbers[value.name] = result.values.count
    result.values.append(value)
    return result.values.count - 1
  }

  /// The number of a name, captured from the graphs around this one if it is known there; nil where it is unknown.
  private func resolve(_ name: String) -> Int? {
    if let number = numbers[name] { return number }
    guard let parent, let outer = parent.resolve(name) else { return nil }
    let number = result.values.count
    result.values.append(parent.result.values[outer])
    numbers[name] = number
    if result.values[number].constant == nil { result.captures.append(Graph.Capture(inner: number, outer: outer)) }
    return number
  }

  private func add(_ source: ONNXNode) throws {
    var node = Node(
      name: source.name, operation: source.operation, domain: source.domain,
      version: result.operatorSets[source.domain] ?? 1, inputs: [], outputs: [])
    guard source.inputs.count <= ModelLimits.entries, source.outputs.count <= ModelLimits.entries else {
      throw NetworkError(.invalid, "\(node.label) has too many inputs or outputs.")
    }
    node.inputs = try source.inputs.map { name in
      if name.isEmpty { return nil }
      guard let number = resolve(name) else {
        let reason = made.contains(name) ? "made by a later node: the nodes form a cycle or are out of order" : "made by no node"
        throw NetworkError(.invalid, "\(node.label) reads '\(name)', which is \(reason); export the model again.")
      }
      return number
    }
    for attribute in source.attributes { node.attributes[attribute.name] = try value(of: attribute, node: node) }
    if node.operation == "Constant", node.domain.isEmpty, source.outputs.count == 1 {
      let constant = try constant(node)
      try define(
        Value(name: source.outputs[0], type: constant.type, shape: constant.shape.map { .fixed($0) }, constant: constant))
      return
    }
    node.outputs = try source.outputs.map { name in name.isEmpty ? nil : try define(Value(name: name)) }
    result.nodes.append(node)
  }

  private func value(of attribute: ONNXAttribute, node: Node) throws -> Attribute {
    switch attribute.value {
    case .float(let value): return .float(value)
    case .integer(let value): return .integer(value)
    case .string(let value): return .string(value)
    case .tensor(let value): return .tensor(try value.tensor(folder: folder))
    case .floats(let values): return .floats(values)
    case .integers(let values): return .integers(values)
    case .strings(let values): return .strings(values)
    case .graph(let inner):
      let scope = GraphScope(inner, operatorSets: result.operatorSets, folder: folder, parent: self, depth: depth + 1)
      return .graph(try scope.graph())
    case .other(let kind):
      throw NetworkError(.unsupported, "\(node.label) has the attribute '\(attribute.name)' of kind \(kind), which is not read.")
    }
  }

  private func constant(_ node: Node) throws -> Tensor {
    guard node.attributes.count == 1, let (key, attribute) = node.attributes.first else {
      throw NetworkError(.invalid, "\(node.label) has \(node.attributes.count) values instead of one.")
    }
    switch attribute {
    case .tensor(let value) where key == "value": return value
    case .float(let value) where key == "value_float": return Tensor(scalar: value)
    case .integer(let value) where key == "value_int": return Tensor(scalar: value)
    case .floats(let values) where key == "value_floats": return Tensor(list: values)
    case .integers(let values) where key == "value_ints": return Tensor(list: values)
    default: throw NetworkError(.unsupported, "\(node.label) has its value as '\(key)', which is not read.")
    }
  }
}

extension Size {
  fileprivate init(_ size: ONNXValueInfo.Size) {
    switch size {
    case .fixed(let value): self = .fixed(value)
    case .symbol(let name): self = name.isEmpty ? .any : .symbol(name)
    }
  }
}
