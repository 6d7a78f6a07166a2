internal import NetworkGraph
internal import NetworkKernels

/// What moves numbers, joins tensors or takes them apart.
extension GradientRules {
  static let movements: [String: GradientRule] = {
    var table: [String: GradientRule] = [
      "Transpose": .first { call, builder in try transpose(call, &builder) },
      "Expand": .first { call, builder in builder.own("SumTo", [try call.slope(), try call.input(0)]) },
      "Concat": GradientRule { call, builder in
        let axis = try call.kernelCall.int("axis", default: 1)
        return builder.add(
          "ConcatGradient", [try call.slope()] + call.node.inputs, ["axis": .integer(Int64(axis))], domain: Kernels.ownDomain,
          count: call.node.inputs.count
        ).map { $0 }
      },
      "Split": .first { call, builder in
        let axis = try call.kernelCall.int("axis", default: 0)
        let parts = try call.slopes.indices.map { place in
          if let slope = call.slopes[place] { return slope }
          return zeros(like: try call.output(place), &builder)
        }
        return builder.concat(parts, axis: axis)
      },
    ]
    for name in ["Reshape", "Flatten", "Squeeze", "Unsqueeze"] {
      table[name] = .first { call, builder in
        let shape = builder.one("Shape", [try call.input(0)])
        return builder.one("Reshape", [try call.slope(), shape], ["allowzero": .integer(1)])
      }
    }
    for name in Kernels.copying where table[name] == nil {
      table[name] = .first { call, builder in try movement(name, call, &builder) }
    }
    return table
  }()

  private static func movement(_ name: String, _ call: GradientCall, _ builder: inout GraphBuilder) throws -> Int {
    let added = ["of": Attribute.string(name), "version": .integer(Int64(call.node.version))]
    let attributes = call.node.attributes.merging(added) { first, _ in first }
    return builder.own("MovementGradient", [try call.slope()] + call.node.inputs, attributes)
  }

  /// The inverse order; without one the axes are reversed, which is its own inverse.
  private static func transpose(_ call: GradientCall, _ builder: inout GraphBuilder) throws -> Int {
    guard let order = try call.kernelCall.ints("perm") else { return builder.one("Transpose", [try call.slope()]) }
    guard Set(order) == Set(order.indices) else { throw call.fault("names an axis twice") }
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return builder.transpose(try call.slope(), inverse)
  }

  static func zeros(like value: Int, _ builder: inout GraphBuilder) -> Int {
    let zero = builder.constant(0)
    return builder.one("Expand", [zero, builder.one("Shape", [value])])
  }
}
