internal import NetworkGraph
internal import NetworkKernels

/// Functions of one number, and arithmetic of several tensors.
extension GradientRules {
  static let functions: [String: GradientRule] = {
    var table: [String: GradientRule] = [
      "Neg": .first { call, builder in builder.negative(try call.slope()) },
      "Identity": .first { call, _ in try call.slope() },
      "Cast": .first { call, builder in builder.one("CastLike", [try call.slope(), try call.input(0)], version: 19) },
      "Clip": .first { call, builder in
        guard call.node.version >= 11 else { throw call.fault("has its bounds as attributes") }
        return builder.own("ClipGradient", [try call.slope()] + call.node.inputs)
      },
    ]
    for (name, slope) in Kernels.slopes {
      table[name] = .first { call, builder in
        let place = slope.isOfResult ? try call.output() : try call.input(0)
        let attributes = call.node.attributes.merging(["of": .string(name)]) { first, _ in first }
        return builder.own("FunctionGradient", [try call.slope(), place], attributes)
      }
    }
    return table
  }()

  /// Every gradient is summed over what its input was repeated along.
  static let arithmetic: [String: GradientRule] = [
    "Add": GradientRule { call, builder in
      let slope = try call.slope()
      return try (0..<2).map { try sum(slope, to: $0, call, &builder) }
    },
    "Sum": GradientRule { call, builder in
      let slope = try call.slope()
      return try call.node.inputs.indices.map { try sum(slope, to: $0, call, &builder) }
    },
    "Mean": GradientRule { call, builder in
      let slope = builder.multiply(try call.slope(), number: 1 / Double(call.node.inputs.count))
      return try call.node.inputs.indices.map { try sum(slope, to: $0, call, &builder) }
    },
    "Sub": GradientRule { call, builder in
      let slope = try call.slope()
      let left = try sum(slope, to: 0, call, &builder)
      return [left, call.needs(1) ? try sum(builder.negative(slope), to: 1, call, &builder) : nil]
    },
    "Mul": GradientRule { call, builder in
      let slope = try call.slope()
      return try (0..<2).map { place in
        guard call.needs(place) else { return nil }
        return try sum(builder.multiply(slope, try call.input(1 - place)), to: place, call, &builder)
      }
    },
    "Div": GradientRule { call, builder in
      let (slope, divisor) = (try call.slope(), try call.input(1))
      let quotient = builder.divide(slope, divisor)
      let left = try sum(quotient, to: 0, call, &builder)
      guard call.needs(1) else { return [left] }
      // d(a∕b)∕db = −(a∕b)∕b.
      let right = builder.negative(builder.multiply(quotient, try call.output()))
      return [left, try sum(right, to: 1, call, &builder)]
    },
    "Pow": GradientRule { call, builder in try power(call, &builder) },
    "Max": GradientRule { call, builder in try extreme("GreaterOrEqual", call, &builder) },
    "Min": GradientRule { call, builder in try extreme("LessOrEqual", call, &builder) },
    "PRelu": GradientRule { call, builder in
      let (slope, input, factor) = (try call.slope(), try call.input(0), try call.input(1))
      let zero = builder.constant(0)
      let isBelow = builder.one("Less", [input, zero])
      let scaled = builder.multiply(slope, factor)
      let first = builder.one("Where", [isBelow, scaled, slope])
      guard call.needs(1) else { return [first] }
      let product = builder.multiply(slope, input)
      return [first, try sum(builder.one("Where", [isBelow, product, zero]), to: 1, call, &builder)]
    },
    "Where": GradientRule { call, builder in
      let (slope, condition, zero) = (try call.slope(), try call.input(0), builder.constant(0))
      let first = call.needs(1) ? builder.one("Where", [condition, slope, zero]) : nil
      let second = call.needs(2) ? builder.one("Where", [condition, zero, slope]) : nil
      return [
        nil, try first.flatMap { try sum($0, to: 1, call, &builder) }, try second.flatMap { try sum($0, to: 2, call, &builder) },
      ]
    },
  ]

  /// The gradient of an input that was broadcast.
  static func sum(_ slope: Int, to place: Int, _ call: GradientCall, _ builder: inout GraphBuilder) throws -> Int? {
    call.needs(place) ? builder.own("SumTo", [slope, try call.input(place)]) : nil
  }

  /// d(aᵖ)∕da = p aᵖ⁻¹, d(aᵖ)∕dp = aᵖ ln a.
  private static func power(_ call: GradientCall, _ builder: inout GraphBuilder) throws -> [Int?] {
    let (slope, base, exponent) = (try call.slope(), try call.input(0), try call.input(1))
    var result: [Int?] = [nil, nil]
    if call.needs(0) {
      let reduced = builder.one("Pow", [base, builder.add(exponent, number: -1)])
      let factor = builder.multiply(exponent, reduced)
      result[0] = try sum(builder.multiply(slope, factor), to: 0, call, &builder)
    }
    if call.needs(1) {
      let factor = builder.multiply(try call.output(), builder.one("Log", [base]))
      result[1] = try sum(builder.multiply(slope, factor), to: 1, call, &builder)
    }
    return result
  }

  /// The gradient goes to the first of equal inputs.
  private static func extreme(_ comparison: String, _ call: GradientCall, _ builder: inout GraphBuilder) throws -> [Int?] {
    guard call.node.inputs.count == 2 else { throw call.fault("has \(call.node.inputs.count) inputs") }
    let (slope, zero) = (try call.slope(), builder.constant(0))
    let isFirst = builder.one(comparison, [try call.input(0), try call.input(1)])
    let first = call.needs(0) ? builder.one("Where", [isFirst, slope, zero]) : nil
    let second = call.needs(1) ? builder.one("Where", [isFirst, zero, slope]) : nil
    return [try first.flatMap { try sum($0, to: 0, call, &builder) }, try second.flatMap { try sum($0, to: 1, call, &builder) }]
  }
}
