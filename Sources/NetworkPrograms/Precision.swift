internal import NetworkGraph
internal import NetworkKernels

/// The type that a program's convolutions and products are asked to compute in.
public enum ProgramType: String, CaseIterable, Codable, Sendable {
  /// 32-bit floats.
  case f32
  /// bfloat16 factors and results, sums in 32-bit floats; half the bytes and twice the multiplications where the processor has them.
  case bf16
  /// Bytes, summed in 32-bit integers, where the network has quantised values and weights; the rest as in `bf16`, or `f32` without it.
  case int8
}

/// Which values of a program are bfloat16.
///
/// Convolutions and products read and make numbers of the program's type; whatever follows them keeps the type of its source. Behind the
/// last product values are 32-bit floats again: rounding there goes straight into the outputs, or into the loss, and saves next to nothing.
/// In training the gradients are a part of their own: the first of them come in 32-bit floats from the loss.
struct Precision {
  /// The type that products are tried in first.
  let product: StoredType
  /// By value: whether a product reads it or something made of it.
  private let isFactor: [Bool]
  private let quantized: QuantizedGraph?

  private static let products: Set<String> = ["Conv", "ConvTranspose", "MatMul", "Gemm"]
  /// Those of training, of the project's own operations.
  private static let gradients: Set<String> = ["ConvDataGradient", "ConvWeightGradient"]

  /// - Parameters:
  ///   - hasHalf: Whether the processor computes in bfloat16.
  ///   - quantized: Which values are bytes; nil: none.
  init(_ graph: Graph, hasHalf: Bool, quantized: QuantizedGraph? = nil) {
    product = hasHalf ? .bfloat16 : .float32
    self.quantized = quantized
    let isGradient = Precision.gradients(of: graph)
    var isFactor = [Bool](repeating: false, count: graph.values.count)
    for node in graph.nodes.reversed() {
      let outputs = node.outputs.compactMap { $0 }
      guard Precision.isProduct(node) || outputs.contains(where: { isFactor[$0] }) else { continue }
      // That a gradient's product reads a result of the network does not make it a factor.
      let isPart = outputs.contains { isGradient[$0] }
      for value in graph.reads(of: node) where isGradient[value] == isPart { isFactor[value] = true }
    }
    self.isFactor = isFactor
  }

  private static func isProduct(_ node: Node) -> Bool {
    if node.domain.isEmpty { return products.contains(node.operation) }
    return node.domain == Kernels.ownDomain && gradients.contains(node.operation)
  }

  /// By value: whether it is made of the number that gradients begin with.
  private static func gradients(of graph: Graph) -> [Bool] {
    var isGradient = [Bool](repeating: false, count: graph.values.count)
    for node in graph.nodes {
      let isStart = node.operation == "GradientStart" && node.domain == Kernels.ownDomain
      guard isStart || graph.reads(of: node).contains(where: { isGradient[$0] }) else { continue }
      for case let value? in node.outputs { isGradient[value] = true }
    }
    return isGradient
  }

  /// The types that a product is tried in, the wanted one first.
  var productTypes: [StoredType] { product == .float32 ? [.float32] : [product, .float32] }

  /// The type of a value that is made from numbers of type `source`.
  func type(of value: Int, from source: StoredType) -> StoredType {
    guard isFactor[value] else { return .float32 }
    return source.grid == nil ? source : product
  }

  /// The type that a convolution of bytes makes a value in.
  func target(of value: Int) -> StoredType { grid(of: value).map { .bytes($0) } ?? type(of: value, from: product) }

  /// The grid that a value lies on.
  func grid(of value: Int) -> ByteGrid? { quantized?.grids[value] }

  /// A value's numbers as bytes, where it is a weight that was given so.
  func weights(of value: Int) -> ByteWeights? { quantized?.weights[value] }
}
