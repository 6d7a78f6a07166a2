import FlyingFox
import FlyingSocks
import Foundation
import Records

/// Serves one page to browsers of this machine until its task is cancelled.
///
/// It listens on 127.0.0.1 alone. Every path begins with a random token, so that other people and pages cannot guess it, and the Host
/// header must be this server's own, so that a name which someone points at 127.0.0.1 is refused (rebinding). Nothing is served but the
/// page, its columns and its pictures.
public struct PageServer: Sendable {
  /// What is served.
  public enum Content: Sendable {
    /// A stream, perhaps with pictures; decisions of a review are written to a file.
    case stream(ViewSource, parts: PageParts, reviewPath: String)
    /// A tracker that is running.
    case live(LiveBroadcast)

    var source: ViewSource? { if case .stream(let source, _, _) = self { source } else { nil } }
    var parts: PageParts { if case .stream(_, let parts, _) = self { parts } else { PageParts() } }
    var reviewPath: String? { if case .stream(_, _, let path) = self { path } else { nil } }
    var broadcast: LiveBroadcast? { if case .live(let broadcast) = self { broadcast } else { nil } }
  }

  private let content: Content
  private let port: UInt16
  private let token: String

  /// - Parameter port: 0 for any that is free.
  public init(_ content: Content, port: UInt16) {
    self.content = content
    self.port = port
    token = PageServer.randomWord()
  }

  /// 128 random bits as hexadecimal digits.
  private static func randomWord() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// How long an answer may take to begin, seconds: a large file of tracks is read for it.
  private static let timeout = 300.0
  /// How long the address waits for the stream's first part, seconds: a stream that cannot be shown ends the server before.
  private static let patience = 0.8

  /// Serves until cancelled.
  ///
  /// - Parameter onReady: Called with the page's address once it can be opened.
  /// - Throws: `ViewerError.cannotListen`; the errors of `ViewFiles.load`.
  public func run(onReady: @escaping @Sendable (String) -> Void) async throws {
    let gate = PageGate(content: content, token: token, nonce: PageServer.randomWord())
    let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
    let server = HTTPServer(address: address, timeout: PageServer.timeout, logger: .disabled, handler: gate)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await server.run()
        } catch let error where !(error is CancellationError) {
          throw ViewerError.cannotListen(port: Int(port), reason: PageServer.reason(error))
        }
      }
      if let source = content.source { group.addTask { try await source.run() } }
      group.addTask {
        try await server.waitUntilListening(timeout: 10)
        guard case .ip4(_, let bound)? = await server.listeningAddress else { return }
        gate.open(port: bound)
        _ = try await content.source?.state(within: PageServer.patience)
        onReady("http://127.0.0.1:\(bound)/\(token)/")
      }
      // The first failure ends the others.
      while try await group.next() != nil {}
    }
  }

  private static func reason(_ error: any Error) -> String {
    if case SocketError.failed(_, let code, let message) = error { return code == EADDRINUSE ? "another program uses it" : message }
    return "\(error)"
  }
}
