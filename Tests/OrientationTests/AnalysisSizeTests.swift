import Orientation
import Testing

@Suite("Analysis size")
struct AnalysisSizeTests {
  @Test(
    "wide frames are reduced to 640 pixels of width, small ones enlarged to twice their size, others left",
    arguments: [
      ((1280, 720), (640, 360)), ((3840, 2160), (640, 360)), ((4000, 1), (640, 1)), ((640, 512), (640, 512)),
      ((321, 240), (321, 240)),
      ((320, 180), (640, 360)), ((160, 120), (320, 240)), ((1, 1), (2, 2)),
    ])
  func analysed(frame: (Int, Int), expected: (Int, Int)) {
    let size = AnalysisSize.of(width: frame.0, height: frame.1)
    #expect(size.width == expected.0 && size.height == expected.1)
  }

  @Test(
    "small objects are looked for at the frame's size divided by a whole number",
    arguments: [
      ((320, 256), (320, 256)), ((854, 480), (854, 480)), ((960, 540), (960, 540)), ((961, 541), (480, 270)),
      ((1280, 720), (640, 360)),
      ((1920, 1080), (960, 540)), ((2560, 1440), (853, 480)), ((3840, 2160), (960, 540)), ((4000, 1), (800, 1)),
    ])
  func fine(frame: (Int, Int), expected: (Int, Int)) {
    let size = AnalysisSize.fine(width: frame.0, height: frame.1, widest: 960)
    #expect(size.width == expected.0 && size.height == expected.1)
  }

  @Test("an object of 6×6 pixels up to 1920×1080, and of 12×12 at 3840×2160, covers 3×3")
  func smallObject() {
    for (width, height, side) in [(640, 480, 6), (1280, 720, 6), (1920, 1080, 6), (3840, 2160, 12)] {
      let size = AnalysisSize.fine(width: width, height: height, widest: AnalysisSize.finestWidth)
      #expect(side * size.width >= 3 * width)
    }
  }
}
