internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// How the gradients of a node's inputs are made of those of its outputs.
struct GradientRule: Sendable {
  let apply: @Sendable (GradientCall, inout GraphBuilder) throws -> [Int?]

  init(_ apply: @escaping @Sendable (GradientCall, inout GraphBuilder) throws -> [Int?]) { self.apply = apply }

  /// A rule for an operation whose first input alone has a gradient.
  static func first(_ apply: @escaping @Sendable (GradientCall, inout GraphBuilder) throws -> Int) -> GradientRule {
    GradientRule { [try apply($0, &$1)] }
  }
}

/// The rules that there are, by the operation's name.
enum GradientRules {
  static let table: [String: GradientRule] = {
    let families = [functions, arithmetic, movements, products, reductions, windows, normalizations]
    return families.reduce(into: [:]) { table, family in table.merge(family) { first, _ in first } }
  }()

  /// The rules of the project's own operations.
  static let ownTable: [String: GradientRule] = ownLayers

  /// Operations whose result does not change with small changes of their inputs, or is no number of the network.
  static let withoutGradient: Set<String> = [
    "Shape", "Size", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "Not", "ArgMax", "ArgMin",
    "Sign", "Floor", "Ceil", "Round", "IsNaN", "IsInf", "OneHot", "NonZero", "ConstantOfShape", "Range", "EyeLike",
    "NonMaxSuppression",
  ]

  static func rule(for node: Node) -> GradientRule? {
    if node.domain.isEmpty { return table[node.operation] }
    return node.domain == Kernels.ownDomain ? ownTable[node.operation] : nil
  }

  static func isConstant(_ node: Node) -> Bool {
    node.domain.isEmpty ? withoutGradient.contains(node.operation) : node.operation == "StopGradient"
  }
}

/// A node that is to be differentiated.
struct GradientCall {
  let node: Node
  /// The gradients of its outputs; nil where nothing that counts reads the output.
  let slopes: [Int?]
  /// Which inputs need a gradient.
  let isNeeded: [Bool]
  /// The constants among its inputs.
  let constants: [Tensor?]

  /// The gradient of the first output.
  func slope() throws -> Int {
    guard let slope = slopes.first ?? nil else { throw fault("has a gradient for its further outputs alone") }
    return slope
  }

  func input(_ place: Int) throws -> Int {
    guard place < node.inputs.count, let value = node.inputs[place] else { throw fault("lacks its input \(place)") }
    return value
  }

  func output(_ place: Int = 0) throws -> Int {
    guard place < node.outputs.count, let value = node.outputs[place] else { throw fault("lacks its output \(place)") }
    return value
  }

  func needs(_ place: Int) -> Bool { place < isNeeded.count && isNeeded[place] }

  func fault(_ text: String) -> NetworkError {
    NetworkError(.unsupported, "\(node.label) \(text), so that it cannot be differentiated.")
  }

  /// The node's attributes, read as its kernel reads them; only constant inputs are there.
  var kernelCall: KernelCall { KernelCall(node: node, inputs: constants) }
}
