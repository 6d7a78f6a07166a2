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
