internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// Products of matrices.
extension PlanBuilder {
  func addProduct(_ node: Node) throws -> Bool {
    guard let left = node.inputs[0], let right = node.inputs[1], isBufferable(right), let output = node.outputs[0],
      let a = shape(of: left), let b = shape(of: right), a.count >= 2, b.count >= 2, a[a.count - 1] == b[b.count - 2]
    else { return false }
    let rank = max(a.count, b.count)
    let (wideA, wideB) = ([Int](repeating: 1, count: rank - a.count) + a, [Int](repeating: 1, count: rank - b.count) + b)
    var shape: [Int] = []
    for (x, y) in zip(wideA.dropLast(2), wideB.dropLast(2)) {
      guard x == y || x == 1 || y == 1 else { return false }
      shape.append(max(x, y))
    }
    shape += [wideA[rank - 2], wideB[rank - 1]]
    for type in precision.productTypes {
      for isPlain in [false, true] {
        let first = try factorView(of: left, rank, type, isPlain: isPlain)
        let second = try factorView(of: right, rank, type, isPlain: isPlain)
        let isLast = type == .float32 && isPlain
        if try addProduct(first, second, bias: nil, shape, type, output, acceptsReference: isLast) { return true }
      }
    }
    return false
  }

  /// Adds the product of two matrices, or of as many as the axes before them tell.
  ///
  /// - Parameter bias: A row that is added to every row, and its layout.
  /// - Returns: false where oneDNN has it in its reference code alone, and that is not accepted.
  private func addProduct(
    _ left: View, _ right: View, bias: (value: Int, layout: Layout)?, _ shape: [Int], _ type: StoredType, _ output: Int,
    acceptsReference: Bool
  ) throws -> Bool {
    let target = try Layout(plain: shape, type: precision.type(of: output, from: type))
    let step: PrimitiveStep
    do {
      step = try PrimitiveStep("product") {
        onednn_product_create(left.layout.handle, right.layout.handle, bias?.layout.handle, target.handle, $0)
      }
    } catch let error as NetworkError where error.code == .unsupported && !acceptsReference {
      return false
    }
    guard acceptsReference || !step.isReference else { return false }
    try step.bind(ONEDNN_SOURCE, to: left, in: memory)
    try step.bind(ONEDNN_WEIGHTS, to: right, in: memory)
    if let bias { try step.bind(ONEDNN_BIAS, to: try plainView(of: bias.value, type: .float32), in: memory) }
    let result = make(target)
    try step.bind(ONEDNN_TARGET, to: result, in: memory)
    try append(.primitive(step))
    try set(output, result)
    return true
  }

  /// A factor with axes of one place before it: as it lies where rows or columns are side by side, else row-major.
  private func factorView(of value: Int, _ rank: Int, _ type: StoredType, isPlain: Bool) throws -> View {
    var view = try view(of: value)
    let shape = view.shape
    let isMatrix = !isPlain && view.layout.block == 1 && view.layout.strides.suffix(2).contains(1)
    if !isMatrix || view.type != type { view = try plainView(of: value, type: type) }
    let missing = rank - shape.count
    guard missing > 0 else { return view }
    let strides = view.layout.strides
    let first = (strides.first ?? 1) * (shape.first ?? 1)
    let layout = try Layout(
      plain: [Int](repeating: 1, count: missing) + shape, strides: [Int](repeating: first, count: missing) + strides, type: type)
    return View(buffer: view.buffer, offset: view.offset, layout: layout)
  }

  func addGemm(_ node: Node) throws -> Bool {
    guard let left = node.inputs[0], let right = node.inputs[1], isBufferable(right), let output = node.outputs[0],
      let a = shape(of: left), let b = shape(of: right), a.count == 2, b.count == 2
    else { return false }
    let call = call(node)
    guard try call.float("alpha", default: 1) == 1, try call.float("beta", default: 1) == 1 else { return false }
    let (turnA, turnB) = (try call.flag("transA"), try call.flag("transB"))
    let (rows, inner) = turnA ? (a[1], a[0]) : (a[0], a[1])
    let (depth, columns) = turnB ? (b[1], b[0]) : (b[0], b[1])
    guard inner == depth else { return false }
    var bias: (value: Int, layout: Layout)?
    if let addend = node.inputs.count > 2 ? node.inputs[2] : nil {
      guard isBufferable(addend), [[columns], [1, columns]].contains(shape(of: addend) ?? []) else { return false }
      bias = (addend, try Layout(plain: [1, columns]))
    }
    for type in precision.productTypes {
      let (first, second) = (try plainView(of: left, type: type), try plainView(of: right, type: type))
      let seenA = try Layout(plain: [rows, inner], strides: turnA ? [1, rows] : [inner, 1], type: type)
      let seenB = try Layout(plain: [inner, columns], strides: turnB ? [1, inner] : [columns, 1], type: type)
      let factors = [(first, seenA), (second, seenB)].map { View(buffer: $0.buffer, offset: $0.offset, layout: $1) }
      let isLast = type == .float32
      if try addProduct(factors[0], factors[1], bias: bias, [rows, columns], type, output, acceptsReference: isLast) {
        return true
      }
    }
    return false
  }
}
