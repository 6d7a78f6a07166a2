/// Files of other kinds that are handed in where a text is asked for, known by their first bytes.
enum ForeignContent {
  /// What a file is and what to do with it, as the end of a sentence that names the file.
  private static let kinds: [(start: [UInt8], reason: String)] = [
    (Array("PK\u{3}\u{4}".utf8), "it is a zip archive; unpack it and name the file inside"),
    (Array("PK\u{5}\u{6}".utf8), "it is an empty zip archive; name a file of rows"),
    ([0x93] + Array("NUMPY".utf8), "it is a NumPy array (.npy); save it as text with numpy.savetxt(NAME, array, delimiter=\",\")"),
    ([0xFF, 0xFE], utf16), ([0xFE, 0xFF], utf16),
    (Array("BZh".utf8), "it is packed with bzip2; unpack it with bunzip2"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "it is packed with xz; unpack it with unxz"),
    ([0x28, 0xB5, 0x2F, 0xFD], "it is packed with zstd; unpack it with unzstd"),
    ([0x37, 0x7A, 0xBC, 0xAF], "it is a 7z archive; unpack it and name the file inside"),
    (Array("Rar!".utf8), "it is a rar archive; unpack it and name the file inside"),
    ([0x89] + Array("HDF".utf8), "it is an HDF5 file; export its rows as text"),
    (Array("PAR1".utf8), "it is a Parquet file; export its rows as CSV"),
    (Array("ARROW1".utf8), "it is an Arrow file; export its rows as CSV"),
    (Array("SQLite format 3".utf8), "it is an SQLite database; export its rows as CSV"),
    (Array("MATLAB 5".utf8), "it is a MATLAB file; export its rows with writematrix"),
    (Array("%PDF".utf8), "it is a PDF document; name a file of rows"),
    ([0x89] + Array("PNG".utf8), "it is a PNG picture; name a file of rows"),
    ([0xFF, 0xD8, 0xFF], "it is a JPEG picture; name a file of rows"),
    ([0x1A, 0x45, 0xDF, 0xA3], "it is a Matroska or WebM video; name a file of rows"),
    ([0x80, 0x02], pickle), ([0x80, 0x03], pickle), ([0x80, 0x04], pickle), ([0x80, 0x05], pickle),
  ]

  private static let utf16 = "it is UTF-16 text; save it as UTF-8, as 'iconv -f UTF-16 -t UTF-8' does"
  private static let pickle = "it is a Python pickle; save its rows as text"

  /// - Parameter bytes: The beginning of the file.
  /// - Returns: nil for what may be a text.
  static func reason(_ bytes: some Collection<UInt8>) -> String? {
    if let kind = kinds.first(where: { bytes.starts(with: $0.start) }) { return kind.reason }
    let start = Array(bytes.prefix(8))
    guard start.count == 8 else { return nil }
    if start[4...].elementsEqual("ftyp".utf8) { return "it is an MP4 video; name a file of rows" }
    // Latin letters in two bytes each, without the mark at the beginning that most writers of UTF-16 set.
    let zeros = start.map { $0 == 0 }
    if zeros == [false, true, false, true, false, true, false, true]
      || zeros == [true, false, true, false, true, false, true, false]
    {
      return utf16
    }
    return start.contains(0) ? "it is no text but binary data; name a file of rows" : nil
  }
}
