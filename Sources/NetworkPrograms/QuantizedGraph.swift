internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// Weights as whole numbers: real = scale · number.
struct ByteWeights {
  let numbers: [Int8]
  /// One, or one for each place of the first axis.
  let scales: [Float]
}

/// A graph in which values are marked with the grid that they lie on, where the file has pairs of QuantizeLinear and DequantizeLinear.
///
/// The marked value takes the place of the pair's result, so that what follows it reads it as if nothing had been rounded.
struct QuantizedGraph {
  private(set) var graph: Graph
  /// By value.
  private(set) var grids: [Int: ByteGrid] = [:]
  /// By value; the value itself holds the same numbers as 32-bit floats.
  private(set) var weights: [Int: ByteWeights] = [:]

  init(_ graph: Graph) throws {
    self.graph = graph
    // Graphs inside nodes name values of this one, which would have to be named anew in them.
    let hasInner = graph.nodes.contains { node in
      node.attributes.values.contains { if case .graph = $0 { true } else { false } }
    }
    guard !hasInner else { return }
    try foldWeights()
    joinPairs()
  }

  /// Whether anything is quantised.
  var isEmpty: Bool { grids.isEmpty || weights.isEmpty }

  // MARK: Weights

  private mutating func foldWeights() throws {
    var removed: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where isOwn(node, "DequantizeLinear") {
      let inputs = node.inputs.map(constant)
      guard zip(node.inputs, inputs).allSatisfy({ $0 == nil || $1 != nil }), let given = inputs.first ?? nil,
        let output = node.outputs.first ?? nil, !graph.outputs.contains(output),
        let floats = try Kernels.run(KernelCall(node: node, inputs: inputs)).first ?? nil
      else { continue }
      graph.values[output].constant = floats
      graph.values[output].type = floats.type
      weights[output] = byteWeights(node, given, scale: inputs[1], zero: inputs.count > 2 ? inputs[2] : nil)
      removed.insert(index)
    }
    remove(removed)
  }

  private func byteWeights(_ node: Node, _ given: Tensor, scale: Tensor?, zero: Tensor?) -> ByteWeights? {
    guard case .int8(let numbers) = given.elements, case .float32(let scales)? = scale?.elements,
      zero?.elements.integers?.allSatisfy({ $0 == 0 }) ?? true, scales.allSatisfy({ $0.isFinite && $0 > 0 })
    else { return nil }
    var axis: Int64 = 1
    if case .integer(let given)? = node.attributes["axis"] { axis = given }
    guard scales.count == 1 || (axis == 0 && scales.count == given.shape.first) else { return nil }
    return ByteWeights(numbers: numbers, scales: scales)
  }

  // MARK: Pairs

  private mutating func joinPairs() {
    let readers = readers
    let kept = Set(graph.outputs)
    var replaced: [Int: Int] = [:]
    var removed: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where isOwn(node, "QuantizeLinear") {
      guard let grid = grid(node), let source = node.inputs[0], let made = node.outputs[0], !kept.contains(made),
        readers[made].allSatisfy({ isOwn(graph.nodes[$0], "DequantizeLinear") && self.grid(graph.nodes[$0]) == grid })
      else { continue }
      // Where something reads the numbers before they are rounded, the rounded ones are a value of their own.
      let isSole =
        !kept.contains(source) && grids[source] ?? grid == grid
        && readers[source].allSatisfy { isOwn(graph.nodes[$0], "QuantizeLinear") && self.grid(graph.nodes[$0]) == grid }
      for place in readers[made] {
        guard let result = graph.nodes[place].outputs[0] else { continue }
        if isSole, !kept.contains(result) {
          (replaced[result], grids[source]) = (source, grid)
          removed.insert(place)
        } else {
          graph.nodes[place] = Node(
            name: graph.nodes[place].name, operation: "Identity", version: node.version, inputs: [source], outputs: [result])
          grids[result] = grid
        }
      }
      removed.insert(index)
    }
    for index in graph.nodes.indices {
      graph.nodes[index].inputs = graph.nodes[index].inputs.map { input in
        var input = input
        while let value = input, let other = replaced[value] { input = other }
        return input
      }
    }
    remove(removed)
  }

  /// The grid of a node's bytes; nil where it has several, or is none of both operations.
  private func grid(_ node: Node) -> ByteGrid? {
    guard node.inputs.count >= 2, case .float32(let scales)? = constant(node.inputs[1])?.elements, scales.count == 1 else {
      return nil
    }
    guard node.inputs.count > 2, let zero = node.inputs[2] else { return ByteGrid(scale: scales[0], zero: 0, isSigned: false) }
    switch constant(zero)?.elements {
    case .uint8(let zeros)? where zeros.count == 1: return ByteGrid(scale: scales[0], zero: Int(zeros[0]), isSigned: false)
    case .int8(let zeros)? where zeros.count == 1: return ByteGrid(scale: scales[0], zero: Int(zeros[0]), isSigned: true)
    default: return nil
    }
  }

  // MARK: Graph

  private var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() { for value in graph.reads(of: node) { readers[value].append(index) } }
    return readers
  }

  private func isOwn(_ node: Node, _ operation: String) -> Bool { node.operation == operation && node.domain.isEmpty }

  private func constant(_ value: Int?) -> Tensor? {
    value.flatMap { graph.inputs.contains($0) ? nil : graph.values[$0].constant }
  }

  private mutating func remove(_ nodes: Set<Int>) {
    graph.nodes = graph.nodes.indices.filter { !nodes.contains($0) }.map { graph.nodes[$0] }
  }
}
