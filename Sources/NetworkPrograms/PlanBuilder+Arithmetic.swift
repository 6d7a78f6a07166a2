internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// Functions of one and two tensors, softmax and resizing.
extension PlanBuilder {
  func addFunction(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs.first ?? nil,
      let activation = Activation(node, constant: { self.constant($0) })
    else { return false }
    return try addTable(node, input, output) || addFunction(activation, input, output)
  }

  private func addFunction(_ function: Activation, _ input: Int, _ output: Int) throws -> Bool {
    let (step, source) = try fastStep(input, output) { source in
      try PrimitiveStep("function") {
        onednn_function_create(source.layout.handle, function.function, function.alpha, function.beta, $0)
      }
    }
    return try finish(step, [source], source.shape, output)
  }

  func addArithmetic(_ node: Node) throws -> Bool {
    let functions: [String: onednn_function] = [
      "Add": ONEDNN_ADD, "Sub": ONEDNN_SUBTRACT, "Mul": ONEDNN_MULTIPLY, "Div": ONEDNN_DIVIDE, "Max": ONEDNN_MAXIMUM,
      "Min": ONEDNN_MINIMUM,
    ]
    guard node.version >= 7, node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1], isBufferable(right),
      let output = node.outputs[0], let function = functions[node.operation], let leftShape = shape(of: left),
      let rightShape = shape(of: right)
    else { return false }
    if let linear = linear(node.operation, left, right) { return try addFunction(linear.function, linear.value, output) }
    let type = try sumType(left, right, output)
    let (first, second) = (try ordinaryView(of: left, type: type), try ordinaryView(of: right, type: type))
    if leftShape == rightShape {
      return try addBinary(function, first, try view(of: right, as: first.layout), first.layout, output)
    }
    // oneDNN repeats the second tensor only; where the order does not matter the larger one goes first.
    let isSwappable = ![ONEDNN_SUBTRACT, ONEDNN_DIVIDE].contains(function)
    if leftShape.count == rightShape.count, repeats(rightShape, to: leftShape), first.layout.block > 1,
      second.layout.block == first.layout.block
    {
      return try addBinary(function, first, second, first.layout, output)
    }
    let isLeftLarger = repeats(rightShape, to: leftShape)
    guard isLeftLarger || (isSwappable && repeats(leftShape, to: rightShape)) else { return false }
    let (large, small) = isLeftLarger ? (left, right) : (right, left)
    let big = try plainView(of: large, type: type)
    let little = try plainView(of: small, type: type)
    let padded = [Int](repeating: 1, count: big.shape.count - little.shape.count) + little.shape
    let seen = View(buffer: little.buffer, offset: little.offset, layout: try Layout(plain: padded, type: type))
    return try addBinary(function, big, seen, big.layout, output)
  }

  /// The type of arithmetic: of two types the more exact one, where weights and what is repeated do not count.
  private func sumType(_ left: Int, _ right: Int, _ output: Int) throws -> StoredType {
    let sizes = [left, right].map { shape(of: $0)?.reduce(1, *) ?? 0 }
    let counted = zip([left, right], sizes).filter { constant($0) == nil && $1 == sizes.max() }.map(\.0)
    let isRounded = try !counted.isEmpty && counted.allSatisfy { try view(of: $0).type != .float32 }
    return precision.type(of: output, from: isRounded ? precision.product : .float32)
  }

  /// Whether `small` broadcasts to `large` and makes nothing larger than it.
  private func repeats(_ small: [Int], to large: [Int]) -> Bool {
    guard small.count <= large.count else { return false }
    return zip(small.reversed(), large.reversed()).allSatisfy { $0 == 1 || $0 == $1 }
  }

  private func addBinary(_ function: onednn_function, _ left: View, _ right: View, _ target: Layout, _ output: Int) throws -> Bool {
    let step = try PrimitiveStep("arithmetic") {
      onednn_binary_create(left.layout.handle, right.layout.handle, target.handle, function, $0)
    }
    return try finish(step, [left, right], left.shape, output)
  }

  /// Arithmetic with one constant number as a·x + b of the other value.
  private func linear(_ operation: String, _ left: Int, _ right: Int) -> (function: Activation, value: Int)? {
    func number(_ value: Int, _ other: Int) -> Float? {
      guard case .float32(let numbers)? = constant(value)?.elements, numbers.count == 1, let rank = constant(value)?.rank,
        rank <= (shape(of: other)?.count ?? 0)
      else { return nil }
      return numbers[0]
    }
    if let c = number(right, left), constant(left) == nil {
      switch operation {
      case "Add": return (Activation(ONEDNN_LINEAR, 1, c), left)
      case "Sub": return (Activation(ONEDNN_LINEAR, 1, -c), left)
      case "Mul": return (Activation(ONEDNN_LINEAR, c, 0), left)
      case "Div": return c == 0 ? nil : (Activation(ONEDNN_LINEAR, 1 / c, 0), left)
      default: return nil
      }
    }
    if let c = number(left, right), constant(right) == nil {
      switch operation {
      case "Add": return (Activation(ONEDNN_LINEAR, 1, c), right)
      case "Sub": return (Activation(ONEDNN_LINEAR, -1, c), right)
      case "Mul": return (Activation(ONEDNN_LINEAR, c, 0), right)
      default: return nil
      }
    }
    return nil
  }

  func addSoftmax(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs[0], let shape = shape(of: input), !shape.isEmpty else {
      return false
    }
    let call = call(node)
    let isModern = node.version >= 13
    let axis = try call.axis(try call.int("axis", default: isModern ? -1 : 1), rank: shape.count)
    guard isModern || axis == shape.count - 1 else { return false }
    // oneDNN's fast kernel wants the numbers of a sum side by side; another axis goes through its reference code.
    let type = precision.type(of: output, from: try view(of: input).type)
    let source = try view(of: input, as: Layout(plain: shape, strides: Layout.axisLast(axis, shape), type: type))
    let step = try PrimitiveStep("softmax") { onednn_softmax_create(source.layout.handle, Int32(axis), $0) }
    return try finish(step, [source], shape, output)
  }

  /// Nearest by whole factors, and linear between pixels' centres: what oneDNN's resampling means.
  func addResize(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs[0], let shape = shape(of: input), (3...5).contains(shape.count),
      node.inputs.dropFirst().allSatisfy({ $0.map { constant($0) != nil } ?? true })
    else { return false }
    let call = call(node)
    let plan = try ResizePlan(call, shape: shape)
    guard plan.axes[0].isIdentity, plan.axes[1].isIdentity else { return false }
    let isLinear = try ["linear", "bilinear"].contains(call.string("mode", default: "nearest"))
    if plan.isNearest {
      for axis in 2..<shape.count {
        let factor = plan.output[axis] / shape[axis]
        guard factor > 0, plan.axes[axis].nearest.indices.allSatisfy({ plan.axes[axis].nearest[$0] == $0 / factor }) else {
          return false
        }
      }
    } else {
      guard isLinear, node.version >= 11, node.operation == "Resize", try !call.flag("antialias"),
        try !call.flag("exclude_outside"),
        ["half_pixel", "pytorch_half_pixel"].contains(try call.string("coordinate_transformation_mode", default: "half_pixel")),
        !plan.output.dropFirst(2).contains(1)
      else { return false }
      // oneDNN takes the quotient of the lengths as the scale.
      if let scales = call.inputs.count > 2 ? call.inputs[2] : nil, scales.count == shape.count {
        let given = scales.elements.doubles
        guard shape.indices.allSatisfy({ Double(shape[$0]) * given[$0] == Double(plan.output[$0]) }) else { return false }
      }
    }
    let (step, source) = try fastStep(input, output, keepsBytes: plan.isNearest) { source in
      try PrimitiveStep("resampling") {
        onednn_resampling_create(source.layout.handle, plan.output.map(Int64.init), isLinear ? 1 : 0, $0)
      }
    }
    return try finish(step, [source], plan.output, output, type: source.type)
  }
}
