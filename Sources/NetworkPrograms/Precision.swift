internal import NetworkGraph
internal import NetworkKernels

/// The type that a program's convolutions and products are asked to compute in.
public enum ProgramType: String, CaseIterable, Sendable {
  /// 32-bit floats.
  case f32
  /// bfloat16 factors and results, sums in 32-bit floats; half the bytes and twice the multiplications where the processor has them.
  case bf16
}

/// Which values of a program are bfloat16.
///
/// Convolutions and products read and make numbers of the program's type; whatever follows them keeps the type of its source. Behind the
/// last product values are 32-bit floats again: rounding there goes straight into the outputs and saves next to nothing.
struct Precision {
  /// The type that products are tried in first.
  let product: StoredType
  /// By value: whether a product reads it or something made of it.
  private let isFactor: [Bool]

  private static let products: Set<String> = ["Conv", "ConvTranspose", "MatMul", "Gemm"]

  init(_ graph: Graph, _ type: ProgramType) {
    // The steps of training read 32-bit floats alone.
    let isTraining = graph.nodes.contains { $0.domain == Kernels.ownDomain }
    product = type == .bf16 && !isTraining ? .bfloat16 : .float32
    var isFactor = [Bool](repeating: false, count: graph.values.count)
    for node in graph.nodes.reversed() {
      let isRead = node.domain.isEmpty && Precision.products.contains(node.operation)
      guard isRead || node.outputs.contains(where: { $0.map { isFactor[$0] } ?? false }) else { continue }
      for value in graph.reads(of: node) { isFactor[value] = true }
    }
    self.isFactor = isFactor
  }

  /// The types that a product is tried in, the wanted one first.
  var productTypes: [StoredType] { product == .float32 ? [.float32] : [product, .float32] }

  /// The type of a value that is made from numbers of type `source`.
  func type(of value: Int, from source: StoredType) -> StoredType { isFactor[value] ? source : .float32 }
}
