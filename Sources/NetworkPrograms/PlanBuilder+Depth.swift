internal import NetworkGraph
internal import NetworkKernels

/// Channels that become pixels.
extension PlanBuilder {
  /// Adds one copy that puts the blocks of channels of a `DepthToSpace` beside each other, from and to blocks of channels or channels last.
  func addDepthToSpace(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let output = node.outputs[0], let shape = shape(of: input), shape.count == 4 else {
      return false
    }
    let call = call(node)
    let size = try call.int("blocksize", default: 1)
    guard size > 1, size < 1 << 15, shape[1] % (size * size) == 0 else { return false }
    let isColumnFirst = try call.string("mode", default: "DCR") == "CRD"
    let depth = shape[1] / (size * size)
    // Where a block of channels would hold several places of the result, the channels are taken apart first.
    var source = try view(of: input)
    if source.layout.block != 1, isColumnFirst || source.layout.block == 0 || depth % source.layout.block != 0 {
      source = try unblockedView(of: input)
    }
    let lane = source.layout.block
    let result = [shape[0], depth, shape[2] * size, shape[3] * size]
    let layout =
      lane > 1
      ? try Layout(blocked: result, type: source.type)
      : try Layout(plain: result, strides: Layout.axisLast(1, result), type: source.type)
    let parts = isColumnFirst ? [depth, 1, size, size] : [size, size, depth / lane, lane]
    let order = isColumnFirst ? [0, 1, 2, 5, 3, 6, 4] : [0, 3, 4, 5, 1, 6, 2]
    guard let from = source.layout.reshaped([shape[0]] + parts + shape[2...]),
      let to = layout.reshaped([shape[0], depth / lane, lane, shape[2], size, shape[3], size])
    else { return false }
    let (sizes, steps) = (from.shape, from.strides)
    let turned = try Layout(plain: order.map { sizes[$0] }, strides: order.map { steps[$0] }, type: source.type)
    let target = make(layout)
    try copy(
      View(buffer: source.buffer, offset: source.offset, layout: turned),
      to: View(buffer: target.buffer, offset: target.offset, layout: to))
    try set(output, target)
    return true
  }
}
