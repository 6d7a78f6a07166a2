internal import COneDNN
internal import NetworkGraph
internal import NetworkKernels

/// Gradients of convolutions and of pooling, by oneDNN.
extension PlanBuilder {
  /// A convolution whose gradient is asked for: shapes as oneDNN wants them.
  private struct Request {
    let source: [Int]
    let weights: [Int]
    let target: [Int]
    let groups: Int
    let window: onednn_window
    /// The weights as ONNX has them, seen with an axis of groups where there are several.
    let grouped: [Int]
  }

  private func request(_ node: Node, source: Int?, weights: Int?, target: Int?) throws -> Request? {
    guard let source = source.flatMap({ shape(of: $0) }), let weights = weights.flatMap({ shape(of: $0) }),
      let target = target.flatMap({ shape(of: $0) }), (3...5).contains(source.count), weights.count == source.count
    else { return nil }
    let call = call(node)
    let groups = try call.int("group", default: 1)
    guard groups > 0, weights[0] % groups == 0, weights[1] * groups == source[1] else { return nil }
    let windows = try Windows(call, input: Array(source[2...]), kernel: Array(weights[2...]))
    guard target == [source[0], weights[0]] + windows.output else { return nil }
    // Where rounding down leaves rows of the source unread, oneDNN wants the padding that is really used.
    let end = windows.kernel.indices.map { axis -> Int in
      let extent = (windows.kernel[axis] - 1) * windows.dilations[axis] + 1
      return (windows.output[axis] - 1) * windows.strides[axis] + extent - windows.input[axis] - windows.pads[axis]
    }
    let window = onednn_window(
      strides: windows.strides, dilations: windows.dilations, begin: Array(windows.pads[..<windows.kernel.count]), end: end)
    return Request(
      source: source, weights: weights, target: target, groups: groups, window: window,
      grouped: (groups > 1 ? [groups, weights[0] / groups] : [weights[0]]) + weights[1...])
  }

  func addDataGradient(_ node: Node) throws -> Bool {
    guard let slope = node.inputs[0], let weights = node.inputs[1], isBufferable(weights),
      let request = try request(node, source: node.inputs[2], weights: weights, target: slope)
    else { return false }
    let (step, type) = try fastGradient("convolution data gradient") { type, out in
      withUnsafePointer(to: request.window) {
        onednn_convolution_data_create(
          type.handle, Int32(request.source.count), request.source.map(Int64.init), request.weights.map(Int64.init),
          Int64(request.groups),
          request.target.map(Int64.init), $0, out)
      }
    }
    try step.bind(
      ONEDNN_TARGET_GRADIENT, to: try view(of: slope, as: step.layout(ONEDNN_TARGET_GRADIENT, shape: request.target)), in: memory)
    let plain = try plainView(of: weights, type: type)
    let seen = View(buffer: plain.buffer, offset: plain.offset, layout: try Layout(plain: request.grouped, type: type))
    let wanted = try step.layout(ONEDNN_WEIGHTS, shape: request.grouped)
    try step.bind(ONEDNN_WEIGHTS, to: wanted.isSame(as: seen.layout) ? seen : try reordered(seen, to: wanted), in: memory)
    return try finish(step, [(ONEDNN_SOURCE_GRADIENT, node.outputs[0], request.source)])
  }

