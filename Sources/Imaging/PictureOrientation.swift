/// How a stored picture is to be shown: the eight values of EXIF's tag 0x0112 (CIPA DC-008, "Orientation").
public enum PictureOrientation: Int, Sendable {
  /// The first row is at the top, the first column at the left.
  case upright = 1
  /// Mirrored left to right.
  case mirrored
  /// Turned by a half.
  case turnedHalf
  /// Mirrored top to bottom.
  case flipped
  /// Mirrored along the falling diagonal: rows become columns.
  case transposed
  /// To be turned by a quarter clockwise.
  case turnedClockwise
  /// Mirrored along the rising diagonal.
  case transversed
  /// To be turned by a quarter counter-clockwise.
  case turnedCounterclockwise

  /// Whether rows become columns.
  var isSideways: Bool { rawValue >= PictureOrientation.transposed.rawValue }

  /// The stored place of the shown pixel (x, y) of a picture that is stored with a width and a height.
  func stored(_ x: Int, _ y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    switch self {
    case .upright: (x, y)
    case .mirrored: (width - 1 - x, y)
    case .turnedHalf: (width - 1 - x, height - 1 - y)
    case .flipped: (x, height - 1 - y)
    case .transposed: (y, x)
    case .turnedClockwise: (y, height - 1 - x)
    case .transversed: (width - 1 - y, height - 1 - x)
    case .turnedCounterclockwise: (width - 1 - y, x)
    }
  }
}

extension PictureOrientation {
  private static let tag = 0x0112
  /// Fields of two bytes (TIFF 6.0, "SHORT").
  private static let short = 3

  /// The orientation in the first directory of a JPEG's APP1 segment; nil where there is none that can be read.
  init?(exif segment: ArraySlice<UInt8>) {
    let bytes = Array(segment)
    guard bytes.count >= 14, bytes.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) else { return nil }  // "Exif", two zeros
    let isBigEndian = bytes[6] == 0x4D  // "MM", or "II"
    guard bytes[7] == bytes[6], isBigEndian || bytes[6] == 0x49 else { return nil }
    /// An unsigned number at a place of the TIFF part; nil beyond its end.
    func number(_ place: Int, _ count: Int) -> Int? {
      let start = 6 + place
      guard place >= 0, start + count <= bytes.count else { return nil }
      let part = bytes[start..<start + count]
      return isBigEndian ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    // Bounded: `count` is of two bytes, and a place beyond the segment's end is nil.
    for entry in 0..<count {
      let place = directory + 2 + 12 * entry
      guard let tag = number(place, 2) else { return nil }
      guard tag == PictureOrientation.tag else { continue }
      guard number(place + 2, 2) == PictureOrientation.short, let value = number(place + 8, 2) else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}

extension Image {
  /// The picture as it is to be shown.
  func upright(_ orientation: PictureOrientation) -> Image {
    guard orientation != .upright else { return self }
    let size = orientation.isSideways ? (width: height, height: width) : (width: width, height: height)
    var turned = [UInt8]()
    turned.reserveCapacity(pixels.count)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let (column, row) = orientation.stored(x, y, width: width, height: height)
        let start = (row * width + column) * channels
        turned += pixels[start..<start + channels]
      }
    }
    return Image(width: size.width, height: size.height, channels: channels, pixels: turned)
  }
}
