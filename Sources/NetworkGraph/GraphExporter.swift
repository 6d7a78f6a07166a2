internal import ModelFiles

/// Writes a graph as an ONNX model in one file: weights as initializers, constant nodes among them. Field numbers: `onnx.proto` of ONNX 1.23.
public enum GraphExporter {
  /// Bytes above which protobuf's readers refuse a message.
  private static let byteLimit = Int(Int32.max)

  /// The file's bytes.
  ///
  /// - Throws: `NetworkError.unsupported` for a graph of more than 2 GiB.
  public static func bytes(_ graph: Graph, producer: String) throws -> [UInt8] {
    let numbers = graph.values.reduce(0) { $0 + ($1.constant?.byteCount ?? 0) }
    guard numbers < byteLimit else {
      throw NetworkError(.unsupported, "The network has \(numbers) bytes of weights; an ONNX file holds at most 2 GiB.")
    }
    var model = ProtobufWriter()
    model.add(1, formatVersion(graph.operatorSets[""] ?? 1))
    model.add(2, producer)
    model.add(7, message(graph, outer: []))
    for (domain, version) in graph.operatorSets.sorted(by: { $0.key < $1.key }) {
      var set = ProtobufWriter()
      set.add(1, domain)
      set.add(2, Int64(version))
      model.add(8, set)
    }
    for (key, text) in graph.metadata.sorted(by: { $0.key < $1.key }) {
      var entry = ProtobufWriter()
      entry.add(1, key)
      entry.add(2, text)
      model.add(14, entry)
    }
    return model.bytes
  }

  /// The format's version that came with an operator set, at least the one since which weights need not be listed as inputs.
  private static func formatVersion(_ operatorSet: Int) -> Int64 {
    switch operatorSet {
    case ...18: 8
    case 19...20: 9
    default: 10
    }
  }

  /// - Parameter outer: Names that the graphs around this one have already.
  private static func message(_ graph: Graph, outer: Set<String>) -> ProtobufWriter {
    var result = ProtobufWriter()
    let known = outer.union(graph.values.map(\.name))
    for node in graph.nodes { result.add(1, message(node, in: graph, known: known)) }
    result.add(2, graph.name.isEmpty ? "network" : graph.name)
    for value in graph.values {
      if let constant = value.constant, !outer.contains(value.name) { result.add(5, message(constant, name: value.name)) }
    }
    for input in graph.inputs { result.add(11, message(graph.values[input])) }
    for output in graph.outputs { result.add(12, message(graph.values[output])) }
    return result
  }

  private static func message(_ node: Node, in graph: Graph, known: Set<String>) -> ProtobufWriter {
    var result = ProtobufWriter()
    for input in node.inputs { result.add(1, input.map { graph.values[$0].name } ?? "") }
    for output in node.outputs { result.add(2, output.map { graph.values[$0].name } ?? "") }
    if !node.name.isEmpty { result.add(3, node.name) }
    result.add(4, node.operation)
    for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
      result.add(5, message(attribute, name: name, known: known))
    }
    if !node.domain.isEmpty { result.add(7, node.domain) }
    return result
  }

  private static func message(_ attribute: Attribute, name: String, known: Set<String>) -> ProtobufWriter {
    var result = ProtobufWriter()
    result.add(1, name)
    switch attribute {
    case .float(let value): result.add(2, value)
    case .integer(let value): result.add(3, value)
    case .string(let value): result.add(4, value)
    case .tensor(let value): result.add(5, message(value, name: ""))
    case .graph(let value): result.add(6, message(value, outer: known))
    case .floats(let values): result.add(7, values)
    case .integers(let values): result.add(8, values)
    case .strings(let values): for value in values { result.add(9, value) }
    }
    result.add(20, kind(of: attribute))
    return result
  }

  /// The number of `AttributeProto.AttributeType`.
  private static func kind(of attribute: Attribute) -> Int64 {
    switch attribute {
    case .float: 1
    case .integer: 2
    case .string: 3
    case .tensor: 4
    case .graph: 5
    case .floats: 6
    case .integers: 7
    case .strings: 8
    }
  }

  private static func message(_ tensor: Tensor, name: String) -> ProtobufWriter {
    var result = ProtobufWriter()
    result.add(1, tensor.shape.map(Int64.init))
    result.add(2, ONNXTensor.dataType(tensor.type))
    if !name.isEmpty { result.add(8, name) }
    result.add(9, tensor.elements.littleEndianBytes)
    return result
  }

  /// An input or output with its type and shape, as far as they are known.
  private static func message(_ value: Value) -> ProtobufWriter {
    var result = ProtobufWriter()
    result.add(1, value.name)
    guard let type = value.type else { return result }
    var tensor = ProtobufWriter()
    tensor.add(1, ONNXTensor.dataType(type))
    if let shape = value.shape {
      var sizes = ProtobufWriter()
      for size in shape { sizes.add(1, message(size)) }
      tensor.add(2, sizes)
    }
    var outer = ProtobufWriter()
    outer.add(1, tensor)
    result.add(2, outer)
    return result
  }

  private static func message(_ size: Size) -> ProtobufWriter {
    var result = ProtobufWriter()
    switch size {
    case .fixed(let number): result.add(1, Int64(number))
    case .symbol(let name): result.add(2, name)
    case .any: break
    }
    return result
  }
}
