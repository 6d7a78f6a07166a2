internal import COneDNN
internal import NetworkGraph

/// How a tensor lies in memory: oneDNN's own layout, blocked by channels or by strides, and the type of its numbers.
final class Layout {
  // Owned: freed with this object, and not shared with another one.
  let handle: OpaquePointer
  let shape: [Int]
  let type: StoredType

  /// - Parameter type: What the handle's numbers stand for; nil: floats, or bytes that stand for themselves.
  init(owned handle: OpaquePointer, shape: [Int], type: StoredType? = nil) {
    self.handle = handle
    self.shape = shape
    self.type = type ?? StoredType(onednn_layout_type(handle))
  }

  deinit { onednn_layout_destroy(handle) }

  /// Row-major without gaps, or by strides in elements. A tensor without axes lies as a list of one.
  convenience init(plain shape: [Int], strides: [Int]? = nil, type: StoredType = .float32) throws {
    let sizes = shape.isEmpty ? [1] : shape.map(Int64.init)
    let steps = strides.map { $0.isEmpty ? [1] : $0.map(Int64.init) }
    var handle: OpaquePointer?
    try check("describe a tensor of \(sizes)") { onednn_layout_create(type.handle, Int32(sizes.count), sizes, steps, &handle) }
    guard let handle else { throw NetworkError(.unsupported, "oneDNN describes no tensor of \(sizes).") }
    self.init(owned: handle, shape: shape, type: type)
  }

  /// Channels in blocks that suit the processor's vectors, without gaps; for three to five axes.
  convenience init(blocked shape: [Int], type: StoredType) throws {
    var handle: OpaquePointer?
    try check("describe blocks of \(shape)") {
      onednn_layout_blocked(type.handle, Int32(shape.count), shape.map(Int64.init), &handle)
    }
    guard let handle else { throw NetworkError(.unsupported, "oneDNN describes no blocks of \(shape).") }
    self.init(owned: handle, shape: shape, type: type)
  }

  /// The same places for numbers of another type.
  func typed(_ type: StoredType) throws -> Layout {
    if type == self.type { return self }
    var handle: OpaquePointer?
    try check("describe a tensor of \(shape) in another type") { onednn_layout_typed(self.handle, type.handle, &handle) }
    guard let handle else { throw NetworkError(.unsupported, "oneDNN describes no tensor of \(shape).") }
    return Layout(owned: handle, shape: shape, type: type)
  }

  var byteCount: Int { onednn_layout_bytes(handle) }
  /// Channels that lie together; 1: plain or by strides, 0: another kind of blocks.
  var block: Int { Int(onednn_layout_block(handle)) }

  /// Numbers from one place of an axis to the next one; for axis 1 from one block to the next.
  var strides: [Int] {
    var strides = [Int64](repeating: 0, count: max(1, shape.count))
    onednn_layout_strides(handle, &strides)
    return strides.prefix(shape.count).map { Int($0) }
  }

  func equals(_ other: Layout) -> Bool { onednn_layout_equal(handle, other.handle) != 0 }

  /// Whether every number is of the same type and lies at the same place, however the layouts are described.
  func isSame(as other: Layout) -> Bool {
    shape == other.shape && type == other.type && onednn_layout_same(handle, other.handle) != 0
  }

  /// Whether it is one that oneDNN's kernels are made for: blocks of channels, row-major, or channels last, without gaps.
  var isOrdinary: Bool {
    let block = block
    guard block == 1 else { return block > 1 }
    let steps = strides
    if Layout.agree(steps, Layout.rowMajor(shape), shape) { return true }
    guard (3...5).contains(shape.count) else { return false }
    return Layout.agree(steps, Layout.axisLast(1, shape), shape)
  }

  var isRowMajor: Bool { block == 1 && Layout.agree(strides, Layout.rowMajor(shape), shape) }

