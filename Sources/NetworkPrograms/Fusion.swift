internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// An activation as oneDNN has it.
struct Activation {
  let function: onednn_function
  var alpha: Float = 0
  var beta: Float = 0

  /// The activation of a node with one input, where oneDNN has the same one.
  init?(_ node: Node, constant: (Int) -> Tensor?) {
    func float(_ name: String, _ value: Float) -> Float {
      if case .float(let given)? = node.attributes[name] { return given }
      return value
    }
    switch node.operation {
    case "Relu": self.init(ONEDNN_RELU)
    case "LeakyRelu": self.init(ONEDNN_RELU, float("alpha", 0.01))
    case "Sigmoid": self.init(ONEDNN_LOGISTIC)
    case "Tanh": self.init(ONEDNN_TANH)
    case "Elu": self.init(ONEDNN_ELU, float("alpha", 1))
    case "HardSwish": self.init(ONEDNN_HARDSWISH)
    case "Exp": self.init(ONEDNN_EXP)
    case "Abs": self.init(ONEDNN_ABS)
    case "Sqrt": self.init(ONEDNN_SQRT)
    case "Log": self.init(ONEDNN_LOG)
    case "Neg": self.init(ONEDNN_LINEAR, -1)
    case "Gelu":
      guard case .string(let kind) = node.attributes["approximate"] ?? .string("none") else { return nil }
      self.init(kind == "tanh" ? ONEDNN_GELU_TANH : ONEDNN_GELU_ERF)
    case "Clip":
      let low = node.version < 11 ? float("min", -.infinity) : Activation.bound(node, 1, constant, missing: -.infinity)
      let high = node.version < 11 ? float("max", .infinity) : Activation.bound(node, 2, constant, missing: .infinity)
      guard let low, let high, low.isFinite, high.isFinite, low <= high else { return nil }
      self.init(ONEDNN_CLIP, low, high)
    default: return nil
    }
  }

  init(_ function: onednn_function, _ alpha: Float = 0, _ beta: Float = 0) {
    (self.function, self.alpha, self.beta) = (function, alpha, beta)
  }

  private static func bound(_ node: Node, _ index: Int, _ constant: (Int) -> Tensor?, missing: Float) -> Float? {
    guard index < node.inputs.count, let value = node.inputs[index] else { return missing }
    guard case .float32(let numbers)? = constant(value)?.elements, numbers.count == 1 else { return nil }
    return numbers[0]
  }
}

/// What is joined to the end of a convolution.
struct FusedTail {
  var activation: Activation?
  /// A value of the result's shape that is added after the activation.
  var addend: Int?
  /// An activation after the addition.
  var lastActivation: Activation?
  /// The value that the convolution then makes.
  var output: Int
  /// The nodes that are part of it.
  var nodes: [Int] = []
  /// What it makes, and of which nodes, where the addition stays a step of its own.
  var beforeAddend: (output: Int, nodes: [Int])?

  /// The tail up to the addition; nil where there is none.
  var withoutAddend: FusedTail? {
    beforeAddend.map { FusedTail(activation: activation, output: $0.output, nodes: $0.nodes) }
  }
}

/// Which nodes become part of the convolution before them.
struct Fusion {
  /// By the convolution's number.
  private(set) var tails: [Int: FusedTail] = [:]

  /// - Parameter rounded: Values that lie on a grid of bytes: what is joined does not reach beyond them.
  init(_ graph: Graph, rounded: Set<Int> = []) {
    var readers = [[Int]](repeating: [], count: graph.values.count)
    var makers = [Int?](repeating: nil, count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() {
      for value in graph.reads(of: node) { readers[value].append(index) }
      for case let value? in node.outputs { makers[value] = index }
    }
    let kept = rounded.union(graph.outputs)
    for (index, node) in graph.nodes.enumerated() where node.operation == "Conv" && node.domain.isEmpty {
      guard let output = node.outputs.first ?? nil else { continue }
      var tail = FusedTail(output: output)
      /// The only reader of the tail's output.
      func reader() -> Int? {
        guard !kept.contains(tail.output), readers[tail.output].count == 1 else { return nil }
        return readers[tail.output][0]
      }
      if !kept.contains(output), let (nodes, result) = Fusion.swish(output, graph, readers, kept) {
        tail.activation = Activation(ONEDNN_SWISH, 1)
        tail.output = result
        tail.nodes += nodes
      } else if let (place, activation, result) = Fusion.activation(reader(), graph) {
        tail.activation = activation
        tail.output = result
        tail.nodes.append(place)
      }
      if let next = reader(), graph.nodes[next].operation == "Add", graph.nodes[next].inputs.count == 2,
        let result = graph.nodes[next].outputs[0]
      {
        let other = graph.nodes[next].inputs[0] == tail.output ? graph.nodes[next].inputs[1] : graph.nodes[next].inputs[0]
        // The addend must be there when the convolution runs.
        if let other, other != tail.output, graph.values[other].constant == nil, (makers[other] ?? -1) < index {
          tail.beforeAddend = (tail.output, tail.nodes)
          tail.addend = other
          tail.output = result
          tail.nodes.append(next)
          if let (place, activation, result) = Fusion.activation(reader(), graph) {
            tail.lastActivation = activation
            tail.output = result
            tail.nodes.append(place)
          }
        }
      }
      tails[index] = tail
    }
  }

  private static func activation(_ index: Int?, _ graph: Graph) -> (Int, Activation, Int)? {
    guard let index, let result = graph.nodes[index].outputs.first ?? nil,
      let activation = Activation(graph.nodes[index], constant: { graph.values[$0].constant })
    else { return nil }
    return (index, activation, result)
  }

  /// x · sigmoid(x), where both nodes read nothing else.
  private static func swish(_ value: Int, _ graph: Graph, _ readers: [[Int]], _ kept: Set<Int>) -> ([Int], Int)? {
    guard readers[value].count == 2 else { return nil }
    for (first, second) in [(readers[value][0], readers[value][1]), (readers[value][1], readers[value][0])] {
      let (gate, product) = (graph.nodes[first], graph.nodes[second])
      guard gate.operation == "Sigmoid", product.operation == "Mul", let middle = gate.outputs[0], !kept.contains(middle),
        readers[middle] == [second], Set(product.inputs) == [value, middle], let result = product.outputs[0]
      else { continue }
      return ([first, second], result)
    }
    return nil
  }
}
