internal import NetworkGraph
internal import NetworkKernels

/// Convolutions, pooling and resizing.
extension GradientRules {
  static let windows: [String: GradientRule] = [
    "Conv": GradientRule { call, builder in
      let (slope, input, weight) = (try call.slope(), try call.input(0), try call.input(1))
      let attributes = call.node.attributes
      var result: [Int?] = [nil, nil, nil]
      if call.needs(0) { result[0] = builder.own("ConvDataGradient", [slope, weight, input], attributes) }
      if call.needs(1) || call.needs(2) {
        let both = builder.add(
          "ConvWeightGradient", [input, slope, weight], attributes, domain: Kernels.ownDomain, count: call.needs(2) ? 2 : 1)
        result[1] = both[0]
        if call.needs(2) { result[2] = both[1] }
      }
      return result
    },
    // A transposed convolution is the gradient of a convolution over its input; its own gradients are that convolution and that
    // convolution's weight gradient.
    "ConvTranspose": GradientRule { call, builder in
      let (slope, input, weight) = (try call.slope(), try call.input(0), try call.input(1))
      let isAutomatic = try !["NOTSET", ""].contains(call.kernelCall.string("auto_pad", default: "NOTSET"))
      guard !isAutomatic, call.node.attributes["output_shape"] == nil else { throw call.fault("does not tell its pads") }
      let attributes = call.node.attributes.filter { ["pads", "strides", "dilations", "group"].contains($0.key) }
      var result: [Int?] = [nil, nil, nil]
      if call.needs(0) { result[0] = builder.one("Conv", [slope, weight], attributes) }
      if call.needs(1) {
        result[1] = builder.add("ConvWeightGradient", [slope, input, weight], attributes, domain: Kernels.ownDomain)[0]
      }
      if call.needs(2) { result[2] = try channelSum(slope, like: try call.input(2), &builder) }
      return result
    },
    "MaxPool": .first { call, builder in
      builder.own("MaxPoolGradient", [try call.slope(), try call.input(0)], call.node.attributes)
    },
    "AveragePool": .first { call, builder in
      builder.own("AveragePoolGradient", [try call.slope(), try call.input(0)], call.node.attributes)
    },
    "GlobalAveragePool": .first { call, builder in
      let (input, result) = (try call.input(0), try call.output())
      let sizes = [result, input].map { builder.cast(builder.one("Size", [$0])) }
      let slope = builder.multiply(try call.slope(), builder.divide(sizes[0], sizes[1]))
      return builder.one("Expand", [slope, builder.one("Shape", [input])])
    },
    "Resize": .first { call, builder in
      guard call.node.version >= 11 else { throw call.fault("follows an old operator set") }
      let attributes = call.node.attributes.merging(["version": .integer(Int64(call.node.version))]) { first, _ in first }
      return builder.own("ResizeGradient", [try call.slope()] + call.node.inputs, attributes)
    },
  ]

  /// Sums over everything but the channels, for a bias: as [1, channels, rest].
  private static func channelSum(_ slope: Int, like bias: Int, _ builder: inout GraphBuilder) throws -> Int {
    let rows = builder.reshape(slope, [0, 0, -1])
    return builder.sum(rows, axes: [0, 2], keepsAxes: false)
  }
}
