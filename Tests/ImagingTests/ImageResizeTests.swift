import Imaging
import Testing

@Suite struct ImageResizeTests {
  /// A picture of reproducible noise.
  static func noise(width: Int, height: Int, channels: Int, seed: UInt64) -> Image {
    var state = seed
    return Image(
      width: width, height: height, channels: channels,
      pixels: (0..<width * height * channels).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      })
  }

  /// The mean of the source over each target pixel's area, by its definition.
  static func areaAverages(_ image: Image, width: Int, height: Int) -> [Double] {
    let (sx, sy) = (Double(image.width) / Double(width), Double(image.height) / Double(height))
    func overlap(_ cell: Int, _ scale: Double, _ pixel: Int) -> Double {
      max(0, min(Double(cell + 1) * scale, Double(pixel + 1)) - max(Double(cell) * scale, Double(pixel)))
    }
    var result: [Double] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<image.channels {
          var sum = 0.0
          for v in Int(Double(y) * sy)..<min(image.height, Int((Double(y + 1) * sy).rounded(.up))) {
            for u in Int(Double(x) * sx)..<min(image.width, Int((Double(x + 1) * sx).rounded(.up))) {
              sum += Double(image[u, v, channel]) * overlap(x, sx, u) * overlap(y, sy, v)
            }
          }
          result.append(sum / (sx * sy))
        }
      }
    }
    return result
  }

  @Test(arguments: [(64, 48, 32, 24), (64, 48, 21, 17), (65, 47, 64, 47), (50, 50, 1, 1)])
  func shrinkingTakesTheMeanOfTheCoveredArea(size: (Int, Int, Int, Int)) throws {
    for channels in [1, 3] {
      let image = Self.noise(width: size.0, height: size.1, channels: channels, seed: 7)
      let small = try image.resized(width: size.2, height: size.3)
      for (value, expected) in zip(small.pixels, Self.areaAverages(image, width: size.2, height: size.3)) {
        #expect(abs(Double(value) - expected) <= 1)
      }
    }
  }

  @Test func growingIsBilinearBetweenPixelCentres() throws {
    var ramp = Image(width: 16, height: 4, channels: 1)
    for y in 0..<4 { for x in 0..<16 { ramp[x, y] = UInt8(16 * x) } }
    let wide = try ramp.resized(width: 32, height: 4)
    for x in 1..<31 {
      // The centre x + 0.5 of the wide picture lies at (x + 0.5) / 2 of the ramp, whose value there is 16 (that - 0.5).
      #expect(abs(Double(wide[x, 2]) - 16 * ((Double(x) + 0.5) / 2 - 0.5)) <= 1)
    }
  }

  @Test func rowsOfAForeignStrideGiveTheSameAsPackedOnes() throws {
    let image = Self.noise(width: 41, height: 29, channels: 1, seed: 3)
    let stride = 64
    var padded = [UInt8](repeating: 99, count: stride * 28 + 41)
    for y in 0..<29 { for x in 0..<41 { padded[y * stride + x] = image[x, y] } }
    let small = try padded.withUnsafeBytes {
      try Image.grey(rows: $0, width: 41, height: 29, stride: stride, resizedTo: (20, 14))
    }
    #expect(try small == image.resized(width: 20, height: 14))
  }

  @Test func rowsThatDoNotLieWithinTheirBytesAreRefused() {
    let bytes = [UInt8](repeating: 0, count: 64 * 28 + 40)
    bytes.withUnsafeBytes { rows in
      #expect(throws: ImagingError.self) {
        try Image.grey(rows: rows, width: 41, height: 29, stride: 64, resizedTo: (20, 14))
      }
      #expect(throws: ImagingError.self) {
        try Image.grey(rows: rows, width: 41, height: 2, stride: 40, resizedTo: (20, 14))
      }
      #expect(throws: ImagingError.self) {
        try Image.grey(rows: rows, width: 41, height: 2, stride: 41, resizedTo: (0, 14))
      }
    }
  }

  @Test func aSizeThatCannotBeUsedIsAnError() throws {
    let image = Image(width: 4, height: 4, channels: 3)
    #expect(throws: ImagingError.self) { try image.resized(width: 0, height: 3) }
    #expect(throws: ImagingError.self) { try image.resized(width: 40_000, height: 3) }
    #expect(throws: ImagingError.self) { try image.resized(width: 32_000, height: 32_000) }
  }
}
