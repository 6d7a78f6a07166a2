/// The buffers of a program. While a program is made each has memory of its own; afterwards those that come and go within a run share one
/// arena, in which two buffers lie in the same place if they are never needed at the same time.
final class ProgramMemory {
  private struct Buffer {
    let byteCount: Int
    /// The bytes that were asked for, without what rounds them up.
    let length: Int
    /// Weights: kept from run to run.
    let isKept: Bool
    /// The buffer that it becomes a part of, and its first byte there.
    var part: (whole: Int, offset: Int)?
    var own: ZeroedMemory?
    var offset = 0
  }

  /// oneDNN's kernels read whole cache lines.
  private static let alignment = 64

  private var buffers: [Buffer] = []
  private var arena: ZeroedMemory?
  private(set) var arenaBytes = 0

  deinit {
    for buffer in buffers { buffer.own?.deallocate() }
    arena?.deallocate()
  }

  /// Bytes of all buffers that are not kept, as if none shared its place.
  var sumBytes: Int { buffers.reduce(0) { $0 + ($1.isKept || $1.part != nil ? 0 : $1.byteCount) } }
  var weightBytes: Int { buffers.reduce(0) { $0 + ($1.isKept ? $1.byteCount : 0) } }

  func add(byteCount: Int, isKept: Bool) -> Int {
    let size = (max(1, byteCount) + ProgramMemory.alignment - 1) / ProgramMemory.alignment * ProgramMemory.alignment
    // Padding between blocks must not hold NaN.
    let own = ZeroedMemory(byteCount: size, alignment: ProgramMemory.alignment)
    buffers.append(Buffer(byteCount: size, length: byteCount, isKept: isKept, own: own))
    return buffers.count - 1
  }

  /// Gives the memory back that a buffer has of its own, which nothing reads any more; `plan` gives it a place again.
  func release(_ buffer: Int) {
    guard !buffers[buffer].isKept else { return }
    buffers[buffer].own?.deallocate()
    buffers[buffer].own = nil
  }

  func length(of buffer: Int) -> Int { buffers[buffer].length }

  /// Whether a buffer may yet become a part of another one.
  func isFree(_ buffer: Int) -> Bool { !buffers[buffer].isKept && buffers[buffer].part == nil }

  /// Makes a buffer a part of another one, which must have room for it from `offset` on: what is written to the one is there in the other.
  /// Until `plan` both have memory of their own, and the part's bytes are copied once.
  func place(_ buffer: Int, in whole: Int, at offset: Int) {
    buffers[buffer].part = (whole, offset)
    let length = buffers[buffer].length
    guard offset >= 0, offset + length <= buffers[whole].byteCount else { return }
    address(of: whole).advanced(by: offset).copyMemory(from: address(of: buffer), byteCount: length)
  }

  /// The buffer that is part of no other one, and the first byte in it.
  private func root(_ buffer: Int) -> (buffer: Int, offset: Int) {
    var (place, offset) = (buffer, 0)
    while let part = buffers[place].part { (place, offset) = (part.whole, offset + part.offset) }
    return (place, offset)
  }

  var count: Int { buffers.count }

  /// Valid until the next `plan`; the buffer's `byteCount` bytes may be used.
  func address(of buffer: Int) -> UnsafeMutableRawPointer {
    if let own = buffers[buffer].own { return own.address }
    // A buffer without memory of its own lies in the arena, which `plan` has made before it took that memory away.
    let (root, offset) = root(buffer)
    return (arena?.address ?? UnsafeMutableRawPointer.allocate(byteCount: 0, alignment: 1)) + buffers[root].offset + offset
  }

  /// Puts all buffers that are not kept into one arena, the largest first, each at the lowest place that is free while it is needed.
  ///
  /// - Parameter lives: For each buffer the steps from its first to its last use; nil: unused.
  func plan(_ lives: [ClosedRange<Int>?]) {
    var lives = lives
    for index in buffers.indices where buffers[index].part != nil {
      guard let life = lives[index] else { continue }
      let whole = root(index).buffer
      lives[whole] = lives[whole].map { min($0.lowerBound, life.lowerBound)...max($0.upperBound, life.upperBound) } ?? life
    }
    let order = buffers.indices.filter { !buffers[$0].isKept }.sorted {
      (buffers[$1].byteCount, $0) < (buffers[$0].byteCount, $1)
    }
    var placed: [Int] = []
    var size = 0
    for index in order {
      buffers[index].own?.deallocate()
      buffers[index].own = nil
      guard buffers[index].part == nil, let life = lives[index] else { continue }
      let rivals = placed.filter { lives[$0]?.overlaps(life) == true }.sorted { buffers[$0].offset < buffers[$1].offset }
      var offset = 0
      for rival in rivals {
        if offset + buffers[index].byteCount <= buffers[rival].offset { break }
        offset = max(offset, buffers[rival].offset + buffers[rival].byteCount)
      }
      buffers[index].offset = offset
      size = max(size, offset + buffers[index].byteCount)
      placed.append(index)
    }
    arena = ZeroedMemory(byteCount: size, alignment: ProgramMemory.alignment)
    arenaBytes = size
  }
}
