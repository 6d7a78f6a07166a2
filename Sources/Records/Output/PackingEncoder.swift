/// Packs a text while it is written. Used by one thread at a time.
protocol PackingEncoder: AnyObject {
  /// Packs bytes and hands out what is packed so far, in pieces.
  ///
  /// - Parameter isLast: Whether nothing follows; then all is handed out, with what ends the file. Done once.
  func encode(
    _ input: UnsafeRawBufferPointer, isLast: Bool, _ output: (UnsafeRawBufferPointer) throws(RecordsError) -> Void
  ) throws(RecordsError)
}
