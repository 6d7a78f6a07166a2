import ModelFiles
import NetworkGraph
import TestSupport

/// Makes a graph of random weights, one node after the other. Shapes are told by running it.
struct GraphMaker {
  private(set) var graph = Graph(name: "made", operatorSets: ["": 13])
  var random: TestRandom

  init(seed: UInt64) { random = TestRandom(seed: seed) }

  /// Numbers between −1 and 1, times `scale`.
  mutating func numbers(_ shape: [Int], scale: Float = 1) throws -> Tensor {
    try Tensor(shape: shape, (0..<shape.reduce(1, *)).map { _ in Float(random.uniform(-Double(scale), Double(scale))) })
  }

  private mutating func value(_ name: String, _ constant: Tensor? = nil) -> Int {
    graph.values.append(Value(name: "\(name)\(graph.values.count)", type: constant == nil ? .float32 : nil, constant: constant))
    return graph.values.count - 1
  }

  mutating func input() -> Int {
    let input = value("input")
    graph.inputs.append(input)
    return input
  }

  mutating func output(_ value: Int) { graph.outputs.append(value) }

  mutating func constant(_ tensor: Tensor) -> Int { value("constant", tensor) }

  mutating func add(_ operation: String, _ inputs: [Int], _ attributes: [String: Attribute] = [:], outputs: Int = 1) -> [Int] {
    let made = (0..<outputs).map { _ in value(operation) }
    graph.nodes.append(
      Node(
        name: "\(operation)\(graph.nodes.count)", operation: operation, version: 13, inputs: inputs, outputs: made,
        attributes: attributes))
    return made
  }

  mutating func one(_ operation: String, _ inputs: [Int], _ attributes: [String: Attribute] = [:]) -> Int {
    add(operation, inputs, attributes)[0]
  }

  /// A convolution with a bias whose result stays about as large as its source.
  mutating func convolution(_ source: Int, _ from: Int, _ to: Int, kernel: Int = 3, stride: Int = 1, groups: Int = 1) throws -> Int
  {
    let terms = Float(from / groups * kernel * kernel)
    let weights = constant(try numbers([to, from / groups, kernel, kernel], scale: 2 / terms.squareRoot()))
    let bias = constant(try numbers([to], scale: 0.5))
    let pad = Int64(kernel / 2)
    return one(
      "Conv", [source, weights, bias],
      [
        "kernel_shape": .integers([Int64(kernel), Int64(kernel)]), "strides": .integers([Int64(stride), Int64(stride)]),
        "pads": .integers([pad, pad, pad, pad]), "group": .integer(Int64(groups)), "dilations": .integers([1, 1]),
      ])
  }

  /// x · sigmoid x.
  mutating func swish(_ value: Int) -> Int {
    let gate = one("Sigmoid", [value])
    return one("Mul", [value, gate])
  }

  mutating func integers(_ list: [Int64]) -> Int { constant(Tensor(list: list)) }
}
