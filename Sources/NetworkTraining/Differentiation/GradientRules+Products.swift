internal import NetworkGraph
internal import NetworkKernels

/// Products of matrices, and reductions.
extension GradientRules {
  static let products: [String: GradientRule] = [
    // Y = A B: dA = dY Bᵀ, dB = Aᵀ dY, summed over the axes that were broadcast.
    "MatMul": GradientRule { call, builder in
      let (slope, left, right) = (try call.slope(), try call.input(0), try call.input(1))
      var result: [Int?] = [nil, nil]
      if call.needs(0) {
        let turned = builder.own("SwapLastAxes", [right])
        result[0] = try sum(builder.product(slope, turned), to: 0, call, &builder)
      }
      if call.needs(1) {
        let turned = builder.own("SwapLastAxes", [left])
        result[1] = try sum(builder.product(turned, slope), to: 1, call, &builder)
      }
      return result
    },
    // Y = α A' B' + β C, where A' and B' may be turned.
    "Gemm": GradientRule { call, builder in
      let (slope, left, right) = (try call.slope(), try call.input(0), try call.input(1))
      let attributes = call.kernelCall
      let (turnLeft, turnRight) = (try attributes.flag("transA"), try attributes.flag("transB"))
      func product(_ a: Int, _ b: Int, _ turnA: Bool, _ turnB: Bool) -> Int {
        let turns: [String: Attribute] = ["transA": .integer(turnA ? 1 : 0), "transB": .integer(turnB ? 1 : 0)]
        return builder.one("Gemm", [a, b], turns.merging(call.node.attributes.filter { $0.key == "alpha" }) { first, _ in first })
      }
      var result: [Int?] = [nil, nil, nil]
      if call.needs(0) {
        result[0] = turnLeft ? product(right, slope, turnRight, true) : product(slope, right, false, !turnRight)
      }
      if call.needs(1) {
        result[1] = turnRight ? product(slope, left, true, turnLeft) : product(left, slope, !turnLeft, false)
      }
      if call.needs(2) {
        let factor = try attributes.float("beta", default: 1)
        result[2] = try sum(factor == 1 ? slope : builder.multiply(slope, number: factor), to: 2, call, &builder)
      }
      return result
    },
  ]

  static let reductions: [String: GradientRule] = [
    "ReduceSum": .first { call, builder in try spread(try call.slope(), call, &builder, axesAreInputsSince: 13) },
    "ReduceMean": .first { call, builder in
      let (input, result) = (try call.input(0), try call.output())
      let sizes = [result, input].map { builder.cast(builder.one("Size", [$0])) }
      let share = builder.divide(sizes[0], sizes[1])
      return try spread(builder.multiply(try call.slope(), share), call, &builder)
    },
    "ReduceSumSquare": .first { call, builder in
      let slope = builder.multiply(try call.slope(), number: 2)
      return builder.multiply(try spread(slope, call, &builder), try call.input(0))
    },
    "ReduceL1": .first { call, builder in
      let sign = builder.one("Sign", [try call.input(0)])
      return builder.multiply(try spread(try call.slope(), call, &builder), sign)
    },
    "ReduceL2": .first { call, builder in
      let slope = builder.divide(try call.slope(), try call.output())
      return builder.multiply(try spread(slope, call, &builder), try call.input(0))
    },
    "ReduceLogSumExp": .first { call, builder in
      let top = try spread(try call.output(), call, &builder)
      let share = builder.one("Exp", [builder.subtract(try call.input(0), top)])
      return builder.multiply(try spread(try call.slope(), call, &builder), share)
    },
    "ReduceMax": .first { call, builder in try extreme(call, &builder) },
    "ReduceMin": .first { call, builder in try extreme(call, &builder) },
    "CumSum": .first { call, builder in
      var attributes = call.node.attributes
      attributes["reverse"] = .integer(try call.kernelCall.flag("reverse") ? 0 : 1)
      return builder.one("CumSum", [try call.slope(), try call.input(1)], attributes, version: call.node.version)
    },
  ]

  /// A reduction's result, or its gradient, repeated along the reduced axes.
  private static func spread(
    _ value: Int, _ call: GradientCall, _ builder: inout GraphBuilder, axesAreInputsSince version: Int = 18
  ) throws -> Int {
    let attributes = call.kernelCall
    var axes = try attributes.ints("axes") ?? []
    if call.node.version >= version, call.node.inputs.count > 1, call.node.inputs[1] != nil {
      guard call.constants[1] != nil else { throw call.fault("reduces axes that are known only when it runs") }
      axes = try attributes.integers(1)
    }
    if axes.isEmpty, try attributes.flag("noop_with_empty_axes") { return value }
    var spread = value
    if try !attributes.flag("keepdims", default: true), !axes.isEmpty {
      spread = builder.one("Unsqueeze", [value, builder.integers(axes)])
    }
    let shape = builder.one("Shape", [try call.input(0)])
    return builder.one("Expand", [spread, shape])
  }

  /// Equal extremes share the gradient.
  private static func extreme(_ call: GradientCall, _ builder: inout GraphBuilder) throws -> Int {
    let input = try call.input(0)
    let isExtreme = builder.one("Equal", [input, try spread(try call.output(), call, &builder)])
    let marks = builder.cast(isExtreme)
    // The same reduction, as a sum, counts the extremes.
    var reduced = call.node.attributes
    reduced["axes"] = nil
    var inputs: [Int?] = [marks]
    if call.node.version >= 18, call.node.inputs.count > 1 {
      inputs.append(call.node.inputs[1])
    } else if let axes = try call.kernelCall.ints("axes") {
      inputs.append(builder.integers(axes))
    }
    let count = builder.one("ReduceSum", inputs, reduced)
    let share = builder.divide(try call.slope(), count)
    return builder.multiply(try spread(share, call, &builder), marks)
  }
}
