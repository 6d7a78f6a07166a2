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
      weights.bias.map({ constant($0) != nil }) ?? true,
      numbers.scales.count == 1 || numbers.scales.count == request.target[1]
    else { return false }
    let convolution = ByteConvolution(request: request, weights: weights, numbers: numbers, input: input, source: source)
    let type = precision.target(of: tail.output)
    if let bent = BentGrid.of(tail, target: type.grid) { return try addInteger(convolution, bent, type, tail) }
    var addend: Addend?
    if let value = tail.addend {
      guard let grid = try addendGrid(value, request, type) else { return false }
      addend = (value, grid)
    }
    let end = TailOnBytes(tail, target: type.grid, addend: addend?.grid)
    guard let target = try addInteger(convolution, end, type, addend) else { return false }
    try set(tail.output, target)
    return true
  }

  /// Adds a convolution onto a bent grid and the table behind it, which works in the result's own place.
  private func addInteger(_ convolution: ByteConvolution, _ bent: BentGrid, _ type: StoredType, _ tail: FusedTail) throws -> Bool {
    guard let sums = try addInteger(convolution, TailOnBytes(bent), .bytes(bent.grid)) else { return false }
    kernelName = steps[steps.count - 1].name
    let result = View(buffer: sums.buffer, offset: sums.offset, layout: try sums.layout.typed(type))
    try append(.table(ByteTable(source: sums, target: result, results: bent.results)))
    try set(tail.output, result)
    return true
  }

  /// A value that is added to a convolution's result, and its grid.
  private typealias Addend = (value: Int, grid: ByteGrid)

  /// Adds the step of a convolution with its end.
  ///
  /// - Returns: What it makes, of type `type`; nil where oneDNN has it in its reference code alone.
  private func addInteger(
    _ convolution: ByteConvolution, _ end: TailOnBytes, _ type: StoredType, _ addend: Addend? = nil
  ) throws -> View? {
    let bias = biases(convolution.weights.bias, convolution.units, shift: end.shift)
    var request = convolution.request
    request.hasBias = bias != nil
    let scales = convolution.units.map { $0 * end.factor }
    let step = try? scales.withUnsafeBufferPointer { list in
      try request.step(
        ONEDNN_ANY,
        onednn_types(
          source: StoredType.bytes(convolution.source).handle, target: type.handle, source_zero: Int32(convolution.source.zero),
          scales: list.baseAddress),
        end.posts)
    }
    guard let step, !step.isReference else { return nil }
    try bind(step, convolution, bias)
    let target = make(try step.layout(ONEDNN_TARGET, shape: request.target, type: type))
    if let addend {
      // The place holds the addend's numbers until the step has run.
      let place = View(buffer: target.buffer, offset: target.offset, layout: try target.layout.typed(.bytes(addend.grid)))
      try copy(try view(of: addend.value), to: place)
    }
    try step.bind(ONEDNN_TARGET, to: target, in: memory)
    try append(.primitive(step))
    return target
  }

  /// The grid of a tail's addend; nil where it is stored otherwise than the result and so needs a step of its own.
  private func addendGrid(_ addend: Int, _ request: Convolution, _ type: StoredType) throws -> ByteGrid? {
    guard isBufferable(addend), shape(of: addend) == request.target, let grid = try view(of: addend).type.grid,
      StoredType.bytes(grid).handle == type.handle
    else { return nil }
    return grid
  }

  /// What joins the whole sums: the bias in their units, and what shifts the result on the target's grid; nil where both are zero.
  private func biases(_ value: Int?, _ units: [Float], shift: Float) -> [Float]? {
    guard value != nil || shift != 0 else { return nil }
    let given = value.flatMap { constant($0)?.elements.floats } ?? [Float](repeating: 0, count: units.count)
    return zip(given, units).map { ($0 + shift) / $1 }
  }

  private func bind(_ step: PrimitiveStep, _ convolution: ByteConvolution, _ bias: [Float]?) throws {
    let type = StoredType.bytes(convolution.source)
    let source = try view(of: convolution.input, as: step.layout(ONEDNN_SOURCE, shape: convolution.request.source, type: type))
    try step.bind(ONEDNN_SOURCE, to: source, in: memory)
    let plain = try Layout(plain: convolution.weights.layout.shape, type: .bytes(.plainSigned))
    let first = make(plain, isKept: false)
    convolution.numbers.numbers.withUnsafeBytes { fill(first, with: $0) }
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

/// A convolution as it is asked of oneDNN, on bytes.
private struct ByteConvolution {
  let request: Convolution
  let weights: PlanBuilder.Weights
  let numbers: ByteWeights
  let input: Int
  let source: ByteGrid
  /// What the whole sums of each channel out are counted in.
  var units: [Float] {
    (0..<request.target[1]).map { source.scale * numbers.scales[numbers.scales.count == 1 ? 0 : $0] }
  }
}

/// What is joined to a convolution of bytes, up to the target's grid.
private struct TailOnBytes {
  private(set) var posts: [onednn_post] = []
  /// What the sums are multiplied by, beside their units.
  private(set) var factor: Float = 1
  /// What is added to the result in real units before that.
  private(set) var shift: Float = 0

  /// The end of a convolution that a table follows.
  init(_ bent: BentGrid) { posts = bent.posts }

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
