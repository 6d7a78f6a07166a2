import FlyingFox
import FlyingSocks
import Foundation
import Records

/// Serves one page to browsers of this machine until its task is cancelled.
///
/// It listens on 127.0.0.1 alone. Every path begins with a random token, so that other people and pages cannot guess it, and the Host
/// header must be this server's own, so that a name which someone points at 127.0.0.1 is refused (rebinding). Nothing is served but the
/// page, its columns and the video.
public struct PageServer: Sendable {
  /// What is served.
  public struct Content: Sendable {
    /// The stream.
    public var source: ViewSource
    /// The video's file with its type; nil for none.
    public var video: (path: String, type: String)?
    /// Where decisions of a review are written.
    public var reviewPath: String

    /// Content by its parts.
    public init(source: ViewSource, video: (path: String, type: String)?, reviewPath: String) {
      self.source = source
      self.video = video
      self.reviewPath = reviewPath
    }
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

  /// How long an answer may take to begin, seconds: a stream of millions of rows is read for it.
  private static let timeout = 300.0

  /// Serves until cancelled.
  ///
  /// - Parameter onReady: Called with the page's address once it can be opened.
  /// - Throws: `ViewerError.cannotListen`.
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
      group.addTask {
        try await server.waitUntilListening(timeout: 10)
        guard case .ip4(_, let bound)? = await server.listeningAddress else { return }
        gate.open(port: bound)
        onReady("http://127.0.0.1:\(bound)/\(token)/")
      }
      try await group.next()
      try await group.waitForAll()
    }
  }

  private static func reason(_ error: any Error) -> String {
    if case SocketError.failed(_, let code, let message) = error { return code == EADDRINUSE ? "another program uses it" : message }
    return "\(error)"
  }
}
