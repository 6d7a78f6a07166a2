import FlyingFox
import Foundation
import Synchronization

/// The WebSocket of one page: takes from its listener only what the connection is ready to send.
struct LiveSocket: WSHandler {
  let broadcast: LiveBroadcast

  func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
    let visit = LiveVisit(broadcast)
    return AsyncStream {
      switch await visit.listener.next() {
      case .records(let lines): WSFrame(fin: true, opcode: .text, mask: nil, payload: lines)
      case .picture(let picture): WSFrame(fin: true, opcode: .binary, mask: nil, payload: picture)
      case nil: visit.isOver() ? nil : .close()
      }
    }
  }
}

/// A page's stay; its listener leaves when the connection is gone.
private final class LiveVisit: Sendable {
  let listener: LiveListener
  private let broadcast: LiveBroadcast
  private let isClosing = Mutex(false)

  init(_ broadcast: LiveBroadcast) {
    self.broadcast = broadcast
    listener = broadcast.listen()
  }

  deinit { broadcast.leave(listener) }

  /// Whether the end was said before; from now on it was.
  func isOver() -> Bool {
    isClosing.withLock { isClosing in
      defer { isClosing = true }
      return isClosing
    }
  }
}
