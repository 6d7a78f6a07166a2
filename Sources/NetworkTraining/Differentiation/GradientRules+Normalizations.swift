internal import NetworkGraph
internal import NetworkKernels

/// Normalizations and the softmax family, and the project's own layers.
extension GradientRules {
  static let normalizations: [String: GradientRule] = [
    "Softmax": .first { call, builder in try alongAxis("SoftmaxGradient", call, &builder) },
    "LogSoftmax": .first { call, builder in try alongAxis("LogSoftmaxGradient", call, &builder) },
    "LayerNormalization": GradientRule { call, builder in
      let outputs = builder.add(
        "LayerNormalizationGradient", [try call.slope(), try call.input(0), try call.input(1)], call.node.attributes,
        domain: Kernels.ownDomain, count: 3)
      return outputs.map { $0 }
    },
    // With fixed statistics, as a trained network has it.
    "BatchNormalization": GradientRule { call, builder in
      let inputs = [try call.slope(), try call.input(0), try call.input(1), try call.input(3), try call.input(4)]
      let attributes = call.node.attributes.merging(["is_frozen": .integer(1)]) { first, _ in first }
      return builder.add("BatchNormalizationGradient", inputs, attributes, domain: Kernels.ownDomain, count: 3).map { $0 }
    },
  ]

  static let ownLayers: [String: GradientRule] = [
    "BatchNormalization": GradientRule { call, builder in
      let inputs = [try call.slope(), try call.input(0), try call.input(1), try call.output(1), try call.output(2)]
      return builder.add("BatchNormalizationGradient", inputs, call.node.attributes, domain: Kernels.ownDomain, count: 3).map { $0 }
    },
    "Dropout": .first { call, builder in
      builder.own("Dropout", [try call.slope(), try call.input(1)], call.node.attributes)
    },
    "SwapLastAxes": .first { call, builder in builder.own("SwapLastAxes", [try call.slope()]) },
    // What was summed is repeated.
    "SumTo": .first { call, builder in
      builder.one("Expand", [try call.slope(), builder.one("Shape", [try call.input(0)])])
    },
  ]

  /// Before version 13 softmax went over all axes from the given one on.
  private static func alongAxis(_ operation: String, _ call: GradientCall, _ builder: inout GraphBuilder) throws -> Int {
    guard call.node.version >= 13 else { throw call.fault("follows an operator set before 13") }
    let axis = try call.kernelCall.int("axis", default: -1)
    return builder.own(operation, [try call.slope(), try call.output()], ["axis": .integer(Int64(axis))])
  }
}
