import Testing

@testable import Video

@Suite struct FramePatternTests {
  @Test func paddedNumbersHaveAtLeastTheirDigits() throws {
    let pattern = try #require(FramePattern("shot_%04d.png"))
    #expect(pattern.number(in: "shot_0012.png") == "0012")
    #expect(pattern.number(in: "shot_12345.png") == "12345")
    for name in ["shot_012.png", "shot_01234.png", "shot_00x2.png", "shot_.png", "shot_0012.jpg", "hot_0012.png", "shot_-001.png"] {
      #expect(pattern.number(in: name) == nil)
    }
  }

  @Test func plainNumbersHaveNoLeadingZeros() throws {
    let pattern = try #require(FramePattern("%d.ppm"))
    #expect(pattern.number(in: "0.ppm") == "0")
    #expect(pattern.number(in: "17.ppm") == "17")
    #expect(pattern.number(in: "07.ppm") == nil)
  }

  @Test func perCentSignsAreEscapedByDoubling() throws {
    let pattern = try #require(FramePattern("100%%_%02d"))
    #expect(pattern.prefix == "100%_")
    #expect(pattern.number(in: "100%_07") == "07")
  }

  @Test(arguments: ["plain.png", "%s.png", "%", "%6d.png", "%0d%0d", "%04d_%04d", "%0000d", "%04", "%-4d"])
  func otherPlacesForNumbersAreNoPattern(_ name: String) {
    #expect(FramePattern(name) == nil || name == "%0d")
  }
}
