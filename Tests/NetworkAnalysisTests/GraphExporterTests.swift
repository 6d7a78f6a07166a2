import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTestSupport
import Testing

/// Graphs that were written and read again do the same, to the byte.
@Suite(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct GraphExporterTests {
  private func again(_ graph: Graph) throws -> Graph {
    try GraphImporter.graph(ONNXReader.model(FileBytes(name: "made.onnx", bytes: GraphExporter.bytes(graph, producer: "test"))))
  }

  private func expectSame(_ path: String, prefix: String) throws {
    let graph = try GraphImporter.graph(path: SharedNetworks.path(path))
    let read = try again(graph)
    #expect(read.operatorSets == graph.operatorSets && read.metadata == graph.metadata && read.nodes.count == graph.nodes.count)
    #expect(read.inputs.map { read.values[$0].name } == graph.inputs.map { graph.values[$0].name })
    #expect(read.inputs.map { read.values[$0].shape } == graph.inputs.map { graph.values[$0].shape })
    let inputs = try SharedNetworks.tensors(prefix, graph, graph.inputs)
    let (first, second) = (try Interpreter(graph).run(inputs), try Interpreter(read).run(inputs))
    for (name, tensor) in first {
      let other = try #require(second[name])
      #expect(other.type == tensor.type && other.shape == tensor.shape)
      #expect(other.elements.littleEndianBytes == tensor.elements.littleEndianBytes, "\(name)")
    }
  }

  @Test(arguments: SharedNetworks.cases) func casesSurvive(name: String) throws {
    try expectSame("ops/\(name).onnx", prefix: "ops/\(name).")
  }

  @Test(arguments: ["vit_tiny_raw", "gru_bidir2", "dynamic_shapes", "cnn_f16", "cnn_external", "cnn_qdq"])
  func networksSurvive(name: String) throws { try expectSame("\(name)/\(name).onnx", prefix: "\(name)/") }

  /// Sizes of nothing, of zero and negative numbers keep their meaning.
  @Test func attributesSurvive() throws {
    var graph = Graph(name: "", operatorSets: ["": 21])
    graph.values = [
      Value(name: "x", type: .float32, shape: [.fixed(0), .symbol("n"), .any]), Value(name: "y", type: .float32, shape: []),
      Value(name: "w", constant: try Tensor(shape: [0, 2], [Float]())),
    ]
    graph.inputs = [0]
    graph.outputs = [1]
    graph.nodes = [
      Node(
        name: "", operation: "Made", domain: "own", version: 3, inputs: [0, nil, 2], outputs: [1],
        attributes: [
          "f": .float(-0.5), "i": .integer(-1), "s": .string("é"), "fs": .floats([]), "is": .integers([-3, 0, 1 << 40]),
          "ss": .strings(["a", ""]), "t": .tensor(Tensor(scalar: Int64(-7))),
        ])
    ]
    graph.operatorSets["own"] = 3
    let read = try again(graph)
    #expect(read.values[read.inputs[0]].shape == graph.values[0].shape && read.values[read.outputs[0]].shape == [])
    let node = try #require(read.nodes.first)
    #expect(node.domain == "own" && node.version == 3 && node.inputs.count == 3 && node.inputs[1] == nil)
    #expect("\(node.attributes.sorted { $0.key < $1.key })" == "\(graph.nodes[0].attributes.sorted { $0.key < $1.key })")
  }
}
