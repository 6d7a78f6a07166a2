internal import ModelFiles
public import NetworkGraph

/// Conversions that change weights alone.
extension Conversion {
  /// Weights of convolutions and products in bfloat16, half the bytes; what reads them is told by a conversion back.
  public static func halfWeights(_ graph: Graph) -> Conversion {
    let layers = weighted(graph) { _, _ in true }
    return Conversion(graph, layers: layers) { chosen in
      try replacing(graph, chosen, version: 13) { numbers, shape, name in
        let halves = try Tensor(shape: shape, numbers.map { BFloat16($0) })
        return ("Cast", [(name + "_bf16", halves)], ["to": .integer(ONNXTensor.dataType(.float32))])
      }
    }
  }

  /// Weights of matrix products and 1×1 convolutions as −g, 0 or g with g the mean magnitude of the tensor (Ma et al. 2024, "The era of
  /// 1-bit LLMs", equations 1 to 3), without training.
  public static func ternaryWeights(_ graph: Graph) -> Conversion {
    let layers = weighted(graph) { node, shape in node.operation != "Conv" || shape.dropFirst(2).allSatisfy { $0 == 1 } }
    return Conversion(graph, layers: layers) { chosen in
      try replacing(graph, chosen, version: 13) { numbers, shape, name in
        let (levels, scale) = TernaryWeights.rounded(numbers)
        let stored = [(name + "_ternary", try Tensor(shape: shape, levels)), (name + "_scale", Tensor(scalar: scale))]
        return ("DequantizeLinear", stored, [:])
      }
    }
  }

  /// The place of a layer's weights among its inputs.
  private static let weightInput = 1

  /// Layers with constant weights of at least two axes that a caller cannot give.
  private static func weighted(_ graph: Graph, where isWanted: (Node, [Int]) -> Bool) -> [Int] {
    graph.nodes.indices.filter { index in
      let node = graph.nodes[index]
      guard node.domain.isEmpty, ["Conv", "ConvTranspose", "MatMul", "Gemm"].contains(node.operation),
        node.inputs.count > weightInput,
        let weights = QuantizationPlan.floats(graph, node.inputs[weightInput]), weights.shape.count >= 2
      else { return false }
      return isWanted(node, weights.shape)
    }
  }

  private typealias Stored = (operation: String, constants: [(String, Tensor)], attributes: [String: Attribute])

  private static func replacing(
    _ graph: Graph, _ chosen: Set<Int>, version: Int, _ stored: ([Float], [Int], String) throws -> Stored
  ) throws -> Graph {
    var result = try OperatorSetRise.raised(graph, to: version)
    var first: [Node] = []
    for layer in chosen.sorted() {
      guard let weight = result.nodes[layer].inputs[weightInput], let given = QuantizationPlan.floats(result, weight) else {
        continue
      }
      // The layer's number keeps names apart where two layers share their weights.
      let name = "\(result.values[weight].name)_\(layer)"
      let made = try stored(given.numbers, given.shape, name)
      var inputs: [Int] = []
      for (name, tensor) in made.constants {
        result.values.append(Value(name: name, type: tensor.type, shape: tensor.shape.map { .fixed($0) }, constant: tensor))
        inputs.append(result.values.count - 1)
      }
      result.values.append(Value(name: name + "_float32", type: .float32))
      let output = result.values.count - 1
      first.append(
        Node(
          name: "\(name)_\(made.operation)", operation: made.operation, version: result.operatorSets[""] ?? version, inputs: inputs,
          outputs: [output], attributes: made.attributes))
      result.nodes[layer].inputs[weightInput] = output
    }
    result.nodes = first + result.nodes
    result.dropUnusedConstants()
    return result
  }
}

/// Weights of three levels.
public enum TernaryWeights {
  /// Keeps the quotient of zeros finite; far below the weights of any network.
  private static let epsilon: Float = 1e-5

  /// - Returns: Levels −1, 0 and 1, each weight ∕ (g + ε) rounded, and g, the mean magnitude.
  public static func rounded(_ weights: [Float]) -> (levels: [Int8], scale: Float) {
    guard !weights.isEmpty else { return ([], 1) }
    let mean = Float(weights.reduce(0.0) { $0 + Double(abs($1)) } / Double(weights.count))
    // Bounded: cut off at ±1; no number becomes zero.
    let levels = weights.map { weight -> Int8 in
      let level = (weight / (mean + epsilon)).rounded(.toNearestOrEven)
      return level.isNaN ? 0 : Int8(min(max(level, -1), 1))
    }
    return (levels, mean > 0 ? mean : 1)
  }
}
