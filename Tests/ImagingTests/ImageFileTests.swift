import Testing

@testable import Imaging

@Suite struct ImageFileTests {
  @Test(arguments: [1, 3]) func pngKeepsEveryPixel(channels: Int) throws {
    let image = ImageResizeTests.noise(width: 37, height: 21, channels: channels, seed: 11)
    #expect(try ImageFile.decode(ImageFile.png(image)) == image)
  }

  @Test(arguments: [1, 3]) func jpegKeepsASmoothPictureNearly(channels: Int) throws {
    var image = Image(width: 64, height: 40, channels: channels)
    for y in 0..<40 { for x in 0..<64 { for c in 0..<channels { image[x, y, c] = UInt8(2 * x + 2 * y + 10 * c) } } }
    let decoded = try ImageFile.decode(ImageFile.jpeg(image, quality: 95))
    #expect(decoded.width == 64 && decoded.height == 40 && decoded.channels == channels)
    #expect(zip(image.pixels, decoded.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 8 })
  }

  @Test func theHeaderBoundsTheSizeBeforeDecoding() throws {
    let file = try ImageFile.png(Image(width: 100, height: 100, channels: 1))
    #expect(throws: ImagingError.self) { try ImageFile.decode(file, maximumPixelCount: 9_999) }
    // A width of 2³¹ − 1 in the header of the same file.
    var bomb = file
    bomb.replaceSubrange(16..<20, with: [0x7F, 0xFF, 0xFF, 0xFF])
    #expect(throws: ImagingError.self) { try ImageFile.decode(bomb) }
  }

  @Test func whatIsNoPictureIsAnErrorThatNamesTheFile() {
    #expect(throws: ImagingError.self) { try ImageFile.decode([]) }
    let error = #expect(throws: ImagingError.self) { try ImageFile.decode(Array("hello".utf8), named: "a.png") }
    #expect(error?.description.contains("a.png") == true)
    let webp = #expect(throws: ImagingError.self) { try ImageFile.decode(Array("RIFF????WEBPVP8 ".utf8)) }
    #expect(webp?.description.contains("this is a WebP picture; save it as PNG or JPEG") == true)
  }

  @Test func damagedFilesNeverCrash() throws {
    for mutated in try Self.damaged(count: 5_000) {
      // Either outcome is right; what matters is that there is one.
      _ = try? ImageFile.decode(mutated, maximumPixelCount: 1 << 16)
    }
  }

  @Test func damagedHeadersNeverCrash() throws {
    for mutated in try Self.damaged(count: 10_000) { _ = ImageHeaderReader.read(mutated) }
  }

  @Test func deepGreyIsStretchedToItsRange() throws {
    // A scene of 29,075 to 30,079, one dead and one hot pixel, which do not count.
    var values = (0..<1200).map { (place: Int) -> UInt16 in UInt16(29_075 + 1004 * (place / 40) / 29) }
    (values[410], values[633]) = (0, 65_535)
    let decoded = try ImageFile.decode(ImageFile.png(grey: values, width: 40, height: 30))
    #expect(decoded.channels == 1)
    for (place, value) in values.enumerated() {
      let expected = min(255, max(0, (Double(value) - 29_075) * 255 / 1004))
      #expect(abs(Double(decoded.pixels[place]) - expected) <= 0.5)
    }
  }

  @Test func deepGreyOfOneValueIsBlack() throws {
    let file = try ImageFile.png(grey: [UInt16](repeating: 4_000, count: 12), width: 4, height: 3)
    #expect(try ImageFile.decode(file).pixels == [UInt8](repeating: 0, count: 12))
  }

