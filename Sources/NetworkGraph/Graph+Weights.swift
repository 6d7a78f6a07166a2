public import ModelFiles

extension Graph {
  /// Operations whose constant inputs are weights. Constants of others may be infinite on purpose, as masks of attention are.
  private static let weighted: Set<String> = [
    "Conv", "ConvTranspose", "Gemm", "MatMul", "GRU", "LSTM", "RNN", "PRelu", "BatchNormalization", "InstanceNormalization",
    "GroupNormalization", "LayerNormalization",
  ]

  /// Checks that the weights of layers are numbers: one that is not makes every result beyond it none.
  ///
  /// - Throws: `NetworkError.invalid` that names the node.
  func checkWeights() throws {
    for node in nodes where node.domain.isEmpty && Graph.weighted.contains(node.operation) {
      for weights in node.inputs.compactMap({ $0.flatMap { values[$0].constant } }) where weights.type.isFloat {
        let isFinite =
          weights.type == .float64
          ? weights.elements.doubles.allSatisfy(\.isFinite) : weights.elements.floats.allSatisfy(\.isFinite)
        guard isFinite else { throw NetworkError(.invalid, "The weights of \(node.label) hold numbers that are not finite.") }
      }
    }
  }

  /// Puts other numbers in the place of weights of the same names; weights that are not named stay.
  ///
  /// - Parameter tensors: By the names that the graph's constants have, each of its constant's type and shape.
  /// - Throws: `NetworkError.input` for a name that no weight has, another type or another shape, and for no tensors at all,
  ///   `NetworkError.invalid` for weights that are no numbers; nothing is replaced then.
  public mutating func replaceWeights(with tensors: [String: Tensor]) throws {
    guard !tensors.isEmpty else { throw NetworkError(.input, "The file of weights holds none.") }
    var places: [String: Int] = [:]
    for (number, value) in values.enumerated() where value.constant != nil { places[value.name] = number }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      guard let number = places[name], let own = values[number].constant else {
        throw NetworkError(.input, "The network has no weights '\(name)'; export its own to see the names.")
      }
      guard own.type == tensor.type, own.shape == tensor.shape else {
        throw NetworkError(
          .input,
          "The weights '\(name)' are \(own.type.rawValue) \(Tensor.text(own.shape)) in the network, and "
            + "\(tensor.type.rawValue) \(Tensor.text(tensor.shape)) were given.")
      }
    }
    var changed = self
    for (name, tensor) in tensors { if let number = places[name] { changed.values[number].constant = tensor } }
    try changed.checkWeights()
    self = changed
  }
}
