import ModelFiles
import NetworkGraph
import Testing

@Suite struct GraphImporterTests {
  private func node(_ operation: String, _ inputs: [String], _ outputs: [String]) -> ONNXNode {
    var node = ONNXNode()
    (node.operation, node.inputs, node.outputs, node.name) = (operation, inputs, outputs, "the \(operation)")
    return node
  }

  private func model(_ nodes: [ONNXNode], version: Int = 17, output: String = "y") -> ONNXModel {
    var model = ONNXModel()
    model.operatorSets[""] = version
    model.graph.nodes = nodes
    model.graph.inputs = [ONNXValueInfo(name: "x", type: .float32, shape: [.symbol("n"), .fixed(3)])]
    model.graph.outputs = [ONNXValueInfo(name: output)]
    return model
  }

  @Test func numbersValues() throws {
    let graph = try GraphImporter.graph(model([node("Relu", ["x"], ["h"]), node("Add", ["h", "x"], ["y"])]))
    #expect(graph.nodes.map(\.operation) == ["Relu", "Add"])
    #expect(graph.nodes[1].inputs == [graph.nodes[0].outputs[0], graph.inputs[0]])
    #expect(graph.values[graph.inputs[0]].shape == [.symbol("n"), .fixed(3)])
  }

  @Test func namesTheNodeOfACycle() {
    let error = #expect(throws: NetworkError.self) {
      try GraphImporter.graph(model([node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"])], output: "b"))
    }
    #expect(error?.description.contains("'the Add'") == true)
    #expect(error?.description.contains("cycle") == true)
  }

  @Test func refusesValuesMadeTwiceOrNever() {
    #expect(throws: NetworkError.self) { try GraphImporter.graph(model([node("Relu", ["x"], ["y"]), node("Abs", ["x"], ["y"])])) }
    #expect(throws: NetworkError.self) { try GraphImporter.graph(model([node("Relu", ["z"], ["y"])])) }
    #expect(throws: NetworkError.self) { try GraphImporter.graph(model([node("Relu", ["x"], ["h"])])) }
  }

  @Test func refusesOperatorSetsOfTheFuture() {
    #expect(throws: NetworkError.self) { try GraphImporter.graph(model([node("Relu", ["x"], ["y"])], version: 99)) }
  }

  @Test func namesInputsThatDoNotFit() throws {
    let graph = try GraphImporter.graph(model([node("Relu", ["x"], ["y"])]))
    let check = InputCheck(graph)
    #expect(throws: NetworkError.self) { try check.values([:]) }
    #expect(throws: NetworkError.self) { try check.values(["x": Tensor(shape: [1, 4], [Float](repeating: 0, count: 4))]) }
    #expect(throws: NetworkError.self) { try check.values(["x": Tensor(shape: [1, 3], [Double](repeating: 0, count: 3))]) }
    #expect(try check.values(["x": Tensor(shape: [5, 3], [Float](repeating: 0, count: 15))]).count == 1)
  }

  @Test func refusesNetworksWithoutOutputs() {
    var without = model([node("Relu", ["x"], ["y"])])
    without.graph.outputs = []
    #expect(throws: NetworkError.self) { try GraphImporter.graph(without) }
  }
}
