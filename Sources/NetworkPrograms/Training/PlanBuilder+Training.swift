internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// The project's own operations.
extension PlanBuilder {
  /// Adds the steps of a node of the project's own domain.
  ///
  /// - Returns: false where there are none, and the plain kernel runs it.
  func addOwn(_ node: Node) throws -> Bool {
    guard isBufferable(node.inputs.first ?? nil) else { return false }
    switch node.operation {
    case "ConvDataGradient": return try addDataGradient(node)
    case "ConvWeightGradient": return try addWeightGradient(node)
    case "FunctionGradient": return try addFunctionGradient(node)
    case "MaxPoolGradient": return try addPoolingGradient(node)
    case "BatchNormalization": return try addNormalization(node)
    case "BatchNormalizationGradient": return try addNormalizationGradient(node)
    case "LayerNormalizationGradient": return try addLayerGradient(node)
    case "SoftmaxGradient", "LogSoftmaxGradient": return try addSoftmaxGradient(node)
    case "SumTo": return try addSumTo(node)
    case "SwapLastAxes": return try addSwap(node)
    case "ConcatGradient": return try addConcatGradient(node)
    case "MovementGradient": return try addMovementGradient(node)
    case "StopGradient":
      guard let input = node.inputs[0], let output = node.outputs[0] else { return false }
      try set(output, view(of: input))
      return true
    default: return false
    }
  }

  /// ONNX's operations that oneDNN lacks, or has in reference code alone.
  func addNative(_ node: Node) throws -> Bool {
    switch node.operation {
    case "ReduceSum", "ReduceMean": return try addReduction(node)
    case "Expand": return try addExpand(node)
    case "LogSoftmax": return try addLogSoftmax(node)
    case "LayerNormalization": return try addLayerNormalization(node)
    default: return false
    }
  }

  /// The last two axes by each other's strides.
  private func addSwap(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs[0], let shape = shape(of: input), shape.count >= 2 else {
      return false
    }
    let source = try unblockedView(of: input)
    var (sizes, strides) = (shape, source.layout.strides)
    sizes.swapAt(sizes.count - 1, sizes.count - 2)
    strides.swapAt(sizes.count - 1, sizes.count - 2)
    try set(
      output,
      View(buffer: source.buffer, offset: source.offset, layout: Layout(plain: sizes, strides: strides, type: source.type)))
    return true
  }

  /// Each part is where it lies in the whole.
  private func addConcatGradient(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let shape = shape(of: input), !shape.isEmpty else { return false }
    let call = call(node)
    let axis = try call.axis(try call.int("axis", default: 0), rank: shape.count)
    var start = 0
    for (output, like) in zip(node.outputs, node.inputs.dropFirst()) {
      guard let size = like.flatMap({ self.shape(of: $0) })?[axis], size > 0 else { return false }
      var (starts, part) = ([Int](repeating: 0, count: shape.count), shape)
      (starts[axis], part[axis]) = (start, size)
      if let output {
        try set(output, blockedPart(of: input, axis, start, size) ?? self.part(of: input, starts: starts, sizes: part))
      }
      start += size
    }
    return true
  }

  /// Whole blocks of channels, copied without the gaps between them; nil where the tensor does not lie in blocks, or nothing need be copied.
  private func blockedPart(of input: Int, _ axis: Int, _ start: Int, _ size: Int) throws -> View? {
    let whole = try view(of: input)
    guard axis == 1, whole.layout.block > 1, whole.layout.run(axis: axis, start: start, count: size) == nil,
      let part = whole.layout.part(axis: axis, start: start, count: size)
    else { return nil }
    let seen = View(buffer: whole.buffer, offset: whole.offset + part.offset, layout: part.layout)
    return try reordered(seen, to: Layout(blocked: part.layout.shape, type: whole.type))
  }

  /// Sums of the copies' gradients, by a list of places that is made once.
  private func addMovementGradient(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let like = node.inputs[1], let shape = shape(of: like), let output = node.outputs[0],
      node.inputs.dropFirst(2).allSatisfy({ $0.map { constant($0) != nil } ?? true }), let given = self.shape(of: input)
    else { return false }
    let places = try Kernels.copies(call(node), shape).map { Int32(truncatingIfNeeded: $0) }
    let count = shape.reduce(1, *)
    // Tensors have at most `ModelLimits.elements` numbers, fewer than 2³¹; each place is one of `count`.
    guard places.count == given.reduce(1, *), places.allSatisfy({ $0 < count }) else { return false }
    return try addNative("scatter", [try plainView(of: input, type: .float32)], [(output, shape)]) { sources, targets in
      targets[0].update(repeating: 0, count: count)
      for (from, place) in places.enumerated() where place >= 0 { targets[0][Int(place)] += sources[0][from] }
    }
  }

