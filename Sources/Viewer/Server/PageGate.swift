import FlyingFox
import Foundation
import Records
import Synchronization

/// Answers requests: refuses what is not for this page, serves the rest.
final class PageGate: HTTPHandler {
  private let content: PageServer.Content
  private let token: String
  private let nonce: String
  /// Known once the server listens; nothing is answered before.
  private let port = Mutex<UInt16?>(nil)

  /// A longer list of decisions is refused, bytes.
  static let greatestReview = 4 << 20
  /// What is sent at a time, bytes.
  private static let pieceSize = 1 << 18
  /// How long a page waits for the first part of a stream, seconds: a file of tracks that is no stream comes as a whole.
  private static let longestReading = 300.0
  /// The most of a video that one answer holds, bytes.
  private static let greatestPiece = 8 << 20

  init(content: PageServer.Content, token: String, nonce: String) {
    self.content = content
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
    case (.GET, "video"), (.HEAD, "video"): return try video(request)
    case (.GET, "review"): return try answer(.ok, "application/json", Data(review().utf8))
    case (.GET, "live"): return try await live(request)
    case (.PUT, "review"): return try await saveReview(request)
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

  private func answer(_ status: HTTPStatusCode, _ type: String = "text/plain", _ body: Data = Data()) -> HTTPResponse {
    HTTPResponse(
      statusCode: status, headers: headers(type), body: HTTPBodySequence(data: body, suggestedBufferSize: PageGate.pieceSize))
  }

  private func headers(_ type: String) -> HTTPHeaders {
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
    let growth = source.state?.isComplete == true ? nil : place("growth")
    let video: ViewPage.Video = content.video == nil ? .none : .linked(place("video"))
    return ViewPage.served(.init(data: place("data"), growth: growth, review: place("review")), video: video, nonce: nonce)
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

  private func review() throws -> String { JSONValue.list(try (content.source?.files.review() ?? []).map(\.json)).json }

  /// A WebSocket's handshake. Pages of other addresses may try one without asking, so it must come from our own page.
  private func live(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let broadcast = content.broadcast else { return answer(.notFound) }
    guard let host = request.headers[.host], request.headers[HTTPHeader("Origin")] == "http://\(host)" else {
      return answer(.forbidden)
    }
    return try await WebSocketHTTPHandler(handler: LiveSocket(broadcast: broadcast)).handleRequest(request)
  }

  private func video(_ request: HTTPRequest) throws -> HTTPResponse {
    guard let video = content.video, let size = PageGate.size(of: video.path) else { return answer(.notFound) }
    var headers = headers(video.type)
    headers[.acceptRanges] = "bytes"
    guard let range = try? ByteRange(request.headers[.range], size: size) else {
      headers[.contentRange] = "bytes */\(size)"
      return HTTPResponse(statusCode: .rangeNotSatisfiable, headers: headers)
    }
    guard request.method == .GET else {
      headers[.contentLength] = String(range.bytes.count)
      return HTTPResponse(statusCode: .ok, headers: headers)
    }
    guard !range.isWhole else { return HTTPResponse(statusCode: .ok, headers: headers, body: try whole(video.path, size)) }
    // A player asks for the rest when it has played this.
    let end = min(range.bytes.upperBound, range.bytes.lowerBound + PageGate.greatestPiece)
    let bytes = range.bytes.lowerBound..<end
    let piece = try PageGate.piece(bytes, of: video.path)
    headers[.contentRange] = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(size)"
    let body = HTTPBodySequence(data: piece, suggestedBufferSize: PageGate.pieceSize)
    return HTTPResponse(statusCode: .partialContent, headers: headers, body: body)
  }

  /// A file that has lost its name can only be read by its descriptor, which the server's own reader of files does not follow.
  private func whole(_ path: String, _ size: Int) throws -> HTTPBodySequence {
    guard size > PageGate.greatestPiece else {
      return HTTPBodySequence(data: try PageGate.piece(0..<size, of: path), suggestedBufferSize: PageGate.pieceSize)
    }
    return try HTTPBodySequence(file: URL(fileURLWithPath: path), range: 0..<size, suggestedBufferSize: PageGate.pieceSize)
  }

  private static func piece(_ bytes: Range<Int>, of path: String) throws -> Data {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(bytes.lowerBound))
    return try file.read(upToCount: bytes.count) ?? Data()
  }

  private static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  private func saveReview(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let path = content.reviewPath else { return answer(.notFound) }
    guard let length = request.headers[.contentLength].flatMap({ Int($0) }), (0...PageGate.greatestReview).contains(length) else {
      return answer(.payloadTooLarge)
    }
    let body = try await request.bodyData
    do {
      let decisions = try ReviewDecision.read(bytes: Array(body), name: path)
      try ReviewDecision.write(decisions, path: path)
    } catch {
      return answer(.badRequest, "text/plain", Data("\(error)".utf8))
    }
    return answer(.noContent)
  }
}
