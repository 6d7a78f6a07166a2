/// A part of a file, without a copy of its bytes.
public struct ByteRegion: Sendable {
  /// The file that it is a part of.
  public let file: FileBytes
  /// Lies within the file's bytes.
  let range: Range<Int>

  /// Its length in bytes.
  public var count: Int { range.count }

  /// Runs `body` on the region's bytes, which are valid during the call.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try file.bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// A part of the region by offset and length; nil where it is not inside.
  public func part(offset: Int, count: Int) -> ByteRegion? {
    guard offset >= 0, count >= 0, offset <= range.count, count <= range.count - offset else { return nil }
    let start = range.lowerBound + offset
    return ByteRegion(file: file, range: start..<start + count)
  }

  /// The bytes as UTF-8 text; wrong sequences become replacement characters.
  public var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}
