/// The fields of a TIFF file's first picture (TIFF revision 6.0, 1992, sections 2, 3, 15 and 19).
struct TIFFFields {
  enum Tag: Int {
    case width = 256
    case height = 257
    case bitsPerSample = 258
    case compression = 259
    case stripOffsets = 273
    case samplesPerPixel = 277
    case stripByteCounts = 279
    case tileWidth = 322
    case tileOffsets = 324
    case tileByteCounts = 325
    case sampleFormat = 339
  }

  private let bytes: [UInt8]
  private let isBigEndian: Bool
  /// Where the entry of each known tag stands, 12 bytes each.
  private var entries: [Int: Int] = [:]

  /// nil where the bytes are no TIFF file.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 8 else { return nil }
    switch Array(bytes[0..<4]) {
    case [0x49, 0x49, 42, 0]: isBigEndian = false
    case [0x4D, 0x4D, 0, 42]: isBigEndian = true
    default: return nil
    }
    self.bytes = bytes
    guard let start = word(at: 4).map(Int.init), let count = half(at: start) else { return nil }
    for index in 0..<count {
      let place = start + 2 + 12 * index
      guard place + 12 <= bytes.count, let tag = half(at: place) else { return nil }
      if Tag(rawValue: tag) != nil, entries[tag] == nil { entries[tag] = place }
    }
  }

  var byteCount: Int { bytes.count }

  /// Whether a strip or tile of the picture reaches beyond the file.
  var isCutOff: Bool {
    [(Tag.stripOffsets, Tag.stripByteCounts), (.tileOffsets, .tileByteCounts)].contains { offsets, lengths in
      guard entries[offsets.rawValue] != nil else { return false }
      let (places, counts) = (values(offsets), values(lengths))
      // A list that is not in the file is empty here.
      return places.isEmpty || zip(places, counts).contains { $0 + $1 > bytes.count }
    }
  }

  func first(_ tag: Tag) -> Int? { values(tag, limit: 1).first }

  /// The whole numbers of a field; empty where it is missing or reaches beyond the file.
  func values(_ tag: Tag, limit: Int = .max) -> [Int] {
    guard let place = entries[tag.rawValue], let kind = half(at: place + 2), let count = word(at: place + 4).map(Int.init) else {
      return []
    }
    // SHORT and LONG; four bytes or less stand in the entry itself.
    guard kind == 3 || kind == 4, count > 0 else { return [] }
    let size = kind == 3 ? 2 : 4
    guard let start = count * size <= 4 ? place + 8 : word(at: place + 8).map(Int.init), start + count * size <= bytes.count
    else {
      return []
    }
    return (0..<min(count, limit)).compactMap { size == 2 ? half(at: start + 2 * $0) : word(at: start + 4 * $0).map(Int.init) }
  }

  func half(at place: Int) -> Int? {
    guard place >= 0, place + 2 <= bytes.count else { return nil }
    let (first, second) = (Int(bytes[place]), Int(bytes[place + 1]))
    return isBigEndian ? first << 8 | second : second << 8 | first
  }

  func word(at place: Int) -> UInt32? {
    guard place >= 0, place + 4 <= bytes.count else { return nil }
    let (a, b, c, d) = (UInt32(bytes[place]), UInt32(bytes[place + 1]), UInt32(bytes[place + 2]), UInt32(bytes[place + 3]))
    return isBigEndian ? a << 24 | b << 16 | c << 8 | d : d << 24 | c << 16 | b << 8 | a
  }
}
