internal import ModelFiles
internal import NetworkGraph

/// Nodes that become part of the next or the former one before a graph is planned: the results stay the same.
enum Simplification {
  static func simplified(_ graph: Graph) -> Graph {
    var graph = graph
    joinNormalizations(&graph)
    joinPads(&graph)
    splitEnlargements(&graph)
    return graph
  }

  /// Who makes and who reads the values of a graph.
  private struct Uses {
    private var readers: [Int: [Int]] = [:]
    private let kept: Set<Int>

    init(_ graph: Graph) {
      for (index, node) in graph.nodes.enumerated() {
        for value in graph.reads(of: node) { readers[value, default: []].append(index) }
      }
      kept = Set(graph.outputs)
    }

    /// The node that alone reads a value.
    func onlyReader(of value: Int?) -> Int? {
      guard let value, !kept.contains(value), let list = readers[value], list.count == 1 else { return nil }
      return list[0]
    }
  }

  // MARK: Normalization

  /// Convolution and batch normalization (inference) as one convolution: with s = scale ∕ √(variance + ε) its weights are w·s, its bias
  /// (b − mean)·s + B (Ioffe and Szegedy 2015, algorithm 2).
  private static func joinNormalizations(_ graph: inout Graph) {
    let uses = Uses(graph)
    var removed: Set<Int> = []
    for index in graph.nodes.indices where graph.nodes[index].operation == "Conv" && graph.nodes[index].domain.isEmpty {
      let node = graph.nodes[index]
      guard let next = uses.onlyReader(of: node.outputs.first ?? nil), isPlainNormalization(graph.nodes[next], of: node.outputs[0]),
        node.inputs.count >= 2, let weights = floats(graph, node.inputs[1]), let channels = weights.shape.first, channels > 0,
        let factors = factors(graph, graph.nodes[next], channels)
      else { continue }
      var bias = [Double](repeating: 0, count: channels)
      if node.inputs.count > 2, let value = node.inputs[2] {
        guard let given = floats(graph, value), given.numbers.count == channels else { continue }
        bias = given.numbers.map(Double.init)
      }
      let run = weights.numbers.count / channels
      let scaled = weights.numbers.indices.map { Float(Double(weights.numbers[$0]) * factors.scale[$0 / run]) }
      let shifted = (0..<channels).map { Float(bias[$0] * factors.scale[$0] + factors.shift[$0]) }
      guard let tensor = try? Tensor(shape: weights.shape, scaled), let offset = try? Tensor(shape: [channels], shifted) else {
        continue
      }
      graph.nodes[index].inputs = [node.inputs[0], add(tensor, to: &graph), add(offset, to: &graph)]
      graph.nodes[index].outputs = [graph.nodes[next].outputs[0]]
      removed.insert(next)
    }
    remove(removed, from: &graph)
  }

  private static func isPlainNormalization(_ node: Node, of value: Int?) -> Bool {
    var isTraining = false
    if case .integer(let mode)? = node.attributes["training_mode"] { isTraining = mode != 0 }
    return node.operation == "BatchNormalization" && node.domain.isEmpty && node.version >= 7 && !isTraining
      && node.inputs.count == 5
      && node.inputs[0] == value && !node.outputs.dropFirst().contains { $0 != nil }
  }

  /// What a normalization multiplies each channel by, and what it adds then.
  private static func factors(_ graph: Graph, _ node: Node, _ channels: Int) -> (scale: [Double], shift: [Double])? {
    let given = node.inputs[1...].compactMap { floats(graph, $0)?.numbers.map(Double.init) }
    guard given.count == 4, given.allSatisfy({ $0.count == channels }) else { return nil }
    var epsilon = 1e-5
    if case .float(let value)? = node.attributes["epsilon"] { epsilon = Double(value) }
    let scale = (0..<channels).map { given[0][$0] / (given[3][$0] + epsilon).squareRoot() }
    return (scale, (0..<channels).map { given[1][$0] - given[2][$0] * scale[$0] })
  }

  // MARK: Padding

