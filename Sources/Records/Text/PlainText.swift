/// A file's text, unpacked on the way where it is packed.
public enum PlainText {
  private static let chunk = 1 << 16

  /// Hands the text out piece by piece.
  ///
  /// - Throws: `RecordsError` for a file that cannot be read or is damaged.
  public static func read(_ path: String, _ body: (UnsafeRawBufferPointer) -> Void) throws(RecordsError) {
    let source = try ByteSource(path: path)
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 1)
    defer { room.deallocate() }
    while true {
      let count = try source.read(into: room)
      guard count > 0 else { return }
      body(UnsafeRawBufferPointer(rebasing: room.prefix(count)))
    }
  }
}
