import TestSupport
import Testing

@testable import Video

@Suite struct GreyTIFFTests {
  private func read(_ bytes: [UInt8]) throws -> GreyTIFF? { try GreyTIFF(bytes, maximumSide: 1000, maximumPixels: 10_000) }

  @Test(arguments: [false, true]) func samplesComeAsTheyAre(isBigEndian: Bool) throws {
    let samples: [Float] = [-40.5, 0, 21.25, 1e6, .nan, 37]
    let picture = try #require(try read(FloatTIFF.bytes(samples, width: 3, height: 2, isBigEndian: isBigEndian)))
    #expect(picture.width == 3 && picture.height == 2 && picture.samples.map(\.bitPattern) == samples.map(\.bitPattern))
  }

  @Test func compressedFilesAreNamedAsSuch() throws {
    let bytes = FloatTIFF.bytes([1, 2], width: 2, height: 1, compression: 8)
    #expect(throws: GreyTIFF.Problem.unsupported("TIFF of 32-bit floats that is compressed")) { try read(bytes) }
    let folder = try ScratchFolder()
    try folder.write(bytes, to: "a.tif")
    #expect(throws: VideoError.unsupported(input: folder.file("a.tif"), feature: "TIFF of 32-bit floats that is compressed")) {
      try VideoSources.open(folder.path)
    }
  }

  @Test func aSmallFileCannotClaimALargePicture() throws {
    for (width, height) in [(1001, 1), (200, 100)] {
      #expect(throws: GreyTIFF.Problem.tooLarge(width: width, height: height)) {
        try read(FloatTIFF.bytes([1], width: width, height: height))
      }
    }
    #expect(throws: GreyTIFF.Problem.self) { try read(FloatTIFF.bytes([1, 2], width: 100, height: 100, stripBytes: 40_000)) }
  }

  @Test func mutatedFilesDoNoHarm() throws {
    let seed = FloatTIFF.bytes((0..<12).map(Float.init), width: 4, height: 3)
    var dice = TestRandom(seed: 5)
    var read = 0
    for _ in 0..<4000 {
      var bytes = seed
      for _ in 0...dice.index(below: 4) { bytes[dice.index(below: bytes.count)] = UInt8(dice.index(below: 256)) }
      if dice.index(below: 3) == 0 { bytes.removeLast(dice.index(below: bytes.count)) }
      if let picture = try? self.read(bytes) {
        #expect(picture.samples.count == picture.width * picture.height)
        read += 1
      }
    }
    #expect(read > 100)
  }
}
