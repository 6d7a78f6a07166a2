internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// Convolutions with what is joined to them, and pooling.
extension PlanBuilder {
  /// Adds oneDNN's step for a node.
  ///
  /// - Returns: false where oneDNN has none for it.
  func addPrimitive(_ node: Node, _ index: Int) throws -> Bool {
    if node.domain == Kernels.ownDomain { return try addOwn(node) }
    guard node.domain.isEmpty, isBufferable(node.inputs.first ?? nil) || node.operation == "Concat" else { return false }
    switch node.operation {
    case "Conv": return try addConvolution(node, index)
    case "ConvTranspose": return try addTransposed(node)
    case "MaxPool", "AveragePool", "GlobalAveragePool": return try addPooling(node)
    case "Resize", "Upsample": return try addResize(node)
    case "Add", "Sub", "Mul", "Div", "Max", "Min": return try addArithmetic(node) || addCrossed(node)
    case "MatMul": return try addProduct(node)
    case "Gemm": return try addGemm(node)
    case "Softmax": return try addSoftmax(node)
    case "Concat": return try addConcat(node)
    case "Slice", "Split", "Gather": return try addPart(node)
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout": return try addReshape(node)
    case "Transpose": return try addTranspose(node)
    case "DepthToSpace": return try addDepthToSpace(node)
    default: return try addFunction(node) || addNative(node)
    }
  }

  func addConvolution(_ node: Node, _ index: Int) throws -> Bool {
    guard let input = node.inputs[0], let weight = node.inputs[1], isBufferable(weight), let output = node.outputs[0],
      let shape = shape(of: input), let kernel = self.shape(of: weight), shape.count == kernel.count, (3...5).contains(shape.count)
    else { return false }
    let bias = node.inputs.count > 2 ? node.inputs[2] : nil
    guard bias == nil || isBufferable(bias) else { return false }
    let call = call(node)
    let groups = try call.int("group", default: 1)
    guard groups > 0, kernel[0] % groups == 0, kernel[1] * groups == shape[1] else { return false }
    let windows = try Windows(call, input: Array(shape[2...]), kernel: Array(kernel[2...]))
    let request = Convolution(
      isTransposed: false, source: shape, weights: kernel, groups: groups, hasBias: bias != nil,
      target: [shape[0], kernel[0]] + windows.output,
      window: .init(
        strides: windows.strides, dilations: windows.dilations, begin: Array(windows.pads[..<windows.kernel.count]),
        end: Array(windows.pads[windows.kernel.count...])))
    let grouped = (groups > 1 ? [groups, kernel[0] / groups] : [kernel[0]]) + kernel[1...]
    let weights = Weights(value: weight, layout: try Layout(plain: grouped), bias: bias)
    let tails = [fusion.tails[index], fusion.tails[index]?.withoutAddend].compactMap { $0 }.filter { !$0.nodes.isEmpty }
    return try addConvolution(request, weights, input, tails + [FusedTail(output: output)])
  }

  func addTransposed(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let weight = node.inputs[1], isBufferable(weight), let output = node.outputs[0],
      let shape = shape(of: input), let kernel = self.shape(of: weight), shape.count == kernel.count, (3...5).contains(shape.count)
    else { return false }
    let bias = node.inputs.count > 2 ? node.inputs[2] : nil
    guard bias == nil || isBufferable(bias) else { return false }
    let call = call(node)
    let groups = try call.int("group", default: 1)
    guard groups > 0, kernel[0] % groups == 0, kernel[0] == shape[1] else { return false }
    let windows = try TransposedWindows(call, input: Array(shape[2...]), kernel: Array(kernel[2...]))
    // What the result lacks at its end of the full length of all products.
    let end = windows.kernel.indices.map { axis -> Int in
      let full = windows.strides[axis] * (windows.input[axis] - 1) + (windows.kernel[axis] - 1) * windows.dilations[axis] + 1
      return full - windows.begins[axis] - windows.output[axis]
    }
    let (inner, outer) = (kernel[0] / groups, kernel[1])
    let request = Convolution(
      isTransposed: true, source: shape, weights: [outer * groups, inner] + kernel[2...], groups: groups, hasBias: bias != nil,
      target: [shape[0], outer * groups] + windows.output,
      window: .init(strides: windows.strides, dilations: windows.dilations, begin: windows.begins, end: end))
    // ONNX has the channels in before those out; oneDNN the other way round.
    let cells = kernel[2...].reduce(1, *)
    var strides = Layout.rowMajor(Array(kernel[2...]))
    strides = (groups > 1 ? [inner * outer * cells] : []) + [cells, outer * cells] + strides
    let sizes = (groups > 1 ? [groups] : []) + [outer, inner] + kernel[2...]
    let weights = Weights(value: weight, layout: try Layout(plain: sizes, strides: strides), bias: bias)
    return try addConvolution(request, weights, input, [FusedTail(output: output)])
  }