  func addWeightGradient(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let slope = node.inputs[1], isBufferable(slope), let output = node.outputs[0],
      let request = try request(node, source: input, weights: node.inputs[2], target: slope)
    else { return false }
    let bias = node.outputs.count > 1 ? node.outputs[1] : nil
    let (step, _) = try fastGradient("convolution weight gradient") { type, out in
      withUnsafePointer(to: request.window) {
        onednn_convolution_weights_create(
          type.handle, Int32(request.source.count), request.source.map(Int64.init), request.weights.map(Int64.init),
          Int64(request.groups),
          bias == nil ? 0 : 1, request.target.map(Int64.init), $0, out)
      }
    }
    try step.bind(ONEDNN_SOURCE, to: try view(of: input, as: step.layout(ONEDNN_SOURCE, shape: request.source)), in: memory)
    try step.bind(
      ONEDNN_TARGET_GRADIENT, to: try view(of: slope, as: step.layout(ONEDNN_TARGET_GRADIENT, shape: request.target)), in: memory)
    let result = make(try step.layout(ONEDNN_WEIGHTS_GRADIENT, shape: request.grouped))
    try step.bind(ONEDNN_WEIGHTS_GRADIENT, to: result, in: memory)
    guard try finish(step, bias.map { [(ONEDNN_BIAS_GRADIENT, $0, [request.target[1]])] } ?? []) else { return false }
    // Groups are an axis of their own in oneDNN alone.
    let layout = try Layout(plain: request.grouped)
    let plain = result.layout.isSame(as: layout) ? result : try reordered(result, to: layout)
    try set(output, View(buffer: plain.buffer, offset: plain.offset, layout: Layout(plain: request.weights)))
    return true
  }

  /// A step in the program's type, or in 32-bit floats where oneDNN has the other one in its reference code alone.
  private func fastGradient(
    _ kind: String, _ make: (StoredType, UnsafeMutablePointer<OpaquePointer?>) -> onednn_status
  ) throws -> (PrimitiveStep, StoredType) {
    if precision.product != .float32, let step = try? PrimitiveStep(kind, { make(precision.product, $0) }), !step.isReference {
      return (step, precision.product)
    }
    return (try PrimitiveStep(kind) { make(.float32, $0) }, .float32)
  }

  /// The pooling is done once more, for the places of the greatest.
  func addPoolingGradient(_ node: Node) throws -> Bool {
    guard let slope = node.inputs[0], let input = node.inputs[1], isBufferable(input), let shape = shape(of: input),
      (3...5).contains(shape.count), let target = self.shape(of: slope)
    else { return false }
    let call = call(node)
    guard let kernel = try call.ints("kernel_shape"), kernel.count == shape.count - 2 else { return false }
    let windows = try Windows(call, input: Array(shape[2...]), kernel: kernel, isCeiling: try call.flag("ceil_mode"))
    let begin = Array(windows.pads[..<kernel.count])
    let end = kernel.indices.map { axis -> Int in
      let extent = (kernel[axis] - 1) * windows.dilations[axis] + 1
      return (windows.output[axis] - 1) * windows.strides[axis] + extent - shape[axis + 2] - begin[axis]
    }
    var window = onednn_window(strides: windows.strides, dilations: windows.dilations, begin: begin, end: end)
    window.setKernel(kernel)
    let own = try view(of: input).type
    let source = try ordinaryView(of: input, type: node.outputs[0].map { precision.type(of: $0, from: own) } ?? .float32)
    let forward = try PrimitiveStep("pooling") { out in
      withUnsafePointer(to: window) { onednn_pooling_training_create(source.layout.handle, target.map(Int64.init), $0, out) }
    }
    let step = try PrimitiveStep("pooling gradient") { out in
      withUnsafePointer(to: window) { window in
        forward.withHandle {
          onednn_pooling_gradient_create($0, source.layout.handle, target.map(Int64.init), ONEDNN_POOL_MAXIMUM, window, out)
        }
      }
    }
    try forward.bind(ONEDNN_SOURCE, to: source, in: memory)
    let places = make(try forward.layout(ONEDNN_WORKSPACE, shape: target))
    try forward.bind(ONEDNN_WORKSPACE, to: places, in: memory)
    guard try finish(forward, [(ONEDNN_TARGET, nil, target)]) else { return false }
    try step.bind(
      ONEDNN_TARGET_GRADIENT, to: try view(of: slope, as: step.layout(ONEDNN_TARGET_GRADIENT, shape: target)), in: memory)
    try step.bind(ONEDNN_WORKSPACE, to: places, in: memory)
    return try finish(step, [(ONEDNN_SOURCE_GRADIENT, node.outputs[0], shape)])
  }
}
