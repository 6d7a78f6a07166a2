import Testing

@testable import Records

/// Expected texts and areas: pycocotools 2 (`encode`, `area`).
@Suite struct RunLengthMaskTests {
  @Test(arguments: [
    (1, 1, "01", "1"), (4, 5, "033O0OO1O1", "10011110110100010011"),
  ])
  func agreesWithPycocotools(width: Int, height: Int, text: String, bits: String) throws {
    let pixels = bits.utf8.map { $0 - 48 }
    let mask = try #require(RunLengthMask(width: width, height: height, compressed: text.utf8))
    #expect(mask.pixels == pixels)
    #expect(RunLengthMask(width: width, height: height, pixels: pixels)?.compressed == text)
    #expect(mask.area == bits.count { $0 == "1" })
  }

  @Test func decodesAnEllipseAndAPixel() throws {
    var pixels = [UInt8](repeating: 0, count: 40 * 30)
    for y in 0..<40 {
      for x in 0..<30 where Double((y - 20) * (y - 20)) / 144 + Double((x - 14) * (x - 14)) / 81 < 1 {
        pixels[y * 30 + x] = 1
      }
    }
    pixels[0] = 1
    let text = "01n7:mH4M2N2N2N2O000000000001N2N2N2N3L[8"
    let mask = try #require(RunLengthMask(width: 30, height: 40, compressed: text.utf8))
    #expect(mask.pixels == pixels)
    #expect(mask.area == 328)
    #expect(mask.compressed == text)
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(RunLengthMask(width: 2, height: 2, counts: [1, 2]) == nil)
    #expect(RunLengthMask(width: 2, height: 2, counts: [5]) == nil)
    #expect(RunLengthMask(width: 0, height: 2, counts: []) == nil)
    #expect(RunLengthMask(width: .max, height: 2, counts: []) == nil)
    #expect(RunLengthMask(width: 2, height: 2, compressed: "P".utf8) == nil)
    #expect(RunLengthMask(width: 2, height: 2, compressed: "oooooooooo".utf8) == nil)
    #expect(RunLengthMask(width: 2, height: 2, compressed: "\u{1}".utf8) == nil)
  }
}
