import ModelFiles
import NetworkGraph

/// The detector of spots with values at several strides between picture and boxes, known by hand; they add nothing to the boxes.
package enum FeaturedNetwork {
  /// What a choice by itself takes: the mean of red, green and blue of each cell of 16 × 16 pixels, doubled.
  package static let best = "doubled"

  package static func graph(_ metadata: [String: String] = [:]) throws -> Graph {
    var graph = try SpotNetwork.graph(metadata)
    let boxes = graph.outputs[0]
    graph.values[boxes].name = "cells"
    graph.values[boxes].shape = nil
    func value(_ name: String, _ constant: Tensor? = nil) -> Int {
      graph.values.append(Value(name: name, constant: constant))
      return graph.values.count - 1
    }
    func node(_ operation: String, _ inputs: [Int], _ name: String, _ attributes: [String: Attribute] = [:]) -> Int {
      let output = value(name)
      graph.nodes.append(
        Node(name: "make \(name)", operation: operation, version: 17, inputs: inputs, outputs: [output], attributes: attributes))
      return output
    }
    func means(_ input: Int, _ side: Int64, _ name: String) -> Int {
      node("AveragePool", [input], name, ["kernel_shape": .integers([side, side]), "strides": .integers([side, side])])
    }
    let wide = try Tensor(shape: [5, 3, 1, 1], [Float](repeating: 0.25, count: 15))
    let one = try Tensor(shape: [1, 3, 1, 1], [Float](repeating: 1, count: 3))
    let two = value("two", Tensor(scalar: Float(2)))
    let zero = value("zero", Tensor(scalar: Float(0)))
    let halves = means(graph.inputs[0], 2, "halves")
    // More channels, but finer; then as many at the stride that counts, and the last of these.
    let fine = node(
      "Conv", [means(graph.inputs[0], 8, "eighths"), value("fives", wide)], "fine", ["kernel_shape": .integers([1, 1])])
    let coarse = means(graph.inputs[0], 16, "means")
    let doubled = node("Mul", [coarse, two], best)
    // More channels, but only joined; fewer channels; more, but nothing comes of them.
    let joined = node("Concat", [coarse, doubled], "joined", ["axis": .integer(1)])
    let few = node("Conv", [doubled, value("ones", one)], "few", ["kernel_shape": .integers([1, 1])])
    _ = node(
      "Mul", [node("Conv", [coarse, value("aside weights", wide)], "aside", ["kernel_shape": .integers([1, 1])]), two], "more")
    _ = node("Flatten", [coarse], "flat")
    var sum = boxes
    for part in [halves, fine, joined, few] {
      let mean = node("ReduceMean", [part], "mean \(part)", ["keepdims": .integer(0)])
      sum = node("Add", [sum, node("Mul", [mean, zero], "nothing \(part)")], "sum \(part)")
    }
    let output = node("Identity", [sum], "boxes")
    (graph.values[output].type, graph.values[output].shape) = (
      .float32,
      [
        .fixed(1), .fixed(SpotNetwork.classes.count + 10), .fixed(SpotNetwork.side / 4), .fixed(SpotNetwork.side / 4),
      ]
    )
    graph.outputs = [output]
    return graph
  }

  /// The network as a file.
  package static func file(_ metadata: [String: String] = [:]) throws -> [UInt8] {
    try GraphExporter.bytes(graph(metadata), producer: "test")
  }
}
