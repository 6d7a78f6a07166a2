import FlyingFox
import Foundation
import Records
import Synchronization

/// Answers requests: refuses what is not for this page, serves the rest.
final class PageGate: HTTPHandler {
  let content: PageServer.Content
  private let token: String
  private let nonce: String
  private let review: ReviewList?
  /// Known once the server listens; nothing is answered before.
  private let port = Mutex<UInt16?>(nil)

  /// A longer list of changes is refused, bytes.
  static let greatestReview = 4 << 20
  /// What is sent at a time, bytes.
  static let pieceSize = 1 << 18
  /// How long a page waits for the first part of a stream, seconds: a file of tracks that is no stream comes as a whole.
  private static let longestReading = 300.0

  init(content: PageServer.Content, token: String, nonce: String) {
    self.content = content
    review = content.reviewPath.map(ReviewList.init)
    self.token = token
    self.nonce = nonce
  }

  func open(port: UInt16) { self.port.withLock { $0 = port } }

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard isHostOurs(request), let name = name(request.path) else { return answer(.forbidden) }
    switch (request.method, name) {
    case (.GET, ""), (.HEAD, ""): return answer(.ok, "text/html; charset=utf-8", page())
    case (.GET, "data"): return try await data()
    case (.GET, "growth"): return answer(.ok, "application/json", Data(growth.utf8))
    case (.GET, "video"), (.HEAD, "video"): return try answer(request, content.parts.video)
    case (.GET, "copy"), (.HEAD, "copy"): return try answer(request, content.parts.copy?.made)
    case (.GET, "mosaic"): return mosaic()
    case (.GET, "parts"): return answer(.ok, "application/json", Data(content.parts.json.json.utf8))
    case (.PUT, "copy"): return start(content.parts.copy)
    case (.PUT, "mosaic"): return start(content.parts.mosaic)
    case (.GET, "review"): return try reviewAnswer { try $0.decisions() }
    case (.GET, "live"): return try await live(request)
    case (.POST, "review"): return try await changeReview(request)
    default: return answer(.notFound)
    }
  }

  // MARK: Refusing

  private func isHostOurs(_ request: HTTPRequest) -> Bool {
    guard let port = port.withLock({ $0 }), let host = request.headers[.host] else { return false }
    return host == "127.0.0.1:\(port)" || host == "localhost:\(port)"
  }

  /// What is asked for below the token, nothing for the page itself; nil for another token or deeper paths.
  private func name(_ path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts[0].isEmpty, PageGate.isEqual(String(parts[1]), token) else { return nil }
    return parts.count == 3 ? String(parts[2]) : ""
  }

  /// Takes as long for a word that is nearly right as for one that is wrong from the first letter.
  private static func isEqual(_ a: String, _ b: String) -> Bool {
    guard a.utf8.count == b.utf8.count else { return false }
    return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  // MARK: Answering

  func answer(_ status: HTTPStatusCode, _ type: String = "text/plain", _ body: Data = Data()) -> HTTPResponse {
    HTTPResponse(
      statusCode: status, headers: headers(type), body: HTTPBodySequence(data: body, suggestedBufferSize: PageGate.pieceSize))
  }

  func headers(_ type: String) -> HTTPHeaders {
    [
      .contentType: type, .cacheControl: "no-store",
      HTTPHeader("Content-Security-Policy"): ViewPage.policy(video: "'self'", connect: "'self'", nonce: nonce)
        + "; frame-ancestors 'none'",
      HTTPHeader("X-Content-Type-Options"): "nosniff", HTTPHeader("Referrer-Policy"): "no-referrer",
      HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
    ]
  }

  private func page() -> Data {
    let place = { (name: String) in "/\(self.token)/\(name)" }
    guard let source = content.source else {
      return ViewPage.served(.init(live: place("live")), video: .none, nonce: nonce)
    }
    let parts = content.parts
    let served = ViewPage.Served(
      data: place("data"), growth: source.state?.isComplete == true ? nil : place("growth"), review: place("review"),
      parts: parts.isEmpty ? nil : place("parts"), copy: parts.copy.map { _ in place("copy") },
      mosaic: parts.mosaic.map { _ in place("mosaic") })
    return ViewPage.served(served, video: parts.video.map { _ in .linked(place("video")) } ?? .none, nonce: nonce)
  }

  private func data() async throws -> HTTPResponse {
    guard let source = content.source else { return answer(.notFound) }
    // Parts come long before; a reading that has failed ends the server.
    guard let state = try await source.state(within: PageGate.longestReading) else { return answer(.serviceUnavailable) }
    return answer(.ok, "application/octet-stream", state.bytes)
  }

  private var growth: String {
    let state = content.source?.state
    return JSONValue.object([
      ("version", .integer(state?.version ?? 0)), ("isComplete", .flag(state?.isComplete ?? false)),
      ("isReading", .flag(state?.isReading ?? true)),
    ]).json
  }

  private func reviewAnswer(_ decisions: (ReviewList) throws -> [ReviewDecision]) throws -> HTTPResponse {
    guard let review else { return answer(.notFound) }
    do {
      return answer(.ok, "application/json", Data(JSONValue.list(try decisions(review).map(\.json)).json.utf8))
    } catch {
      return answer(.badRequest, "text/plain", Data("\(error)".utf8))
    }
  }

  /// A WebSocket's handshake. Pages of other addresses may try one without asking, so it must come from our own page.
  private func live(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let broadcast = content.broadcast else { return answer(.notFound) }
    guard let host = request.headers[.host], request.headers[HTTPHeader("Origin")] == "http://\(host)" else {
      return answer(.forbidden)
    }
    return try await WebSocketHTTPHandler(handler: LiveSocket(broadcast: broadcast)).handleRequest(request)
  }

  private func changeReview(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let length = request.headers[.contentLength].flatMap({ Int($0) }), (0...PageGate.greatestReview).contains(length) else {
      return answer(.payloadTooLarge)
    }
    let body = try await request.bodyData
    return try reviewAnswer { try $0.change(by: Array(body)) }
  }
}
