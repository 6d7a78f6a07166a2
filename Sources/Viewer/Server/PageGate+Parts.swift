import FlyingFox
import Foundation

/// The pictures of a page: those that are there, and what is made while it is open.
extension PageGate {
  /// The most of a video that one answer holds, bytes.
  private static let greatestPiece = 8 << 20

  func mosaic() -> HTTPResponse {
    guard let mosaic = content.parts.mosaic?.made else { return answer(.notFound) }
    return answer(.ok, "image/jpeg", Data(mosaic.jpeg))
  }

  /// Begins to make a part.
  func start<Made>(_ part: PagePart<Made>?) -> HTTPResponse {
    guard let part else { return answer(.notFound) }
    part.start()
    return answer(.accepted)
  }

  /// A video, whole or in ranges.
  func answer(_ request: HTTPRequest, _ video: PageParts.Video?) throws -> HTTPResponse {
    guard let video, let size = PageGate.size(of: video.path) else { return answer(.notFound) }
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
}
