internal import CFFmpeg

/// The flag and deadline that FFmpeg asks for while it waits.
///
/// `@unchecked Sendable`: the handle never changes, and every function on it reads and writes atomics only.
final class Interrupt: @unchecked Sendable {
  /// nil only if there was no memory for a few bytes; then nothing can be opened.
  let handle: OpaquePointer?
  /// Kept alive, for the handle refers to it.
  private let parent: Interrupt?

  /// An interrupt of its own deadline that its parent's cancellation cancels too.
  init(parent: Interrupt? = nil) {
    var handle: OpaquePointer?
    _ = video_interrupt_create(parent?.handle, &handle)
    self.handle = handle
    self.parent = parent
  }

  deinit { video_interrupt_destroy(handle) }

  func cancel() {
    if let handle { video_interrupt_cancel(handle) }
  }

  var isCancelled: Bool { handle.map { video_interrupt_is_cancelled($0) != 0 } ?? false }
}
