import ModelFiles
import Testing

@testable import NetworkGraph

@Suite("A part of a graph")
struct GraphPartTests {
  private static func node(_ name: String, _ inputs: [Int], _ output: Int) -> Node {
    Node(name: name, operation: "Sum", version: 17, inputs: inputs, outputs: [output])
  }

  /// What a value needs, and nothing else.
  @Test func holdsWhatAValueNeeds() {
    var graph = Graph(name: "whole", operatorSets: ["": 17])
    graph.values = ["x", "a", "b", "c", "d"].map { Value(name: $0, type: .float32) }
    graph.nodes = [Self.node("a", [0], 1), Self.node("b", [0], 2), Self.node("c", [0, 1], 3), Self.node("d", [2, 3], 4)]
    (graph.inputs, graph.outputs) = ([0], [4])
    let part = graph.part(making: 3)
    #expect(part.nodes.map(\.name) == ["a", "c"] && part.outputs == [3] && part.inputs == [0])
    #expect(graph.part(making: 4).nodes.map(\.name) == ["a", "b", "c", "d"])
  }

  /// Values that a graph within a node takes from around it are needed too.
  @Test func countsWhatInnerGraphsTake() {
    var graph = Graph(name: "outer", operatorSets: ["": 17])
    graph.values = ["x", "condition", "taken", "result", "other"].map { Value(name: $0, type: .float32) }
    var inner = Graph(name: "inner", operatorSets: ["": 17])
    inner.values = [Value(name: "taken")]
    (inner.outputs, inner.captures) = ([0], [Graph.Capture(inner: 0, outer: 2)])
    graph.nodes = [
      Self.node("take", [0], 2), Self.node("leave", [0], 4),
      Node(name: "choose", operation: "If", version: 17, inputs: [1], outputs: [3], attributes: ["then_branch": .graph(inner)]),
    ]
    (graph.inputs, graph.outputs) = ([0, 1], [3])
    #expect(graph.part(making: 3).nodes.map(\.name) == ["take", "choose"])
  }
}
