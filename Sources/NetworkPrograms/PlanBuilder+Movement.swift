internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// Joining, cutting, turning and renaming tensors; where the numbers already lie as wanted nothing is moved.
extension PlanBuilder {
  func addConcat(_ node: Node) throws -> Bool {
    let inputs = node.inputs.compactMap { $0 }
    guard let output = node.outputs[0], !inputs.isEmpty, inputs.count <= Int(ONEDNN_SOURCES),
      inputs.allSatisfy({ isBufferable($0) }),
      let first = shape(of: inputs[0]), !first.isEmpty
    else { return false }
    let call = call(node)
    let axis = try call.axis(try call.int("axis", default: 1), rank: first.count)
    var shape = first
    shape[axis] = inputs.reduce(0) { $0 + (self.shape(of: $1)?[axis] ?? 0) }
    var views = try inputs.map { try view(of: $0) }
    // Channels are joined in the layout that they are in, if it is the same for all and no block is left half full.
    let block = views[0].layout.block
    let isShared = axis == 1 && block > 0 && views.allSatisfy { $0.layout.block == block && $0.shape[1] % block == 0 }
    if !isShared { views = try inputs.map { try plainView(of: $0) } }
    let target = isShared ? nil : try Layout(plain: shape)
    let handles = views.map { Optional($0.layout.handle) }
    let step = try PrimitiveStep("concatenation") {
      onednn_concat_create(handles, Int32(handles.count), Int32(axis), target?.handle, $0)
    }
    return try finish(step, views, shape, output)
  }

  /// Slices with steps of one, splits, and single rows.
  func addPart(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let shape = shape(of: input), !shape.isEmpty,
      node.inputs.dropFirst().allSatisfy({ $0.map { constant($0) != nil } ?? true })
    else { return false }
    let call = call(node)
    switch node.operation {
    case "Slice":
      guard let output = node.outputs[0] else { return false }
      let slices = try Kernels.slices(call, shape: shape)
      guard slices.allSatisfy({ $0.step == 1 && $0.count > 0 }) else { return false }
      try addPart(input, starts: slices.map(\.start), sizes: slices.map(\.count), output)
    case "Split":
      let axis = try call.axis(try call.int("axis", default: 0), rank: shape.count)
      let sizes = try Kernels.splitSizes(call, size: shape[axis])
      guard !sizes.contains(0), sizes.count >= node.outputs.count else { return false }
      var start = 0
      for (output, size) in zip(node.outputs, sizes) {
        var (starts, part) = ([Int](repeating: 0, count: shape.count), shape)
        (starts[axis], part[axis]) = (start, size)
        if let output { try addPart(input, starts: starts, sizes: part, output) }
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
      let whole = try plainView(of: input)
      let cut = try self.part(of: whole, starts: starts, sizes: part)
      part.remove(at: axis)
      set(output, View(buffer: cut.buffer, offset: cut.offset, layout: try Layout(plain: part)))
    }
    return true
  }

  private func addPart(_ input: Int, starts: [Int], sizes: [Int], _ output: Int) throws {
    let whole = try view(of: input)
    if sizes == whole.shape { return set(output, whole) }
    let changed = sizes.indices.filter { sizes[$0] != whole.shape[$0] }
    if changed.count == 1, let run = whole.layout.run(axis: changed[0], start: starts[changed[0]], count: sizes[changed[0]]) {
      return set(output, View(buffer: whole.buffer, offset: whole.offset + run.offset, layout: run.layout))
    }
    set(output, try part(of: try plainView(of: input), starts: starts, sizes: sizes))
  }

  /// A part of a plain tensor: where it lies, if it is one piece, else a copy.
  private func part(of whole: View, starts: [Int], sizes: [Int]) throws -> View {
    let changed = sizes.indices.filter { sizes[$0] != whole.shape[$0] }
    if changed.isEmpty { return whole }
    if changed.count == 1, whole.shape[..<changed[0]].allSatisfy({ $0 == 1 }) {
      let stride = whole.shape[(changed[0] + 1)...].reduce(1, *)
      let offset = whole.offset + starts[changed[0]] * stride * MemoryLayout<Float>.size
      return View(buffer: whole.buffer, offset: offset, layout: try Layout(plain: sizes))
    }
    let strides = Layout.rowMajor(whole.shape)
    let seen = try Layout(plain: sizes, strides: strides)
    let offset = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 } * MemoryLayout<Float>.size
    let view = View(buffer: whole.buffer, offset: whole.offset + offset, layout: seen)
    return try reordered(view, to: Layout(plain: sizes))
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
      set(output, try view(of: input))
      return true
    }
    guard result.rank <= Int(ONEDNN_RANK) else { return false }
    let source = try plainView(of: input)
    set(output, View(buffer: source.buffer, offset: source.offset, layout: try Layout(plain: result.shape)))
    return true
  }

  func addTranspose(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs[0], let shape = shape(of: input) else { return false }
    let call = call(node)
    let order = try call.axes(try call.ints("perm") ?? Array(shape.indices.reversed()), rank: shape.count)
    guard order.count == shape.count else { return false }
    let source = try plainView(of: input)
    let strides = Layout.rowMajor(shape)
    let turned = order.map { shape[$0] }
    let seen = View(
      buffer: source.buffer, offset: source.offset, layout: try Layout(plain: turned, strides: order.map { strides[$0] }))
    let target = try Layout(plain: turned)
    // Where only axes of one place change their order nothing moves.
    let moving = order.filter { shape[$0] > 1 }
    if moving == moving.sorted() {
      set(output, View(buffer: source.buffer, offset: source.offset, layout: target))
    } else {
      set(output, try reordered(seen, to: target))
    }
    return true
  }
}

extension Layout {
  /// Strides in elements of a row-major tensor.
  static func rowMajor(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for index in shape.indices.dropLast().reversed() { strides[index] = strides[index + 1] * shape[index + 1] }
    return strides
  }
}