  @Test func deepGreyIsReadAsStoredWhateverItsGamma() throws {
    let values = (0..<256).map { (level: Int) -> UInt16 in UInt16(200 * level) }
    let plain = try ImageFile.png(grey: values, width: 16, height: 16)
    // A chunk gAMA of 45,455 behind the header chunk (8 + 25 bytes), with its checksum.
    let gamma: [UInt8] = [0, 0, 0, 4, 0x67, 0x41, 0x4D, 0x41, 0, 0, 0xB1, 0x8F, 0x0B, 0xFC, 0x61, 0x05]
    let marked = Array(plain[..<33]) + gamma + Array(plain[33...])
    #expect(try ImageFile.decode(marked) == ImageFile.decode(plain))
  }

  @Test(arguments: 1...8, [true, false]) func exifTurnsThePicture(value: Int, isBigEndian: Bool) throws {
    // A letter F without symmetry, in blocks of 16 pixels, as it is to be seen.
    let letter = ["###", "#..", "##.", "#.."]
    var shown = Image(width: 48, height: 64, channels: 1)
    for y in 0..<64 { for x in 0..<48 { shown[x, y, 0] = Array(letter[y / 16])[x / 16] == "#" ? 230 : 20 } }
    // The stored picture by its definition (CIPA DC-008): which side of what is seen its first row and its first column are.
    let sides: [(row: Character, column: Character)] = [
      ("t", "l"), ("t", "r"), ("b", "r"), ("b", "l"), ("l", "t"), ("r", "t"), ("r", "b"), ("l", "b"),
    ]
    let (row, column) = sides[value - 1]
    let isSideways = value > 4
    var stored = Image(width: isSideways ? 64 : 48, height: isSideways ? 48 : 64, channels: 1)
    for r in 0..<stored.height {
      for c in 0..<stored.width {
        var (x, y) = (0, 0)
        for (side, distance) in [(row, r), (column, c)] {
          switch side {
          case "t": y = distance
          case "b": y = 63 - distance
          case "l": x = distance
          default: x = 47 - distance
          }
        }
        stored[c, r, 0] = shown[x, y, 0]
      }
    }
    let decoded = try ImageFile.decode(
      Self.marked(ImageFile.jpeg(stored, quality: 95), orientation: value, isBigEndian: isBigEndian))
    #expect(decoded.width == 48 && decoded.height == 64)
    #expect(zip(decoded.pixels, shown.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 40 })
  }

  @Test func marksThatCannotBeReadLeaveThePicture() throws {
    let file = try ImageFile.jpeg(ImageResizeTests.noise(width: 24, height: 16, channels: 3, seed: 2))
    let decoded = try ImageFile.decode(file)
    for value in [0, 9, 65_535] {
      #expect(try ImageFile.decode(Self.marked(file, orientation: value, isBigEndian: true)) == decoded)
    }
    let marked = Self.marked(file, orientation: 6, isBigEndian: false)
    // Each byte of the mark changed to its opposite: turned, or not, but never a fault.
    for place in 6..<40 {
      var broken = marked
      broken[place] ^= 0xFF
      _ = try? ImageFile.decode(broken)
    }
  }

  /// A JPEG with an APP1 segment of EXIF behind its first two bytes, whose one entry is the orientation.
  static func marked(_ jpeg: [UInt8], orientation: Int, isBigEndian: Bool) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isBigEndian ? bytes.reversed() : bytes
    }
    let header = Array((isBigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4)
    let entry = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + number(0, 2)
    let tiff = header + number(1, 2) + entry + number(0, 4)
    let segment = Array("Exif".utf8) + [0, 0] + tiff
    let length = segment.count + 2
    return Array(jpeg[..<2]) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + segment + Array(jpeg[2...])
  }

  /// So many damaged files of each format: bytes changed, the end cut off.
  static func damaged(count: Int) throws -> [[UInt8]] {
    let image = ImageResizeTests.noise(width: 16, height: 16, channels: 3, seed: 5)
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    return [try ImageFile.png(image), try ImageFile.jpeg(image)].flatMap { file in
      (0..<count).map { _ in
        var mutated = file
        for _ in 0...next(4) { mutated[next(mutated.count)] = UInt8(next(256)) }
        if next(3) == 0 { mutated.removeLast(next(mutated.count)) }
        return mutated
      }
    }
  }
}