  /// Zeros around a picture as the padding of the convolution or mean that alone reads it.
  private static func joinPads(_ graph: inout Graph) {
    let uses = Uses(graph)
    var removed: Set<Int> = []
    for index in graph.nodes.indices where graph.nodes[index].operation == "Pad" && graph.nodes[index].domain.isEmpty {
      let node = graph.nodes[index]
      guard let next = uses.onlyReader(of: node.outputs.first ?? nil), graph.nodes[next].domain.isEmpty,
        graph.nodes[next].inputs.first == node.outputs[0], let pads = zeros(graph, node), pads.count >= 6
      else { continue }
      let axes = pads.count / 2
      let space = Array(pads[2..<axes] + pads[(axes + 2)...])
      guard pads.allSatisfy({ $0 >= 0 }), [pads[0], pads[1], pads[axes], pads[axes + 1]].allSatisfy({ $0 == 0 }),
        let attributes = padded(graph.nodes[next], by: space)
      else { continue }
      graph.nodes[next].attributes = attributes
      graph.nodes[next].inputs[0] = node.inputs[0]
      removed.insert(index)
    }
    remove(removed, from: &graph)
  }

  /// The pads of a node that puts zeros around its input: starts, then ends; nil where it does something else.
  private static func zeros(_ graph: Graph, _ node: Node) -> [Int64]? {
    if case .string(let mode)? = node.attributes["mode"], mode != "constant" { return nil }
    if case .float(let value)? = node.attributes["value"], value != 0 { return nil }
    if node.inputs.count > 2, let value = node.inputs[2] {
      guard let number = floats(graph, value), number.numbers == [0] else { return nil }
    }
    guard node.inputs.count <= 3 || node.inputs[3] == nil else { return nil }
    if node.version < 11 {
      guard case .integers(let pads)? = node.attributes["pads"] else { return nil }
      return pads
    }
    guard node.inputs.count > 1, let value = node.inputs[1] else { return nil }
    return constant(graph, value)?.elements.integers
  }

  /// The attributes of a node that pads its input itself too; nil where it cannot mean the same.
  private static func padded(_ node: Node, by space: [Int64]) -> [String: Attribute]? {
    var attributes = node.attributes
    if case .string(let automatic)? = attributes["auto_pad"], automatic != "NOTSET" { return nil }
    var own = [Int64](repeating: 0, count: space.count)
    if case .integers(let given)? = attributes["pads"] { own = given }
    guard own.count == space.count else { return nil }
    attributes["pads"] = .integers(zip(own, space).map { $0 + $1 })
    if node.operation == "Conv" { return attributes }
    guard node.operation == "AveragePool", node.version >= 7, own.allSatisfy({ $0 == 0 }) else { return nil }
    if case .integer(let isCeiling)? = attributes["ceil_mode"], isCeiling != 0 { return nil }
    // A window that lies in the padding alone has no mean in ONNX; here the zeros count.
    guard case .integers(let kernel)? = attributes["kernel_shape"], kernel.count * 2 == space.count,
      space.indices.allSatisfy({ space[$0] < kernel[$0 % kernel.count] })
    else { return nil }
    attributes["count_include_pad"] = .integer(1)
    return attributes
  }

  // MARK: Enlargement

  /// A transposed convolution whose products do not overlap, as a convolution of one pixel to the channels of all pixels that it makes, which are
  /// then put beside each other: kernels for those are four times as fast, and there are some in bfloat16.
  private static func splitEnlargements(_ graph: inout Graph) {
    var nodes: [Node] = []
    for node in graph.nodes {
      guard let size = enlargement(node), let input = node.inputs[0], let output = node.outputs[0],
        let weights = floats(graph, node.inputs[1]), weights.shape.count == 4, weights.shape[2...].elementsEqual([size, size]),
        let bias = bias(graph, node, count: weights.shape[1]), let turned = byPixel(weights, size),
        let repeated = try? Tensor(shape: [size * size * bias.count], Array(repeating: bias, count: size * size).flatMap { $0 })
      else {
        nodes.append(node)
        continue
      }
      graph.values.append(Value(name: "split \(graph.values.count)", type: .float32))
      let made = graph.values.count - 1
      nodes.append(
        Node(
          name: node.name, operation: "Conv", version: node.version,
          inputs: [input, add(turned, to: &graph), add(repeated, to: &graph)], outputs: [made]))
      nodes.append(
        Node(
          name: node.name, operation: "DepthToSpace", version: node.version, inputs: [made], outputs: [output],
          attributes: ["blocksize": .integer(Int64(size))]))
    }
    graph.nodes = nodes
  }

