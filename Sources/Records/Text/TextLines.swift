/// The lines of a text file, plain or packed, for modules that read a format of their own.
package enum TextLines {
  /// Gives every line with its number from 1.
  ///
  /// - Throws: `RecordsError` for a file that cannot be read or has a line above 1 MiB; what the body throws.
  package static func forEach(of path: String, _ body: ([UInt8], Int) throws -> Void) throws {
    let reader = try LineReader(path: path)
    while let line = try reader.nextLine({ (line) throws(RecordsError) in (Array(line.bytes), line.number) }) {
      try body(line.0, line.1)
    }
  }
}
