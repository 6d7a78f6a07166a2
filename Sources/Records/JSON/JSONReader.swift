internal import CSimdjson

/// Parses JSON texts with simdjson, one at a time, and hands out views into the last one.
///
/// Owns the C parser; used by one thread at a time.
final class JSONReader {
  private let parser: OpaquePointer

  /// Why a text is not JSON.
  struct Problem: Error {
    var reason: String
  }

  /// - Parameters:
  ///   - maximumBytes: A longer text is refused.
  ///   - maximumDepth: More deeply nested text is refused.
  init(maximumBytes: Int, maximumDepth: Int = 64) throws(Problem) {
    var made: OpaquePointer?
    var message = [CChar](repeating: 0, count: Int(SX_JSON_MESSAGE_SIZE))
    let status = sx_json_parser_create(maximumBytes, maximumDepth, &made, &message)
    guard status == SX_JSON_OK, let made else { throw Problem(reason: JSONReader.text(message)) }
    parser = made
  }

  deinit {
    sx_json_parser_destroy(parser)
  }

  /// Parses a text and lends its root; views into it end with the closure.
  func withRoot<Result, Failure: Error>(
    of text: UnsafeBufferPointer<UInt8>, _ body: (JSONView) throws(Failure) -> Result
  ) throws(Failure) -> Swift.Result<Result, Problem> {
    var root = sx_json_value()
    var message = [CChar](repeating: 0, count: Int(SX_JSON_MESSAGE_SIZE))
    let status = UnsafeRawBufferPointer(text).withMemoryRebound(to: CChar.self) {
      sx_json_parse(parser, $0.baseAddress, $0.count, &root, &message)
    }
    guard status == SX_JSON_OK else { return .failure(Problem(reason: JSONReader.text(message))) }
    return .success(try body(JSONView(value: root)))
  }

  private static func text(_ message: [CChar]) -> String {
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    var text = String(decoding: bytes, as: UTF8.self)
    if text.last == "." { text.removeLast() }
    return text
  }
}
