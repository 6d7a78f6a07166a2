import Testing

@testable import Geometry

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

  // MARK: From pixels that are asked

  /// Some pixels inside a part of a picture, as labels and asked one by one.
  private func sample(_ random: inout SplitMix64) -> (labels: [UInt8], asked: RunLengthMask?, width: Int, height: Int) {
    func number(_ below: Int) -> Int { Int(random.next() % UInt64(below)) }
    let (width, height) = (1 + number(12), 1 + number(12))
    let (left, top) = (number(width + 1), number(height + 1))
    let (columns, rows) = (left..<left + number(width - left + 1), top..<top + number(height - top + 1))
    var labels = [UInt8](repeating: 0, count: width * height)
    for y in rows { for x in columns { labels[y * width + x] = number(3) > 0 ? 1 : 0 } }
    let asked = RunLengthMask(width: width, height: height, columns: columns, rows: rows) { labels[$1 * width + $0] == 1 }
    return (labels, asked, width, height)
  }

  @Test func pixelsThatAreAskedGiveTheMaskOfALabelImage() {
    var random = SplitMix64(seed: 4)
    for _ in 0..<300 {
      let sample = sample(&random)
      #expect(
        sample.asked?.compressed == RunLengthMask(width: sample.width, height: sample.height, pixels: sample.labels)?.compressed)
    }
  }

  @Test func rangesThatLeaveThePictureAreRefused() {
    #expect(RunLengthMask(width: 3, height: 2, columns: 0..<4, rows: 0..<2) { _, _ in true } == nil)
    #expect(RunLengthMask(width: 3, height: 2, columns: 0..<3, rows: -1..<2) { _, _ in true } == nil)
    #expect(RunLengthMask(width: 3, height: 0, columns: 0..<3, rows: 0..<0) { _, _ in true } == nil)
  }

  // MARK: Outlines

  @Test func theHullHoldsAllPixelsAndNoMore() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<300 {
      let sample = sample(&random)
      let inside = sample.labels.indices.filter { sample.labels[$0] == 1 }
      let (xs, ys) = (inside.map { $0 % sample.width }, inside.map { $0 / sample.width })
      let hull = try #require(sample.asked).hull
      #expect(hull?.columns.lowerBound == xs.min() && hull.map { $0.columns.upperBound - 1 } == xs.max())
      #expect(hull?.rows.lowerBound == ys.min() && hull.map { $0.rows.upperBound - 1 } == ys.max())
    }
  }

  @Test func outlinesHoldJustThePixelsByTheEvenOddRule() throws {
    var random = SplitMix64(seed: 6)
    for _ in 0..<300 {
      let sample = sample(&random)
      let mask = try #require(sample.asked)
      let outlines = mask.outlines
      let areas = outlines.map { loop in zip(loop, loop[1...] + loop[..<1]).reduce(0) { $0 + $1.0.cross($1.1) } / 2 }
      #expect(areas.reduce(0, +) == Double(mask.area))
      for place in sample.labels.indices {
        let (x, y) = (Double(place % sample.width) + 0.5, Double(place / sample.width) + 0.5)
        // Sides that stand upright to the right of the pixel's middle.
        let crossings = outlines.flatMap { zip($0, $0[1...] + $0[..<1]) }.count {
          $0.x == $1.x && $0.x > x && ($0.y > y) != ($1.y > y)
        }
        #expect((crossings % 2 == 1) == (sample.labels[place] == 1))
      }
    }
  }

  @Test func aRingHasTwoOutlinesAndPixelsThatTouchAtACornerAreApart() throws {
    let ring = try #require(RunLengthMask(width: 5, height: 5, columns: 1..<4, rows: 1..<4) { ($0, $1) != (2, 2) })
    #expect(
      ring.outlines.map(Set.init) == [
        [Point(1, 1), Point(4, 1), Point(4, 4), Point(1, 4)], [Point(2, 2), Point(3, 2), Point(3, 3), Point(2, 3)],
      ])
    #expect(ring.outlines.map(\.count) == [4, 4])
    let diagonal = try #require(RunLengthMask(width: 2, height: 2, columns: 0..<2, rows: 0..<2) { $0 == $1 })
    #expect(diagonal.outlines.count == 2)
    #expect(try #require(RunLengthMask(width: 2, height: 2, counts: [4])).outlines.isEmpty)
  }
}
