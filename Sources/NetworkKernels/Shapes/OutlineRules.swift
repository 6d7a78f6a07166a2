import ModelFiles
import NetworkGraph

/// What is known of each operation's outputs before it runs.
enum OutlineRules {
  static let table: [String: OutlineRule] = [elementwise, windows, products, movements, selections, types]
    .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  // MARK: Element by element

  /// Operations whose one result has the shape and type of the first input.
  private static let same = [
    "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "Erf", "Exp", "Floor", "Log", "Neg", "Not",
    "Reciprocal", "Round", "Sign", "Sin", "Sinh", "Sqrt", "Tan", "Tanh", "BitwiseNot", "Celu", "Elu", "Gelu", "HardSigmoid",
    "HardSwish",
    "LeakyRelu", "Mish", "Relu", "Selu", "Shrink", "Sigmoid", "Softplus", "Softsign", "ThresholdedRelu", "Clip", "PRelu",
    "Identity",
    "Softmax", "LogSoftmax", "Hardmax", "BatchNormalization", "GroupNormalization", "InstanceNormalization", "LRN",
    "LpNormalization",
    "MeanVarianceNormalization", "CumSum", "Trilu", "ReverseSequence", "Scatter", "ScatterElements", "ScatterND",
  ]
  /// Operations on inputs that grow onto each other, with the type of the first.
  private static let grown = [
    "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Max", "Min", "Sum", "Mean", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor",
  ]
  private static let compared = ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor"]

  private static let elementwise: [String: OutlineRule] = {
    var rules: [String: OutlineRule] = [:]
    for name in same { rules[name] = { [try $0.outline(0)] } }
    for name in grown {
      rules[name] = { [TensorOutline(try $0.outline(0).type, try $0.broadcast(Array($0.outlines.indices)))] }
    }
    for name in compared { rules[name] = { [TensorOutline(.bool, try $0.broadcast([0, 1]))] } }
    for name in ["IsInf", "IsNaN"] { rules[name] = { [TensorOutline(.bool, try $0.shape(0))] } }
    rules["Where"] = { [TensorOutline(try $0.outline(1).type, try $0.broadcast([0, 1, 2]))] }
    rules["Dropout"] = { [try $0.outline(0), TensorOutline(.bool, try $0.shape(0))] }
    rules["LayerNormalization"] = { given in
      let source = try given.outline(0)
      let axis = try given.call.axis(try given.call.int("axis", default: -1), rank: source.shape.count)
      let means = source.shape.indices.map { $0 < axis ? source.shape[$0] : 1 }
      return [source, TensorOutline(.float32, means), TensorOutline(.float32, means)]
    }
    return rules
  }()

  // MARK: Types

  private static let types: [String: OutlineRule] = [
    "Cast": { given in
      guard let type = ONNXTensor.elementType(Int64(try given.call.int("to", default: 0))) else {
        throw given.call.unsupported("makes a data type that is not read")
      }
      return [TensorOutline(type, try given.shape(0))]
    },
    "CastLike": { [TensorOutline(try $0.outline(1).type, try $0.shape(0))] },
    "QuantizeLinear": { [TensorOutline($0.optional(2)?.type ?? .uint8, try $0.shape(0))] },
    "DequantizeLinear": { [TensorOutline(try $0.outline(1).type, try $0.shape(0))] },
    "DynamicQuantizeLinear": {
      [TensorOutline(.uint8, try $0.shape(0)), TensorOutline(.float32, []), TensorOutline(.uint8, [])]
    },
    "EyeLike": { given in
      let source = try given.outline(0)
      let type = try given.call.int("dtype").flatMap { ONNXTensor.elementType(Int64($0)) }
      return [TensorOutline(type ?? source.type, source.shape)]
    },
    "ConstantOfShape": { given in
      guard given.isKnown(0) else { return [nil] }
      var type = ElementType.float32
      if case .tensor(let value)? = given.call.node.attributes["value"] { type = value.type }
      return [TensorOutline(type, try given.call.integers(0))]
    },
  ]

  // MARK: Choices

  private static let selections: [String: OutlineRule] = {
    var rules: [String: OutlineRule] = [
      "TopK": { given in
        guard given.call.version < 10 || given.isKnown(1) else { return [nil, nil] }
        let source = try given.outline(0)
        let axis = try given.call.axis(try given.call.int("axis", default: -1), rank: source.shape.count)
        var shape = source.shape
        shape[axis] = given.call.version >= 10 ? try given.call.integer(1) : try given.call.int("k", default: 0)
        return [TensorOutline(source.type, shape), TensorOutline(.int64, shape)]
      },
      "OneHot": { given in
        guard given.isKnown(1) else { return [nil] }
        var shape = try given.shape(0)
        let axis = try given.call.axis(try given.call.int("axis", default: -1), rank: shape.count + 1)
        shape.insert(try given.call.integer(1), at: axis)
        return [TensorOutline(try given.outline(2).type, shape)]
      },
    ]
    for name in ["ArgMax", "ArgMin"] {
      rules[name] = { given in
        var shape = try given.shape(0)
        let axis = try given.call.axis(try given.call.int("axis", default: 0), rank: shape.count)
        if try given.call.flag("keepdims", default: true) { shape[axis] = 1 } else { shape.remove(at: axis) }
        return [TensorOutline(.int64, shape)]
      }
    }
    let sums = [
      "L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare",
    ]
    for name in sums { rules["Reduce" + name] = { try reduced($0, axesAreInputsSince: name == "Sum" ? 13 : 18) } }
    return rules
  }()

  private static func reduced(_ given: OutlineCall, axesAreInputsSince version: Int) throws -> [TensorOutline?] {
    let (call, source) = (given.call, try given.outline(0))
    let isInput = call.version >= version
    guard !isInput || given.isKnown(1) else { return [nil] }
    let named = isInput ? try call.optionalIntegers(1) : try call.ints("axes")
    if (named ?? []).isEmpty, try call.flag("noop_with_empty_axes") { return [source] }
    let rank = source.shape.count
    let axes = (named ?? []).isEmpty ? Array(0..<rank) : try call.axes(named ?? [], rank: rank)
    let keeps = try call.flag("keepdims", default: true)
    let shape = (0..<rank).compactMap { axes.contains($0) ? (keeps ? 1 : nil) : source.shape[$0] }
    return [TensorOutline(source.type, shape)]
  }
}