  /// Where a convolution's weights come from, and how they lie there.
  struct Weights {
    let value: Int
    let layout: Layout
    let bias: Int?
  }

  /// Adds a convolution with the first of the tails that there is a fast kernel for, in the program's type if there is one in it.
  private func addConvolution(_ request: Convolution, _ weights: Weights, _ input: Int, _ tails: [FusedTail]) throws -> Bool {
    for tail in tails where try addInteger(request, weights, input, tail) {
      join(tail.nodes)
      return true
    }
    // oneDNN 2.6 takes four to five times as long for a transposed convolution in bfloat16 as for one in 32-bit floats.
    for type in request.isTransposed ? [.float32] : precision.productTypes {
      for tail in tails {
        if let addend = tail.addend, !isBufferable(addend) || shape(of: addend) != request.target { continue }
        let types = onednn_types(
          source: type.handle, target: precision.type(of: tail.output, from: type).handle, source_zero: 0, scales: nil)
        let isAdded =
          try type == .float32 && addWinograd(request, weights, input, tail) || addSwish(request, types, weights, input, tail)
          || addDirect(request, types, weights, input, tail)
        guard isAdded else { continue }
        join(tail.nodes)
        return true
      }
    }
    throw NetworkError(.unsupported, "oneDNN has no such convolution.")
  }

  /// Winograd's kernel takes at most a rectifier; the rest follows in the result's own place.
  private func addWinograd(_ request: Convolution, _ weights: Weights, _ input: Int, _ tail: FusedTail) throws -> Bool {
    // Weights that change from run to run would be transformed in each, which costs more than the method saves.
    guard request.suitsWinograd, constant(weights.value) != nil else { return false }
    let types = onednn_types(source: ONEDNN_F32, target: ONEDNN_F32, source_zero: 0, scales: nil)
    let first = tail.activation.map { [$0.post] } ?? []
    for posts in first.isEmpty ? [[]] : [first, []] {
      guard let step = try? request.step(ONEDNN_WINOGRAD, types, posts) else { continue }
      let target = try add(step, request, weights, input)
      kernelName = steps[steps.count - 1].name
      if posts.isEmpty, let activation = tail.activation { try apply(activation, to: target) }
      if let addend = tail.addend { try apply(ONEDNN_ADD, try view(of: addend, as: target.layout), to: target) }
      if let activation = tail.lastActivation { try apply(activation, to: target) }
      try set(tail.output, target)
      return true
    }
    return false
  }

  /// A convolution in bfloat16 with x · sigmoid(x) behind it as a step of its own.
  private func addSwish(_ request: Convolution, _ types: onednn_types, _ weights: Weights, _ input: Int, _ tail: FusedTail) throws
    -> Bool
  {
    guard SwishStep.suits(tail, types.target), types.source == ONEDNN_BF16 else { return false }
    for method in request.methods {
      guard let step = try? request.step(method, types, []), !step.isReference else { continue }
      let target = try add(step, request, weights, input)
      kernelName = steps[steps.count - 1].name
      let addend = try tail.addend.map { try view(of: $0, as: target.layout) }
      try append(.swish(SwishStep(view: target, addend: addend)))
      try set(tail.output, target)
      return true
    }
    return false
  }

  private func addDirect(_ request: Convolution, _ types: onednn_types, _ weights: Weights, _ input: Int, _ tail: FusedTail) throws
    -> Bool
  {
    var posts = tail.activation.map { [$0.post] } ?? []
    let addendPlace = posts.count
    if tail.addend != nil { posts.append(onednn_post(function: ONEDNN_ADD, alpha: 0, beta: 0)) }
    if let activation = tail.lastActivation { posts.append(activation.post) }
    for method in request.methods {
      guard let step = try? request.step(method, types, posts) else { continue }
      // The reference code that stands in where no fast kernel takes the tail or the type is slower by far than steps of their own.
      let isLast = posts.isEmpty && method == ONEDNN_ANY && types.source == ONEDNN_F32
      if step.isReference, !isLast { continue }
      let target = try add(step, request, weights, input) { target in
        guard let addend = tail.addend else { return }
        try step.bind(ONEDNN_POST_SOURCE, addendPlace, to: try self.view(of: addend, as: target.layout), in: self.memory)
      }
      try set(tail.output, target)
      return true
    }
    return false
  }

