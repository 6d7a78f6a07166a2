import Foundation

/// Image files of a few bytes, made here or by FFmpeg's testsrc.
enum SmallImages {
  /// Binary PPM; `pixel` gives red, green and blue.
  static func ppm(width: Int, height: Int, _ pixel: (_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8)) -> [UInt8] {
    var bytes = Array("P6\n\(width) \(height)\n255\n".utf8)
    for y in 0..<height {
      for x in 0..<width {
        let (red, green, blue) = pixel(x, y)
        bytes += [red, green, blue]
      }
    }
    return bytes
  }

  /// A grey PGM of one value.
  static func pgm(width: Int, height: Int, value: UInt8) -> [UInt8] {
    Array("P5\n\(width) \(height)\n255\n".utf8) + [UInt8](repeating: value, count: width * height)
  }

  /// A JPEG of 16x12 pixels.
  static let jpeg = decoded(
    """
    /9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgQEBMQExYWFhYWFhoYGhsbGxoaGhobGxsdHR0iIiIdHR0bGx0dICAiIiUmJSMj
    IiMmJigoKDAwLi44ODpFRVP/xABwAAADAQAAAAAAAAAAAAAAAAACBgQHAQEBAQEAAAAAAAAAAAAAAAAGBQMHEAACAQMEAQUBAQAAAAAAAAABAgMEIRExEgAF
    YYFxgiPwQVERAAICAQQCAwEBAAAAAAAAAAIBEQMEMQAhElEFIhNBFDL/wAARCAAMABADARIAAhIAAxIA/9oADAMBAAIRAxEAPwBGWNU6mJhnMhct8ZcD955Z
    DXsaBQYKYiPQGO13vkbvX3429NSA2OyPmXE/qUPheFwm/L2Y9Thu7JsnKywQdIELoHlE9Ifje1OSd9WfUaDrijjjVArsvuNmclr8mhlaQK4ndfMwq7sEsoWe
    OdkdxoarA+tnUeySbcLSXxvT6qqkpezpymPsmjjYHQrIY0J1FwGJU/744JoEn7MK8s5sXB3jKMmwgplTgg/3Ww5zT05klCfBarzDJrab1uesmoh/lw6uoyiq
    p6l/qNez3Ax8eq2z2dpAmdLxHWX6PYSEofhp8rTR6pbww7ywrMgEhtTux6yd0mzRUXWSfK7MXWus6Jvf/9k=
    """)

  /// A PNG of 16x12 pixels.
  static let png = decoded(
    """
    iVBORw0KGgoAAAANSUhEUgAAABAAAAAMCAIAAADkharWAAAACXBIWXMAAAABAAAAAQBPJcTWAAAAZElEQVR4nOWRwQmAQAwEtxPtRDvRTrQT7UQ70U7GS7iI
    4IHc25DAbtjJJ5IX3mnIEpJCt7OFl56AZwqA33oBkSkDBKIg+ATyzV8CZkax60ATasz3YrX4gjpaMYvT/IaGeqD20xcrswkGLS5PHAAAAABJRU5ErkJggg==
    """)

  /// The PNG above with another size in its header, and the header's checksum made good.
  static func png(claimingWidth width: Int, height: Int) -> [UInt8] {
    var bytes = png
    for byte in 0..<4 {
      bytes[16 + byte] = UInt8(truncatingIfNeeded: width >> (24 - 8 * byte))
      bytes[20 + byte] = UInt8(truncatingIfNeeded: height >> (24 - 8 * byte))
    }
    let sum = checksum(bytes[12..<29])
    for byte in 0..<4 { bytes[29 + byte] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * byte)) }
    return bytes
  }

  /// CRC-32 as PNG wants it.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  private static func decoded(_ text: String) -> [UInt8] {
    Data(base64Encoded: text, options: .ignoreUnknownCharacters).map(Array.init) ?? []
  }
}
