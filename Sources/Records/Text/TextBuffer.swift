/// Bytes of text under construction, kept from one use to the next so that writing allocates nothing once warm.
public struct TextBuffer: Sendable {
  /// Storage; only the first `count` bytes are text.
  private var storage: [UInt8]
  /// The number of bytes written.
  public private(set) var count = 0

  /// - Parameter capacity: Bytes set aside; it grows where a text needs more.
  public init(capacity: Int = 4096) {
    storage = [UInt8](repeating: 0, count: max(64, capacity))
  }

  /// Forgets the text and keeps the room.
  public mutating func removeAll() { count = 0 }

  /// Takes the last byte back.
  public mutating func removeLast() { count = max(0, count - 1) }

  /// The text so far.
  public var bytes: ArraySlice<UInt8> { storage[..<count] }

  /// The text as a string.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Gives the text's bytes without a copy; the pointer must not leave the closure.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  /// Hands the text out and begins anew once it is longer than half of what one output takes at a time.
  mutating func drainIfFull(_ output: (TextBuffer) throws(RecordsError) -> Void) throws(RecordsError) {
    guard count > TextBuffer.drainedLength else { return }
    try output(self)
    removeAll()
  }

  /// Bytes; outputs send 64 KiB at a time.
  private static let drainedLength = 1 << 15

  /// Gives room for `limit` more bytes; `body` fills a part of it from the front and returns how many it filled.
  @inline(__always)
  mutating func write(atMost limit: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    let needed = count + limit
    if needed > storage.count {
      storage.append(contentsOf: repeatElement(0, count: max(needed - storage.count, storage.count)))
    }
    storage.withUnsafeMutableBufferPointer { buffer in
      // In bounds: the storage is never empty and has at least count + limit bytes.
      let written = body(buffer.baseAddress.unsafelyUnwrapped + count)
      assert(written <= limit)
      count += written
    }
  }

  /// Appends one byte.
  @inline(__always)
  public mutating func append(byte: UInt8) {
    write(atMost: 1) { room in
      room.pointee = byte
      return 1
    }
  }

  /// Appends a literal.
  @inline(__always)
  public mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    let source = text.utf8Start
    write(atMost: length) { room in
      room.update(from: source, count: length)
      return length
    }
  }

  /// Appends text as UTF-8.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(contentsOf: $0) }
  }

  /// Appends bytes, which are valid UTF-8 where the whole is to be text.
  public mutating func append(contentsOf bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    write(atMost: bytes.count) { room in
      room.update(from: source, count: bytes.count)
      return bytes.count
    }
  }

  /// Appends bytes, which are valid UTF-8 where the whole is to be text.
  public mutating func append(contentsOf bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
  }
}