  /// Binds a convolution to its source, its weights and a new target, and adds it.
  private func add(
    _ step: PrimitiveStep, _ request: Convolution, _ weights: Weights, _ input: Int, bindMore: (View) throws -> Void = { _ in }
  ) throws -> View {
    let source = try view(of: input, as: step.layout(ONEDNN_SOURCE, shape: request.source))
    try step.bind(ONEDNN_SOURCE, to: source, in: memory)
    let wanted = try step.layout(ONEDNN_WEIGHTS, shape: weights.layout.shape)
    try step.bind(ONEDNN_WEIGHTS, to: try self.weights(weights, as: wanted), in: memory)
    if let bias = weights.bias { try step.bind(ONEDNN_BIAS, to: try plainView(of: bias, type: .float32), in: memory) }
    let target = make(try step.layout(ONEDNN_TARGET, shape: request.target))
    try bindMore(target)
    try step.bind(ONEDNN_TARGET, to: target, in: memory)
    try append(.primitive(step))
    return target
  }

  /// An activation of a view in its own place.
  private func apply(_ activation: Activation, to view: View) throws {
    let step = try PrimitiveStep("function") {
      onednn_function_create(view.layout.handle, activation.function, activation.alpha, activation.beta, $0)
    }
    try step.bind(ONEDNN_SOURCE, to: view, in: memory)
    try step.bind(ONEDNN_TARGET, to: view, in: memory)
    try append(.primitive(step))
  }

  /// A function of a view and another one of the same layout, in the first one's place.
  private func apply(_ function: onednn_function, _ other: View, to view: View) throws {
    let layout = view.layout.handle
    let step = try PrimitiveStep("arithmetic") { onednn_binary_create(layout, layout, layout, function, $0) }
    try step.bind(ONEDNN_SOURCE, 0, to: view, in: memory)
    try step.bind(ONEDNN_SOURCE, 1, to: other, in: memory)
    try step.bind(ONEDNN_TARGET, to: view, in: memory)
    try append(.primitive(step))
  }

  /// The weights as a step wants them; constant ones are brought there once.
  private func weights(_ weights: Weights, as wanted: Layout) throws -> View {
    guard let tensor = constant(weights.value) else {
      let plain = try plainView(of: weights.value)
      let seen = View(buffer: plain.buffer, offset: plain.offset, layout: try weights.layout.typed(plain.type))
      return wanted.equals(seen.layout) ? seen : try reordered(seen, to: wanted)
    }
    let isReady = wanted.equals(weights.layout)
    // The first copy is given back, unless it is the one that stays.
    let first = make(weights.layout, isKept: isReady)
    fill(first, with: tensor)
    if isReady { return first }
    defer { memory.release(first.buffer) }
    return try reordered(first, to: wanted, isConstant: true)
  }

  private func fill(_ view: View, with tensor: Tensor) {
    guard case .float32(let numbers) = tensor.elements else { return }
    numbers.withUnsafeBytes { bytes in
      // The buffer has the layout's bytes, as many as the numbers have.
      UnsafeMutableRawBufferPointer(start: memory.address(of: view.buffer), count: bytes.count).copyMemory(from: bytes)
    }
  }

  func addPooling(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs[0], let shape = shape(of: input), (3...5).contains(shape.count),
      !node.outputs.dropFirst().contains(where: { $0 != nil })
    else { return false }
    let call = call(node)
    let space = Array(shape[2...])
    let isGlobal = node.operation == "GlobalAveragePool"
    guard let kernel = isGlobal ? space : try call.ints("kernel_shape"), kernel.count == space.count else { return false }
    let isCeiling = try !isGlobal && call.flag("ceil_mode")
    let windows = try Windows(
      isGlobal ? KernelCall(node: Node(name: "", operation: "", version: 1, inputs: [], outputs: []), inputs: []) : call,
      input: space, kernel: kernel, isCeiling: isCeiling)
    let begin = Array(windows.pads[..<windows.kernel.count])
    let end = space.indices.map { axis -> Int in
      let extent = (kernel[axis] - 1) * windows.dilations[axis] + 1
      return (windows.output[axis] - 1) * windows.strides[axis] + extent - space[axis] - begin[axis]
    }
    let counted = try node.operation == "AveragePool" && call.flag("count_include_pad")
    // What rounding up adds does not count, and oneDNN would count it.
    guard !counted || zip(end, windows.pads[windows.kernel.count...]).allSatisfy({ $0 <= $1 }) else { return false }
    let function =
      node.operation == "MaxPool" ? ONEDNN_POOL_MAXIMUM : counted ? ONEDNN_POOL_AVERAGE_PADDED : ONEDNN_POOL_AVERAGE
    let target = [shape[0], shape[1]] + windows.output
    var window = onednn_window(strides: windows.strides, dilations: windows.dilations, begin: begin, end: end)
    window.setKernel(kernel)
    let (step, source) = try fastStep(input, output, keepsBytes: node.operation == "MaxPool") { source in
      try PrimitiveStep("pooling") { out in
        withUnsafePointer(to: window) { onednn_pooling_create(source.layout.handle, target.map(Int64.init), function, $0, out) }
      }
    }
    return try finish(step, [source], target, output, type: source.type)
  }

