internal import COneDNN
internal import ModelFiles
internal import NetworkGraph

/// Convolutions of bytes.
///
/// With a source x = s (q − z) and weights w = t·v of a channel the sum of products is s·t times a whole number. Biases join that number, and
/// oneDNN's own zero point stands for zero around the picture too. What is joined works on real numbers; last comes the target's grid.
extension PlanBuilder {
  /// Adds a convolution of bytes.
  ///
  /// - Returns: false where source or weights are none, or oneDNN has it in its reference code alone.
  func addInteger(_ request: Convolution, _ weights: Weights, _ input: Int, _ tail: FusedTail) throws -> Bool {
    guard !request.isTransposed, let numbers = precision.weights(of: weights.value), let source = try? view(of: input).type.grid,
      weights.bias.map({ constant($0) != nil }) ?? true
    else { return false }
    let type = precision.target(of: tail.output)
    let addend = try addendGrid(tail, request, type)
    guard tail.addend == nil || addend != nil else { return false }
    let channels = request.target[1]
    guard numbers.scales.count == 1 || numbers.scales.count == channels else { return false }
    let units = (0..<channels).map { source.scale * numbers.scales[numbers.scales.count == 1 ? 0 : $0] }
    let end = TailOnBytes(tail, target: type.grid, addend: addend)
    var request = request
    let bias = biases(weights.bias, units, shift: end.shift)
    request.hasBias = bias != nil
    let scales = units.map { $0 * end.factor }
    let step = try? scales.withUnsafeBufferPointer { list in
      try request.step(
        ONEDNN_ANY,
        onednn_types(
          source: StoredType.bytes(source).handle, target: type.handle, source_zero: Int32(source.zero), scales: list.baseAddress),
        end.posts)
    }
    guard let step, !step.isReference else { return false }
    try bind(step, request, weights, numbers, bias, input)
    let target = make(try step.layout(ONEDNN_TARGET, shape: request.target, type: type))
    if let value = tail.addend, let addend { try copy(try view(of: value), to: target, as: .bytes(addend)) }
    try step.bind(ONEDNN_TARGET, to: target, in: memory)
    try append(.primitive(step))
    try set(tail.output, target)
    return true
  }

  /// The grid of a tail's addend; nil without one, and where it is stored otherwise than the result and so needs a step of its own.
  private func addendGrid(_ tail: FusedTail, _ request: Convolution, _ type: StoredType) throws -> ByteGrid? {
    guard let addend = tail.addend, isBufferable(addend), shape(of: addend) == request.target,
      let grid = try view(of: addend).type.grid,
      StoredType.bytes(grid).handle == type.handle
    else { return nil }
    return grid
  }

  /// Copies a view into the place of another one, which then holds numbers of the first one's type.
  private func copy(_ view: View, to target: View, as type: StoredType) throws {
    let place = View(buffer: target.buffer, offset: target.offset, layout: try target.layout.typed(type))
    let step = try PrimitiveStep.reorder(view.layout, place.layout)
    try step.bind(ONEDNN_SOURCE, to: view, in: memory)
    try step.bind(ONEDNN_TARGET, to: place, in: memory)
    try append(.primitive(step))
  }

  /// What joins the whole sums: the bias in their units, and what shifts the result on the target's grid; nil where both are zero.
  private func biases(_ value: Int?, _ units: [Float], shift: Float) -> [Float]? {
    guard value != nil || shift != 0 else { return nil }
    let given = value.flatMap { constant($0)?.elements.floats } ?? [Float](repeating: 0, count: units.count)
    return zip(given, units).map { ($0 + shift) / $1 }
  }

  private func bind(
    _ step: PrimitiveStep, _ request: Convolution, _ weights: Weights, _ numbers: ByteWeights, _ bias: [Float]?, _ input: Int
  ) throws {
    let own = try view(of: input).type
    let source = try view(of: input, as: step.layout(ONEDNN_SOURCE, shape: request.source, type: own))
    try step.bind(ONEDNN_SOURCE, to: source, in: memory)
    let plain = try Layout(plain: weights.layout.shape, type: .bytes(.plainSigned))
    let first = make(plain, isKept: false)
    numbers.numbers.withUnsafeBytes { fill(first, with: $0) }
    let wanted = try step.layout(ONEDNN_WEIGHTS, shape: plain.shape)
    try step.bind(ONEDNN_WEIGHTS, to: try reordered(first, to: wanted, isConstant: true), in: memory)
    memory.release(first.buffer)
    guard let bias else { return }
    let view = make(try Layout(plain: [bias.count]), isKept: true)
    bias.withUnsafeBytes { fill(view, with: $0) }
    try step.bind(ONEDNN_BIAS, to: view, in: memory)
  }

  /// Copies numbers into a buffer that was made for as many.
  private func fill(_ view: View, with bytes: UnsafeRawBufferPointer) {
    let count = min(bytes.count, view.layout.byteCount)
    UnsafeMutableRawBufferPointer(start: memory.address(of: view.buffer), count: count)
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
  }
}

/// What is joined to a convolution of bytes, up to the target's grid.
private struct TailOnBytes {
  private(set) var posts: [onednn_post] = []
  /// What the sums are multiplied by, beside their units.
  private(set) var factor: Float = 1
  /// What is added to the result in real units before that.
  private(set) var shift: Float = 0

  /// - Parameters:
  ///   - target: The result's grid; nil: floats.
  ///   - addend: The grid of bytes that the target holds before.
  init(_ tail: FusedTail, target: ByteGrid?, addend: ByteGrid?) {
    if let activation = tail.activation, !TailOnBytes.isCutOff(activation, tail, target) { posts.append(activation.post) }
    if let addend { posts.append(onednn_post(function: ONEDNN_SUM, alpha: addend.scale, beta: Float(addend.zero))) }
    if let activation = tail.lastActivation { posts.append(activation.post) }
    guard let target else { return }
    if posts.isEmpty {
      (factor, shift) = (1 / target.scale, Float(target.zero) * target.scale)
    } else {
      posts.append(onednn_post(function: ONEDNN_LINEAR, alpha: 1 / target.scale, beta: Float(target.zero)))
    }
  }

  /// Whether an activation does no more than the end of the target's bytes does.
  private static func isCutOff(_ activation: Activation, _ tail: FusedTail, _ target: ByteGrid?) -> Bool {
    guard let target, tail.addend == nil, !target.isSigned, target.zero == 0 else { return false }
    return activation.function == ONEDNN_RELU && activation.alpha == 0
  }
}
