internal import NetworkGraph

/// The project's own operations, those of training that ONNX lacks: gradients, and layers that differ in training.
///
/// `docs/training.md` has their inputs, outputs and formulas.
extension Kernels {
  /// The domain that a node of these operations names.
  public static let ownDomain = "sextant"

  static let ownTable: [String: Kernel] = {
    let families = [
      convolutionGradients, functionGradients, poolingGradients, movementGradients, normalizationGradients, trainingLayers,
    ]
    return families.reduce(into: [:]) { table, family in table.merge(family) { first, _ in first } }
  }()

  /// The kernel of a node without a graph inside; nil where there is none.
  static func kernel(of node: Node) -> Kernel? {
    if node.domain.isEmpty { return table[node.operation] }
    return node.domain == ownDomain ? ownTable[node.operation] : nil
  }
}