  /// A step on one source in the type that suits its output; in 32-bit floats where oneDNN has the other type in its reference code alone.
  ///
  /// - Parameter keepsBytes: Whether the step makes no other numbers than it reads, so that it can work on bytes of any grid.
  func fastStep(
    _ input: Int, _ output: Int, keepsBytes: Bool = false, _ make: (View) throws -> PrimitiveStep
  ) throws -> (PrimitiveStep, View) {
    let own = try view(of: input).type
    if keepsBytes, own.grid != nil {
      let source = try ordinaryView(of: input)
      if let step = try? make(source), !step.isReference { return (step, source) }
    }
    let type = precision.type(of: output, from: own)
    if type != .float32 {
      let source = try ordinaryView(of: input, type: type)
      if let step = try? make(source), !step.isReference { return (step, source) }
    }
    let source = try ordinaryView(of: input, type: .float32)
    return (try make(source), source)
  }

  /// Binds sources and a new target of the step's choice, and adds the step.
  ///
  /// - Parameter type: What the target's bytes stand for, where it has bytes.
  func finish(_ step: PrimitiveStep, _ sources: [View], _ shape: [Int], _ output: Int, type: StoredType? = nil) throws -> Bool {
    for (index, source) in sources.enumerated() { try step.bind(ONEDNN_SOURCE, index, to: source, in: memory) }
    let target = make(try step.layout(ONEDNN_TARGET, shape: shape, type: type))
    try step.bind(ONEDNN_TARGET, to: target, in: memory)
    try append(.primitive(step))
    try set(output, target)
    return true
  }
}

/// A convolution as it is asked of oneDNN.
struct Convolution {
  let isTransposed: Bool
  let source: [Int]
  let weights: [Int]
  let groups: Int
  var hasBias: Bool
  let target: [Int]
  let window: onednn_window

  /// Whether channels come in whole blocks, so that nothing is padded; a picture's few channels are read as planes.
  var suitsBlocks: Bool {
    let block = Int(onednn_block())
    let isPicture = groups == 1 && source[1] <= 3
    let isDepthwise = groups == source[1] && groups == target[1]
    return !isTransposed && (isPicture || source[1] % block == 0) && target[1] % block == 0
      && (groups == 1 || isDepthwise || (source[1] / groups % block == 0 && target[1] / groups % block == 0))
  }

  /// Where there is nothing against it, blocks; else what the library likes best.
  var methods: [onednn_method] { suitsBlocks ? [ONEDNN_BLOCKS, ONEDNN_ANY] : [ONEDNN_ANY] }

  /// Winograd's method saves half of the multiplications and more; below some cells moving the tiles costs what it saves.
  var suitsWinograd: Bool {
    let leastSide: Int64 = 8
    let (begin, end) = (window.begin, window.end)
    return suitsBlocks && groups == 1 && source[1] > 3 && source.count == 4 && weights[2...].allSatisfy { $0 == 3 }
      && window.strides.0 == 1 && window.strides.1 == 1 && window.dilations.0 == 1 && window.dilations.1 == 1
      && [begin.0, begin.1, end.0, end.1].allSatisfy { (0...1).contains($0) }
      && target[2...].allSatisfy { $0 >= leastSide }
  }

  func step(_ method: onednn_method, _ types: onednn_types, _ posts: [onednn_post]) throws -> PrimitiveStep {
    try PrimitiveStep(isTransposed ? "deconvolution" : "convolution") { out in
      withUnsafePointer(to: window) { window in
        onednn_convolution_create(
          method, types, isTransposed ? 1 : 0, Int32(source.count), source.map(Int64.init), weights.map(Int64.init), Int64(groups),
          hasBias ? 1 : 0, target.map(Int64.init), window, posts, Int32(posts.count), out)
      }
    }
  }
}

extension Activation {
  var post: onednn_post { onednn_post(function: function, alpha: alpha, beta: beta) }
}

extension onednn_window {
  init(strides: [Int], dilations: [Int], begin: [Int], end: [Int]) {
    self.init()
    onednn_window.copy(strides, to: &self.strides)
    onednn_window.copy(dilations, to: &self.dilations)
    onednn_window.copy(begin, to: &self.begin)
    onednn_window.copy(end, to: &self.end)
  }

  mutating func setKernel(_ kernel: [Int]) { onednn_window.copy(kernel, to: &self.kernel) }

  /// At most `ONEDNN_RANK` numbers, the size of every list of the structure.
  private static func copy<List>(_ values: [Int], to list: inout List) {
    withUnsafeMutableBytes(of: &list) { bytes in
      for (index, value) in values.prefix(Int(ONEDNN_RANK)).enumerated() {
        bytes.storeBytes(of: Int64(value), toByteOffset: index * 8, as: Int64.self)
      }
    }
  }
}
