/// Packs a text while it is written. Used by one thread at a time.
protocol PackingEncoder: AnyObject {
  /// Packs bytes and hands out what is packed so far, in pieces.
  func encode(
    _ input: UnsafeRawBufferPointer, _ step: PackingStep, _ output: (UnsafeRawBufferPointer) throws(RecordsError) -> Void
  ) throws(RecordsError)
}

/// What follows bytes that are packed.
enum PackingStep {
  /// More: what is packed of them may be held back.
  case goOn
  /// More, but a reader is to see all up to here; the packed bytes become other, and more.
  case flush
  /// Nothing: all is handed out, with what ends the file. Done once.
  case end
}