  // MARK: Functions

  private func addFunctionGradient(_ node: Node) throws -> Bool {
    guard let slope = node.inputs[0], let place = node.inputs[1], isBufferable(place), let output = node.outputs[0],
      case .string(let name)? = node.attributes["of"], shape(of: slope) == shape(of: place)
    else { return false }
    var forward = node
    forward.operation = name
    guard let activation = Activation(forward, constant: { _ in nil }), PlanBuilder.sloped.contains(name) else { return false }
    let (step, source) = try fastStep(place, output) { source in
      try PrimitiveStep("function gradient") {
        onednn_function_gradient_create(source.layout.handle, activation.function, activation.alpha, activation.beta, $0)
      }
    }
    let isOfResult = Kernels.slopes[name]?.isOfResult ?? false
    try step.bind(isOfResult ? ONEDNN_TARGET : ONEDNN_SOURCE, to: source, in: memory)
    try step.bind(ONEDNN_TARGET_GRADIENT, to: try view(of: slope, as: source.layout), in: memory)
    return try finish(step, [(ONEDNN_SOURCE_GRADIENT, output, source.shape)])
  }

  /// Functions whose slope oneDNN has at the same place as `Kernels.slopes`.
  private static let sloped: Set<String> = ["Relu", "Sigmoid", "Tanh", "Exp", "Sqrt", "Log", "LeakyRelu", "Gelu"]

  /// Binds new targets of a step's choice, and adds the step.
  func finish(_ step: PrimitiveStep, _ targets: [(role: onednn_role, value: Int?, shape: [Int])]) throws -> Bool {
    var made: [(Int, View)] = []
    for target in targets {
      let view = make(try step.layout(target.role, shape: target.shape))
      try step.bind(target.role, to: view, in: memory)
      if let value = target.value { made.append((value, view)) }
    }
    try append(.primitive(step))
    for (value, view) in made { try set(value, view) }
    return true
  }

  // MARK: Batch normalization

  private func addNormalization(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let shape = shape(of: input), shape.count >= 2, node.outputs.count == 3 else { return false }
    let epsilon = Float(try call(node).float("epsilon", default: 1e-5))
    guard let output = node.outputs[0] else { return false }
    let (step, source) = try fastStep(input, output) { source in
      try PrimitiveStep("batch norm") { onednn_normalization_create(source.layout.handle, epsilon, $0) }
    }
    try step.bind(ONEDNN_SOURCE, to: source, in: memory)
    for (role, place) in [(ONEDNN_SCALE, 1), (ONEDNN_SHIFT, 2)] { try bind(step, role, node, place) }
    let channels = [shape[1]]
    return try finish(
      step,
      [
        (ONEDNN_TARGET, output, shape), (ONEDNN_MEAN, node.outputs[1], channels),
        (ONEDNN_VARIANCE, node.outputs[2], channels),
      ])
  }

  private func addNormalizationGradient(_ node: Node) throws -> Bool {
    let call = call(node)
    guard let slope = node.inputs[0], let input = node.inputs[1], isBufferable(input), let shape = shape(of: input),
      self.shape(of: slope) == shape, shape.count >= 2, node.outputs.count == 3, try !call.flag("is_frozen")
    else { return false }
    let epsilon = Float(try call.float("epsilon", default: 1e-5))
    guard let output = node.outputs[0] else { return false }
    let (step, source) = try fastStep(input, output) { source in
      try PrimitiveStep("batch norm gradient") { onednn_normalization_gradient_create(source.layout.handle, epsilon, $0) }
    }
    try step.bind(ONEDNN_SOURCE, to: source, in: memory)
    try step.bind(ONEDNN_TARGET_GRADIENT, to: try view(of: slope, as: source.layout), in: memory)
    // oneDNN asks for a shift too, which no gradient depends on: the scale stands for it.
    for (role, place) in [(ONEDNN_SCALE, 2), (ONEDNN_SHIFT, 2), (ONEDNN_MEAN, 3), (ONEDNN_VARIANCE, 4)] {
      try bind(step, role, node, place)
    }
    let channels = [shape[1]]
    return try finish(
      step,
      [
        (ONEDNN_SOURCE_GRADIENT, output, shape), (ONEDNN_SCALE_GRADIENT, node.outputs[1], channels),
        (ONEDNN_SHIFT_GRADIENT, node.outputs[2], channels),
      ])
  }

  private func bind(_ step: PrimitiveStep, _ role: onednn_role, _ node: Node, _ place: Int) throws {
    guard let value = node.inputs[place], isBufferable(value) else { throw NetworkError(.unsupported, "A value is in no buffer.") }
    try step.bind(role, to: try plainView(of: value, type: .float32), in: memory)
  }
}
