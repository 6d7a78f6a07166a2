import Foundation

/// Answers every HTTP request on one address with a text, one request at a time: as much of a server as a reader of metrics needs.
///
/// It is `@unchecked Sendable` because its descriptor is only closed by `stop()`, which its thread takes for the end.
final class MetricsServer: @unchecked Sendable {
  private let descriptor: Int32
  private let text: @Sendable () -> String
  /// Seconds that a reader may take for its request and to take the answer; a slow one must not hold up the next for long.
  private static let patience = 2
  /// Requests wait behind the one that is answered; more are refused by the system.
  private static let backlog: Int32 = 16

  /// Begins to listen.
  ///
  /// - Throws: `PipelineError.cannotListen`.
  init(_ address: MetricsAddress, text: @escaping @Sendable () -> String) throws {
    self.text = text
    descriptor = try MetricsServer.listen(address)
    let thread = Thread { [self] in
      while answer() {}
      close(descriptor)
    }
    thread.name = "sextant-metrics"
    thread.start()
  }

  /// The port that it listens on.
  var port: Int {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return status == 0 ? Int(UInt16(bigEndian: address.sin_port)) : 0
  }

  /// Ends the server; later calls do nothing.
  func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  private static func listen(_ address: MetricsAddress) throws -> Int32 {
    func fail(_ code: Int32) -> PipelineError { .cannotListen(address: address.text, reason: String(cString: strerror(code))) }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw fail(errno) }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = address.port.bigEndian
    place.sin_addr = address.host
    let status = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard status == 0, Foundation.listen(descriptor, backlog) == 0 else {
      let code = errno
      close(descriptor)
      throw fail(code)
    }
    return descriptor
  }

  /// Answers one request; false once the server was stopped.
  private func answer() -> Bool {
    let reader = accept(descriptor, nil, nil)
    guard reader >= 0 else { return errno == EINTR || errno == ECONNABORTED || errno == EMFILE }
    defer { close(reader) }
    var limit = timeval(tv_sec: MetricsServer.patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(reader, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    // What is asked for does not matter; a request of a reader of metrics fits into one piece.
    var request = [UInt8](repeating: 0, count: 4096)
    guard recv(reader, &request, request.count, 0) > 0 else { return true }
    let body = Array(text().utf8)
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: \(body.count)\r\n"
    var rest = Array((head + "Connection: close\r\n\r\n").utf8)[...] + body
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(reader, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// Where metrics are told: `PORT` on this machine alone, or `HOST:PORT` with an address of this machine in four numbers.
public struct MetricsAddress: Sendable, Equatable {
  /// As it was given.
  public let text: String
  let host: in_addr
  let port: UInt16

  /// nil for a text that is no such address.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let last = parts.last, let port = UInt16(last) else { return nil }
    var host = in_addr()
    guard inet_pton(AF_INET, parts.count == 2 ? String(parts[0]) : "127.0.0.1", &host) == 1 else { return nil }
    (self.text, self.host, self.port) = (text, host, port)
  }

  /// Whether the texts are the same.
  public static func == (a: MetricsAddress, b: MetricsAddress) -> Bool { a.text == b.text }
}
