internal import COneDNN
internal import NetworkGraph

/// How a tensor of 32-bit floats lies in memory: oneDNN's own layout, blocked by channels or plain.
final class Layout {
  // Owned: freed with this object, and not shared with another one.
  let handle: OpaquePointer
  let shape: [Int]

  init(owned handle: OpaquePointer, shape: [Int]) {
    self.handle = handle
    self.shape = shape
  }

  deinit { onednn_layout_destroy(handle) }

  /// Row-major without gaps, or by strides in elements. A tensor without axes lies as a list of one.
  init(plain shape: [Int], strides: [Int]? = nil) throws {
    let sizes = shape.isEmpty ? [1] : shape.map(Int64.init)
    let steps = strides.map { $0.isEmpty ? [1] : $0.map(Int64.init) }
    var handle: OpaquePointer?
    try check("describe a tensor of \(sizes)") { onednn_layout_create(Int32(sizes.count), sizes, steps, &handle) }
    guard let handle else { throw NetworkError(.unsupported, "oneDNN describes no tensor of \(sizes).") }
    self.handle = handle
    self.shape = shape
  }

  var byteCount: Int { onednn_layout_bytes(handle) }
  /// Channels that lie together; 1: plain or by strides, 0: another kind of blocks.
  var block: Int { Int(onednn_layout_block(handle)) }

  func equals(_ other: Layout) -> Bool { onednn_layout_equal(handle, other.handle) != 0 }

  /// The layout of a part inside the whole's memory; nil where blocks would be cut.
  func part(shape: [Int], offsets: [Int]) -> Layout? {
    var handle: OpaquePointer?
    let status = onednn_layout_part(self.handle, shape.map(Int64.init), offsets.map(Int64.init), &handle)
    guard status == ONEDNN_OK, let handle else { return nil }
    return Layout(owned: handle, shape: shape)
  }

  /// A part along an axis that is one piece of memory by itself: its layout and first byte; nil where it is none.
  func run(axis: Int, start: Int, count: Int) -> (layout: Layout, offset: Int)? {
    var handle: OpaquePointer?
    var offset = 0
    let status = onednn_layout_run(self.handle, Int32(axis), Int64(start), Int64(count), &offset, &handle)
    guard status == ONEDNN_OK, let handle else { return nil }
    var shape = shape
    shape[axis] = count
    return (Layout(owned: handle, shape: shape), offset)
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
