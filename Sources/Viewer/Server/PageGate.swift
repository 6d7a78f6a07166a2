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
    case (.GET, ""), (.HEAD, ""): return answer(.ok, "text/html; charset=utf-8", await page())
    case (.GET, "data"): return try await answer(.ok, "application/octet-stream", content.source.data().bytes)
    case (.GET, "growth"): return try await answer(.ok, "application/json", Data(growth().utf8))
    case (.GET, "video"), (.HEAD, "video"): return try video(request)
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

  private func page() async -> Data {
    let growth = await content.source.isComplete ? nil : "/\(token)/growth"
    let video: ViewPage.Video = content.video == nil ? .none : .linked("/\(token)/video")
    return ViewPage.served(
      .init(data: "/\(token)/data", growth: growth, review: "/\(token)/review"), video: video, nonce: nonce)
  }

  private func growth() async throws -> String {
    let state = try await content.source.data()
    return JSONValue.object([("version", .integer(state.version)), ("isComplete", .flag(state.isComplete))]).json
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
    guard let length = request.headers[.contentLength].flatMap({ Int($0) }), (0...PageGate.greatestReview).contains(length) else {
      return answer(.payloadTooLarge)
    }
    let body = try await request.bodyData
    do {
      let decisions = try ReviewDecision.read(bytes: Array(body), name: content.reviewPath)
      try ReviewDecision.write(decisions, path: content.reviewPath)
      await content.source.take(decisions)
    } catch {
      return answer(.badRequest, "text/plain", Data("\(error)".utf8))
    }
    return answer(.noContent)
  }
}
