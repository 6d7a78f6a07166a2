import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTestSupport
import Testing

/// Shapes that are told without a run against those of runs.
struct ShapeInferenceTests {
  /// Single operators whose result's shape depends on numbers.
  private static let open: Set<String> = ["NonZero", "NonMaxSuppression", "Unique", "Compress", "If", "Loop", "Scan"]

  private func expectOutlines(_ graph: Graph, _ inputs: [String: Tensor], _ made: [String: Tensor], values: [Int]) throws {
    // Numbers that a caller gives may tell shapes; here they are weights, as in most networks.
    var graph = graph
    for input in graph.inputs where graph.values[input].type?.isFloat == false {
      graph.values[input].constant = inputs[graph.values[input].name]
      graph.inputs.removeAll { $0 == input }
    }
    let given = Set(graph.inputs.map { graph.values[$0].name })
    let outlines = try ShapeInference(graph).outlines(inputs.filter { given.contains($0.key) }.mapValues(\.shape))
    let isOpen = graph.nodes.contains { ShapeInferenceTests.open.contains($0.operation) }
    for value in values {
      let name = graph.values[value].name
      guard let outline = outlines[value] else {
        #expect(isOpen, "\(name)")
        continue
      }
      let tensor = try #require(made[name])
      #expect(outline == TensorOutline(tensor.type, tensor.shape), "\(name)")
    }
  }

  @Test(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message), arguments: SharedNetworks.cases)
  func areTheStoredOnesOfOperators(name: String) throws {
    let graph = try GraphImporter.graph(path: SharedNetworks.path("ops/\(name).onnx"))
    let inputs = try SharedNetworks.tensors("ops/\(name).", graph, graph.inputs)
    let outputs = try SharedNetworks.tensors("ops/\(name).", graph, graph.outputs)
    try expectOutlines(graph, inputs, outputs, values: graph.outputs)
  }

  /// Every value that a node makes.
  @Test(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message), arguments: SmallNetworksTests.names)
  func areThoseOfRunsOfNetworks(name: String) throws {
    var graph = try GraphImporter.graph(path: SharedNetworks.path("\(name)/\(name).onnx"))
    let inputs = try SharedNetworks.tensors("\(name)/", graph, graph.inputs)
    let values = graph.nodes.flatMap(\.outputs).compactMap { $0 }
    graph.outputs += values.filter { !graph.outputs.contains($0) }
    try expectOutlines(graph, inputs, try Interpreter(graph).run(inputs), values: values)
  }

  // MARK: Faults

  private func graph(_ node: Node, _ shapes: [[Size]]) -> Graph {
    var graph = Graph(name: "made", operatorSets: ["": 13])
    graph.values = shapes.enumerated().map { Value(name: "x\($0.offset)", type: .float32, shape: $0.element) } + [Value(name: "y")]
    graph.inputs = Array(shapes.indices)
    graph.outputs = [shapes.count]
    graph.nodes = [node]
    return graph
  }

  private func sentence(_ graph: Graph, _ inputs: [String: [Int]] = [:]) -> String? {
    do {
      _ = try ShapeInference(graph).outlines(inputs)
      return nil
    } catch { return "\(error)" }
  }

  @Test func faultsNameTheNode() {
    let sum = Node(name: "sum of both", operation: "Add", version: 13, inputs: [0, 1], outputs: [2])
    let fault = sentence(graph(sum, [[.fixed(2), .fixed(3)], [.fixed(2), .fixed(4)]]))
    #expect(fault == "node 'sum of both' (Add) cannot bring the shapes 2x3 and 2x4 together.")
    let product = Node(name: "", operation: "MatMul", version: 13, inputs: [0, 1], outputs: [2])
    #expect(sentence(graph(product, [[.fixed(2), .fixed(3)], [.fixed(2), .fixed(4)]]))?.contains("MatMul") == true)
  }

  @Test func openSizesMustBeGiven() throws {
    let node = Node(name: "", operation: "Relu", version: 13, inputs: [0], outputs: [1])
    let open = graph(node, [[.symbol("n"), .fixed(3)]])
    #expect(sentence(open)?.contains("must be given") == true)
    #expect(sentence(open, ["x0": [2, 4]])?.contains("nx3") == true)
    #expect(sentence(open, ["other": [2, 4]])?.contains("no input 'other'") == true)
    #expect(try ShapeInference(open).outlines(["x0": [5, 3]])[1] == TensorOutline(.float32, [5, 3]))
  }

  /// Four billion numbers are not made to tell their shape.
  @Test func hugeResultsAreRefusedUnmade() {
    let node = Node(name: "huge", operation: "ConstantOfShape", version: 13, inputs: [0], outputs: [1])
    var made = graph(node, [[.fixed(2)]])
    made.inputs = []
    made.values[0].constant = Tensor(list: [65_536, 65_536] as [Int64])
    #expect(sentence(made)?.contains("huge") == true)
  }
}
