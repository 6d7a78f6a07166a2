internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// Cutting, turning and renaming tensors. Nothing is moved here: the result is the same memory by other strides, and a step that needs another
/// layout brings it there in one go.
extension PlanBuilder {
  /// Slices that go forwards, splits, and single rows.
  func addPart(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let shape = shape(of: input), !shape.isEmpty,
      node.inputs.dropFirst().allSatisfy({ $0.map { constant($0) != nil } ?? true })
    else { return false }
    let call = call(node)
    switch node.operation {
    case "Slice":
      guard let output = node.outputs[0] else { return false }
      let slices = try Kernels.slices(call, shape: shape)
      guard slices.allSatisfy({ $0.step > 0 && $0.count > 0 }) else { return false }
      try set(output, part(of: input, starts: slices.map(\.start), sizes: slices.map(\.count), steps: slices.map(\.step)))
    case "Split":
      let axis = try call.axis(try call.int("axis", default: 0), rank: shape.count)
      let sizes = try Kernels.splitSizes(call, size: shape[axis])
      guard !sizes.contains(0), sizes.count >= node.outputs.count else { return false }
      var start = 0
      for (output, size) in zip(node.outputs, sizes) {
        var (starts, part) = ([Int](repeating: 0, count: shape.count), shape)
        (starts[axis], part[axis]) = (start, size)
        if let output { try set(output, self.part(of: input, starts: starts, sizes: part)) }
        start += size
      }
    default:
      guard let output = node.outputs[0], let index = node.inputs[1].flatMap({ constant($0) }), index.rank == 0,
        let row = index.elements.integers?.first
      else { return false }
      let axis = try call.axis(try call.int("axis", default: 0), rank: shape.count)
      guard row >= -Int64(shape[axis]), row < Int64(shape[axis]) else { return false }
      var (starts, part) = ([Int](repeating: 0, count: shape.count), shape)
      (starts[axis], part[axis]) = (Int(row < 0 ? row + Int64(shape[axis]) : row), 1)
      let cut = try self.part(of: try unblockedView(of: input), starts: starts, sizes: part)
      part.remove(at: axis)
      var strides = cut.layout.strides
      strides.remove(at: axis)
      try set(output, View(buffer: cut.buffer, offset: cut.offset, layout: Layout(plain: part, strides: strides, type: cut.type)))
    }
    return true
  }

  func part(of input: Int, starts: [Int], sizes: [Int], steps: [Int]? = nil) throws -> View {
    let whole = try view(of: input)
    let isDense = steps?.allSatisfy { $0 == 1 } ?? true
    if isDense, sizes == whole.shape { return whole }
    let changed = sizes.indices.filter { sizes[$0] != whole.shape[$0] }
    if isDense, changed.count == 1,
      let run = whole.layout.run(axis: changed[0], start: starts[changed[0]], count: sizes[changed[0]])
    {
      return View(buffer: whole.buffer, offset: whole.offset + run.offset, layout: run.layout)
    }
    return try part(of: try unblockedView(of: input), starts: starts, sizes: sizes, steps: steps)
  }

  /// A part of a tensor that lies by strides.
  private func part(of whole: View, starts: [Int], sizes: [Int], steps: [Int]? = nil) throws -> View {
    let strides = whole.layout.strides
    let offset = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 } * whole.type.byteCount
    let seen = steps.map { zip($0, strides).map { $0 * $1 } } ?? strides
    return View(
      buffer: whole.buffer, offset: whole.offset + offset, layout: try Layout(plain: sizes, strides: seen, type: whole.type))
  }

  func addReshape(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs[0], let shape = shape(of: input),
      node.inputs.dropFirst().allSatisfy({ $0.map { constant($0) != nil } ?? true }),
      !node.outputs.dropFirst().contains(where: { $0 != nil })
    else { return false }
    // The plain kernel tells the new shape; bytes stand for the numbers.
    var inputs = node.inputs.map { $0.flatMap { constant($0) } }
    inputs[0] = try Tensor(shape: shape, elements: .zeros(Tensor.elementCount(of: shape), type: .uint8))
    guard let result = try Kernels.run(KernelCall(node: node, inputs: inputs))[0] else { return false }
    if result.shape == shape {
      try set(output, view(of: input))
      return true
    }
    guard result.rank <= Int(ONEDNN_RANK) else { return false }
    let source = try view(of: input)
    if let layout = source.layout.reshaped(result.shape) {
      try set(output, View(buffer: source.buffer, offset: source.offset, layout: layout))
      return true
    }
    let plain = try plainView(of: input)
    try set(output, View(buffer: plain.buffer, offset: plain.offset, layout: Layout(plain: result.shape, type: plain.type)))
    return true
  }

  func addTranspose(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs[0], let shape = shape(of: input) else { return false }
    let call = call(node)
    let order = try call.axes(try call.ints("perm") ?? Array(shape.indices.reversed()), rank: shape.count)
    guard order.count == shape.count else { return false }
    let source = try unblockedView(of: input)
    let strides = source.layout.strides
    let turned = try Layout(plain: order.map { shape[$0] }, strides: order.map { strides[$0] }, type: source.type)
    try set(output, View(buffer: source.buffer, offset: source.offset, layout: turned))
    return true
  }
}
