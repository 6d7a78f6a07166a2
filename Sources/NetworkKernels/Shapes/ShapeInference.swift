internal import ModelFiles
public import NetworkGraph

/// The type and shape of every value of a network for inputs of certain shapes, told without a run.
///
/// What is computed from weights and sizes alone is computed, as long as it is small. A value whose shape depends on numbers, and whatever is
/// made of it, is left out.
public struct ShapeInference: Sendable {
  private let graph: Graph

  /// Values of more numbers are not computed beforehand: shapes and the lists that they are made of are far smaller.
  private static let constantLimit = 1 << 16

  /// An inference for a graph.
  public init(_ graph: Graph) { self.graph = graph }

  /// The outlines by value.
  ///
  /// - Parameter inputs: The shape of each input by name; one that the file declares whole may be left out.
  /// - Throws: `NetworkError.input` for an input whose shape is not told or is another than declared; other errors name the node that cannot
  ///   take its inputs.
  public func outlines(_ inputs: [String: [Int]] = [:]) throws -> [Int: TensorOutline] {
    var outlines: [Int: TensorOutline] = [:]
    var constants: [Int: Tensor] = [:]
    for (value, entry) in graph.values.enumerated() {
      guard let constant = entry.constant else { continue }
      (constants[value], outlines[value]) = (constant, TensorOutline(constant.type, constant.shape))
    }
    for (value, shape) in zip(graph.inputs, try InputCheck(graph).shapes(inputs)) {
      outlines[value] = TensorOutline(graph.values[value].type ?? .float32, shape)
      constants[value] = nil
    }
    for node in graph.nodes { try add(node, &outlines, &constants) }
    return outlines
  }

  /// Checks that what a node makes can be held, before it is made.
  ///
  /// - Parameters:
  ///   - call: With the numbers of the inputs that are known.
  ///   - outlines: Of all inputs; nil for one that is left out.
  /// - Throws: `NetworkError.invalid` that names the node, for results of more numbers than a tensor may have.
  package static func checkSizes(_ call: KernelCall, outlines: [TensorOutline?]) throws {
    // What else is wrong with the node is told where it runs.
    guard let results = try? OutlineRules.table[call.node.operation]?(OutlineCall(call: call, outlines: outlines)) else { return }
    for case let result? in results { _ = try call.count(result.shape) }
  }

  private func add(_ node: Node, _ outlines: inout [Int: TensorOutline], _ constants: inout [Int: Tensor]) throws {
    guard node.domain.isEmpty, !Kernels.controlFlow.contains(node.operation),
      node.inputs.allSatisfy({ $0.map { outlines[$0] != nil } ?? true })
    else { return }
    let call = KernelCall(node: node, inputs: node.inputs.map { $0.flatMap { constants[$0] } })
    let given = OutlineCall(call: call, outlines: node.inputs.map { $0.flatMap { outlines[$0] } })
    if let results = try computed(given) {
      for (output, tensor) in zip(node.outputs, results) {
        guard let output, let tensor else { continue }
        (constants[output], outlines[output]) = (tensor, TensorOutline(tensor.type, tensor.shape))
      }
      return
    }
    guard let rule = OutlineRules.table[node.operation] else { return }
    for (output, outline) in zip(node.outputs, try rule(given)) {
      if let output, let outline {
        _ = try call.count(outline.shape)
        outlines[output] = outline
      }
    }
  }

  /// The results of a node that reads small constants alone, or a shape.
  private func computed(_ given: OutlineCall) throws -> [Tensor?]? {
    let node = given.call.node
    if node.operation == "Shape" || node.operation == "Size" {
      // Only the shape counts: bytes stand for the numbers.
      let shape = try given.shape(0)
      let stand = try Tensor(shape: shape, elements: .zeros(Tensor.elementCount(of: shape), type: .uint8))
      return try Kernels.run(KernelCall(node: node, inputs: [stand]))
    }
    guard zip(given.outlines, given.call.inputs).allSatisfy({ $0 == nil || $1 != nil }),
      given.outlines.allSatisfy({ ($0?.shape.reduce(1, *) ?? 0) <= ShapeInference.constantLimit })
    else { return nil }
    // What repeats numbers may make many of few.
    if let outlines = try OutlineRules.table[node.operation]?(given), let first = outlines.first ?? nil,
      try given.call.count(first.shape) > ShapeInference.constantLimit
    {
      return nil
    }
    return try Kernels.run(given.call)
  }
}