  /// A part along an axis that is one piece of memory by itself: its layout and first byte; nil where it is none.
  func run(axis: Int, start: Int, count: Int) -> (layout: Layout, offset: Int)? {
    var handle: OpaquePointer?
    var offset = 0
    let status = onednn_layout_run(self.handle, Int32(axis), Int64(start), Int64(count), &offset, &handle)
    guard status == ONEDNN_OK, let handle else { return nil }
    var shape = shape
    shape[axis] = count
    return (Layout(owned: handle, shape: shape, type: type), offset)
  }

  /// A part along an axis with the gaps that it has within the whole: its layout and first byte; nil where it cuts a block.
  func part(axis: Int, start: Int, count: Int) -> (layout: Layout, offset: Int)? {
    var handle: OpaquePointer?
    var offset = 0
    let status = onednn_layout_part(self.handle, Int32(axis), Int64(start), Int64(count), &offset, &handle)
    guard status == ONEDNN_OK, let handle else { return nil }
    var shape = shape
    shape[axis] = count
    return (Layout(owned: handle, shape: shape, type: type), offset)
  }

  /// The same places seen as another shape of as many numbers; nil where they cannot be told by strides.
  func reshaped(_ shape: [Int]) -> Layout? {
    let block = block
    guard block > 0, block == 1 || self.shape[1] % block == 0 else { return nil }
    if block > 1, (3...5).contains(shape.count), shape.prefix(2) == self.shape.prefix(2),
      let dense = try? Layout(blocked: self.shape, type: type),
      isSame(as: dense)
    {
      return try? Layout(blocked: shape, type: type)
    }
    var (sizes, steps) = (self.shape, strides)
    if block > 1 {
      sizes.replaceSubrange(1...1, with: [sizes[1] / block, block])
      steps.insert(1, at: 2)
    }
    return Layout.reshaped(sizes, steps, to: shape).flatMap { try? Layout(plain: shape, strides: $0, type: type) }
  }
}

extension Layout {
  /// Strides in elements of a row-major tensor.
  static func rowMajor(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for index in shape.indices.dropLast().reversed() { strides[index] = strides[index + 1] * shape[index + 1] }
    return strides
  }

  /// Strides of a tensor without gaps whose axis `axis` comes last in memory.
  static func axisLast(_ axis: Int, _ shape: [Int]) -> [Int] {
    var moved = shape
    moved.append(moved.remove(at: axis))
    var strides = rowMajor(moved)
    strides.insert(strides.removeLast(), at: axis)
    return strides
  }

  /// Whether strides are the same on all axes that have more than one place.
  static func agree(_ first: [Int], _ second: [Int], _ shape: [Int]) -> Bool {
    shape.indices.allSatisfy { shape[$0] == 1 || first[$0] == second[$0] }
  }

  /// The strides of `shape` on the same numbers in the same order; nil where an axis of it would need more than one stride.
  static func reshaped(_ sizes: [Int], _ strides: [Int], to shape: [Int]) -> [Int]? {
    let old = sizes.indices.filter { sizes[$0] != 1 }
    var result = [Int](repeating: 1, count: shape.count)
    var (from, to) = (0, 0)
    while from < old.count {
      // The fewest axes of both that hold as many numbers.
      var (next, end) = (from + 1, to + 1)
      guard to < shape.count else { return nil }
      var (has, wants) = (sizes[old[from]], shape[to])
      while has != wants {
        if has < wants {
          guard next < old.count else { return nil }
          has *= sizes[old[next]]
          next += 1
        } else {
          guard end < shape.count else { return nil }
          wants *= shape[end]
          end += 1
        }
      }
      for place in from..<next - 1 where strides[old[place]] != strides[old[place + 1]] * sizes[old[place + 1]] { return nil }
      var step = strides[old[next - 1]]
      for place in (to..<end).reversed() {
        result[place] = step
        step *= shape[place]
      }
      (from, to) = (next, end)
    }
    return result
  }
}

/// Turns a status of the face into an error.
func check(_ operation: String, _ body: () -> onednn_status) throws {
  switch body() {
  case ONEDNN_OK: return
  case ONEDNN_UNSUPPORTED: throw NetworkError(.unsupported, "oneDNN cannot \(operation).")
  default: throw NetworkError(.invalid, "oneDNN failed to \(operation).")
  }
}
