internal import COneDNN
internal import NetworkGraph
internal import NetworkKernels

/// Joining tensors. Where the parts are one piece of memory each, they are made in the result's memory from the start, and nothing is moved.
extension PlanBuilder {
  func addConcat(_ node: Node) throws -> Bool {
    let inputs = node.inputs.compactMap { $0 }
    guard let output = node.outputs[0], !inputs.isEmpty, inputs.count <= Int(ONEDNN_SOURCES),
      inputs.allSatisfy({ isBufferable($0) }),
      let first = shape(of: inputs[0]), !first.isEmpty
    else { return false }
    let call = call(node)
    let axis = try call.axis(try call.int("axis", default: 1), rank: first.count)
    guard inputs.allSatisfy({ self.shape(of: $0).map { $0.count == first.count } ?? false }),
      first.indices.allSatisfy({ other in other == axis || inputs.allSatisfy { self.shape(of: $0)?[other] == first[other] } })
    else { return false }
    var shape = first
    shape[axis] = inputs.reduce(0) { $0 + (self.shape(of: $1)?[axis] ?? 0) }
    let firsts = try inputs.map { try view(of: $0) }
    let type = joinedType(firsts.map(\.type), output)
    if type.grid != nil, axis == 1, (3...5).contains(shape.count) { return try addChannels(firsts, shape, type, output) }
    let views = try zip(inputs, firsts).map { try view(of: $0, as: $1.layout.typed(type)) }
    let isOnePiece = shape[..<axis].allSatisfy { $0 == 1 }
    let block = Int(onednn_block())
    let isWhole = axis == 1 && (3...5).contains(shape.count) && views.allSatisfy { $0.shape[1] % block == 0 }
    if isOnePiece, isWhole, views.contains(where: { $0.layout.block == block }) {
      return try addPieces(inputs, axis, try Layout(blocked: shape, type: type), output)
    }
    // Channels are joined in the layout that they are in, if it is the same for all and no block is left half full.
    let own = views[0].layout.block
    let isShared =
      own > 0 && views.allSatisfy { $0.layout.block == own && $0.layout.isOrdinary } && (own > 1 || axis == 1)
      && (axis != 1 || views.allSatisfy { $0.shape[1] % own == 0 })
      && (own > 1 || !isOnePiece || views.contains { !$0.layout.isRowMajor })
    if isShared { return try addConcatenation(views, axis, nil, shape, output) }
    let target = try Layout(plain: shape, type: type)
    if isOnePiece { return try addPieces(inputs, axis, target, output) }
    return try addConcatenation(try inputs.map { try plainView(of: $0, type: type) }, axis, target, shape, output)
  }

  /// Joins bytes along channels, which lie last: each part is brought to its place among them.
  private func addChannels(_ parts: [View], _ shape: [Int], _ type: StoredType, _ output: Int) throws -> Bool {
    let strides = Layout.axisLast(1, shape)
    let target = make(try Layout(plain: shape, strides: strides, type: type))
    var start = 0
    for part in parts {
      let place = View(
        buffer: target.buffer, offset: start, layout: try Layout(plain: part.shape, strides: strides, type: type))
      try copy(part, to: place)
      start += part.shape[1]
    }
    try set(output, target)
    return true
  }

  /// Bytes where all are of one grid or the result is of one; else of several types the more exact one.
  private func joinedType(_ types: [StoredType], _ output: Int) -> StoredType {
    if let grid = precision.grid(of: output) { return .bytes(grid) }
    if types.allSatisfy({ $0 == types[0] }) { return types[0] }
    return types.contains(.float32) ? .float32 : precision.product
  }

  private func addConcatenation(_ views: [View], _ axis: Int, _ target: Layout?, _ shape: [Int], _ output: Int) throws -> Bool {
    let handles = views.map { Optional($0.layout.handle) }
    let step = try PrimitiveStep("concatenation") {
      onednn_concat_create(handles, Int32(handles.count), Int32(axis), target?.handle, $0)
    }
    return try finish(step, views, shape, output, type: views[0].type)
  }

  /// A part of a joined tensor: what it is made of, and where it goes.
  private struct Piece {
    let source: View
    let target: View
    /// Where the source's buffer would begin in the target's.
    var base: Int { target.offset - source.offset }
  }

  /// Joins along an axis before which no other has more than one place.
  private func addPieces(_ inputs: [Int], _ axis: Int, _ layout: Layout, _ output: Int) throws -> Bool {
    let target = make(layout)
    var pieces: [Piece] = []
    var start = 0
    for input in inputs {
      let source = try view(of: input)
      guard let run = layout.run(axis: axis, start: start, count: source.shape[axis]) else { return false }
      pieces.append(
        Piece(
          source: present(input, as: run.layout) ?? source,
          target: View(buffer: target.buffer, offset: run.offset, layout: run.layout)))
      start += source.shape[axis]
    }
    let placed = place(pieces)
    for piece in pieces where !placed.contains(piece.source.buffer) { try copy(piece.source, to: piece.target) }
    try set(output, target)
    return true
  }

  /// Makes buffers parts of the target where all that they hold goes there as it lies.
  ///
  /// - Returns: Those buffers.
  private func place(_ pieces: [Piece]) -> Set<Int> {
    var placed: Set<Int> = []
    for (buffer, own) in Dictionary(grouping: pieces, by: \.source.buffer) where memory.isFree(buffer) {
      let base = own[0].base
      guard own.allSatisfy({ $0.base == base && $0.source.layout.isSame(as: $0.target.layout) }),
        Set(own.map(\.source.offset)).count == own.count,
        own.reduce(0, { $0 + $1.source.layout.byteCount }) == memory.length(of: buffer)
      else { continue }
      memory.place(buffer, in: own[0].target.buffer, at: base)
      placed.insert(buffer)
    }
    return placed
  }
}
