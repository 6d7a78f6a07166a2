import Geometry
import Imaging
import TestSupport
import Testing

@testable import Calibration

@Suite struct CalibrationBoardTests {
  @Test func namesGiveBoards() throws {
    #expect(try CalibrationBoard.pattern("chessboard:9x6") == BoardPattern(.chessboard, columns: 9, rows: 6))
    #expect(try CalibrationBoard.pattern("asymmetric-circles:4x11") == BoardPattern(.asymmetricCircles, columns: 4, rows: 11))
    #expect(
      try CalibrationBoard.pattern("charuco:7x5:0.6:4x4_50")
        == BoardPattern(.charuco(dictionary: .bits4x50, markerShare: 0.6), columns: 6, rows: 4))
  }

  @Test(arguments: [
    "", "chessboard", "chessboard:9", "chessboard:9x", "chessboard:1x6", "chessboard:9x6:2", "chessboard:-9x6", "dots:9x6",
    "charuco:7x5:2",
    "charuco:7x5:0.5:9x9", "chessboard:9223372036854775807x6", "charuco:-9223372036854775808x6",
  ])
  func otherNamesAreRefused(_ name: String) {
    #expect(throws: CalibrationError.self) { try CalibrationBoard.pattern(name) }
  }

  /// What is printed is what is found: the drawing's own shapes, painted at 40 pixels a square.
  @Test(arguments: ["chessboard:9x6", "circles:7x5", "asymmetric-circles:4x7", "charuco:7x5", "charuco:6x8:0.7:4x4_100"])
  func aPrintedBoardIsFoundWithItsNumbers(_ name: String) throws {
    let board = CalibrationBoard(pattern: try CalibrationBoard.pattern(name), square: 0.02)
    let image = try PaintedDrawing(BoardDrawing.svg(board), pixelsPerUnit: 40).image
    let sighting = try #require(try board.pattern.find(in: image))
    #expect(sighting.numbers == Array(0..<board.pattern.pointCount))
    // The board's plane is seen as it is, or with its y axis upwards, or turned half: the distances are the same.
    let expected = try board.pattern.points()
    for (a, b) in [(0, 1), (0, board.pattern.columns), (1, board.pattern.pointCount - 1)] {
      let distance = (sighting.points[a] - sighting.points[b]).length / 40
      #expect(abs(distance - (expected[a] - expected[b]).length) < 0.02)
    }
  }

  @Test func aBoardOfAnotherSizeIsNotFound() throws {
    let board = CalibrationBoard(pattern: try CalibrationBoard.pattern("chessboard:9x6"), square: 0.02)
    let image = try PaintedDrawing(BoardDrawing.svg(board), pixelsPerUnit: 40).image
    #expect(try BoardPattern(.chessboard, columns: 8, rows: 7).find(in: image) == nil)
  }

  @Test(arguments: [0, 255, 128]) func aConstantPictureHoldsNoBoard(_ level: UInt8) throws {
    let image = Image(width: 320, height: 240, channels: 1, pixels: [UInt8](repeating: level, count: 320 * 240))
    for name in ["chessboard:9x6", "circles:7x5", "charuco:7x5"] {
      #expect(try CalibrationBoard.pattern(name).find(in: image) == nil)
    }
    #expect(EdgeWidth.measure(image, around: [Point(10, 10), Point(300, 200)]) == nil)
  }

  @Test func blurWidensTheEdges() throws {
    let board = CalibrationBoard(pattern: try CalibrationBoard.pattern("chessboard:9x6"), square: 0.02)
    let image = try PaintedDrawing(BoardDrawing.svg(board), pixelsPerUnit: 40).image
    let points = try #require(try board.pattern.find(in: image)).points
    let sharp = try #require(EdgeWidth.measure(image, around: points))
    let blurred = try #require(EdgeWidth.measure(image.gaussianBlurred(sigma: 4), around: points))
    #expect(sharp < 2.5)
    // The steepest slope of a step under a Gaussian is its height over √(2π) σ: 10.03 pixels.
    #expect(abs(blurred - 10.03) < 1.5)
  }
}
