internal import COneDNN
internal import NetworkGraph

/// x · sigmoid(x) of bfloat16 numbers in their own place, with what is added to it.
///
/// oneDNN's own function at a convolution's end costs a sixth to a quarter of a network of small convolutions; behind the convolution, on numbers that are still
/// in the cache, it costs half of that (figures: Benchmarks/README.md, "bfloat16"). A sum is rounded once more for it.
struct SwishStep {
  let view: View
  /// Lies as the view does.
  let addend: View?

  /// Whether the step does what is joined to a convolution that makes numbers of `type`.
  static func suits(_ tail: FusedTail, _ type: onednn_type) -> Bool {
    type == ONEDNN_BF16 && tail.activation?.function == ONEDNN_SWISH && tail.activation?.alpha == 1 && tail.lastActivation == nil
  }

  func run(in memory: ProgramMemory) {
    // Both buffers have as many bytes behind the view's offset as their layouts, which are the same, say; each number has two.
    let numbers = memory.address(of: view.buffer) + view.offset
    let added = addend.map { UnsafeRawPointer(memory.address(of: $0.buffer) + $0.offset) }
    onednn_swish_run(
      numbers.assumingMemoryBound(to: UInt16.self), added?.assumingMemoryBound(to: UInt16.self), view.layout.byteCount / 2)
  }
}