  /// How many times as large a transposed convolution makes both sides of a picture by products that do not overlap; nil for another node.
  private static func enlargement(_ node: Node) -> Int? {
    // The order of channels that is meant is the default since version 1; what the attributes leave out is 1, 0 and by hand.
    let known: Set = ["strides", "kernel_shape", "group", "dilations", "pads", "output_padding", "auto_pad"]
    func all(_ name: String, _ number: Int64) -> Bool {
      if case .integers(let given)? = node.attributes[name] { given.allSatisfy { $0 == number } } else { true }
    }
    if case .integer(let groups)? = node.attributes["group"], groups != 1 { return nil }
    if case .string(let automatic)? = node.attributes["auto_pad"], automatic != "NOTSET" { return nil }
    guard node.operation == "ConvTranspose", node.domain.isEmpty, (2...3).contains(node.inputs.count),
      known.isSuperset(of: node.attributes.keys), all("dilations", 1), all("pads", 0), all("output_padding", 0),
      case .integers(let strides)? = node.attributes["strides"], strides.count == 2, strides[0] == strides[1],
      // A kernel that is declared otherwise is refused where the node is planned.
      case .integers(let kernel)? = node.attributes["kernel_shape"] ?? .integers(strides), kernel == strides
    else { return nil }
    // Bounded: larger ones are left as they are.
    return (2...64).contains(strides[0]) ? Int(strides[0]) : nil
  }

  /// The numbers that are added to each channel; nil where they are not known.
  private static func bias(_ graph: Graph, _ node: Node, count: Int) -> [Float]? {
    guard node.inputs.count > 2, let value = node.inputs[2] else { return [Float](repeating: 0, count: count) }
    return floats(graph, value).flatMap { $0.numbers.count == count ? $0.numbers : nil }
  }

  /// Weights [channels in, channels out, size, size] as [size · size · channels out, channels in, 1, 1].
  private static func byPixel(_ weights: (shape: [Int], numbers: [Float]), _ size: Int) -> Tensor? {
    let (inner, outer, cells) = (weights.shape[0], weights.shape[1], size * size)
    var turned = [Float](repeating: 0, count: weights.numbers.count)
    for place in weights.numbers.indices {
      let (from, channel, cell) = (place / (outer * cells), place / cells % outer, place % cells)
      turned[(cell * outer + channel) * inner + from] = weights.numbers[place]
    }
    return try? Tensor(shape: [cells * outer, inner, 1, 1], turned)
  }

  // MARK: Graphs

  /// A weight; nil for one that a caller may give instead.
  private static func constant(_ graph: Graph, _ value: Int) -> Tensor? {
    graph.inputs.contains(value) ? nil : graph.values[value].constant
  }

  private static func floats(_ graph: Graph, _ value: Int?) -> (shape: [Int], numbers: [Float])? {
    guard let value, let tensor = constant(graph, value), case .float32(let numbers) = tensor.elements else { return nil }
    return (tensor.shape, numbers)
  }

  private static func add(_ tensor: Tensor, to graph: inout Graph) -> Int {
    graph.values.append(Value(name: "joined \(graph.values.count)", type: .float32, constant: tensor))
    return graph.values.count - 1
  }

  private static func remove(_ nodes: Set<Int>, from graph: inout Graph) {
    graph.nodes = graph.nodes.indices.filter { !nodes.contains($0) }.map { graph.nodes[$0] }
  }
}
