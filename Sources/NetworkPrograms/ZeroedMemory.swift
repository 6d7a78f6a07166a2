internal import Foundation

/// A piece of memory that begins as zeros and belongs to whoever made it, until it is given back.
///
/// Large pieces are pages of their own: while a program is made, the memory of buffers and of weights in their first layout comes and goes, and what a heap
/// keeps of it between the pieces that stay would never go back to the system.
struct ZeroedMemory {
  let address: UnsafeMutableRawPointer
  private let byteCount: Int
  private let isPages: Bool

  /// From how many bytes on pages are worth their set-up.
  private static let leastPages = 65_536

  /// - Parameter alignment: At most a page's.
  init(byteCount: Int, alignment: Int) {
    self.byteCount = byteCount
    if byteCount >= ZeroedMemory.leastPages,
      let pages = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), pages != MAP_FAILED
    {
      (address, isPages) = (pages, true)
      return
    }
    (address, isPages) = (UnsafeMutableRawPointer.allocate(byteCount: max(1, byteCount), alignment: alignment), false)
    address.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  func deallocate() {
    if isPages {
      munmap(address, byteCount)
    } else {
      address.deallocate()
    }
  }
}
