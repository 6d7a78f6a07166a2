import CZlib
import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct LabelImageReaderTests {
  /// A PNG file of rows as they are stored (each behind a filter byte 0), written here so that the reader has an independent partner.
  private func png(
    _ width: Int, _ height: Int, depth: UInt8, colorType: UInt8, rows: [[UInt8]], palette: [UInt8] = [], alphas: [UInt8] = []
  ) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(name.utf8) + data
      return number(data.count) + body + number(Int(crc32(0, body, UInt32(body.count))))
    }
    let raw: [UInt8] = rows.flatMap { (row: [UInt8]) -> [UInt8] in [0] + row }
    var size = compressBound(UInt(raw.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    #expect(compress(&packed, &size, raw, UInt(raw.count)) == Z_OK)
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += chunk("IHDR", number(width) + number(height) + [depth, colorType, 0, 0, 0])
    if !palette.isEmpty { file += chunk("PLTE", palette) }
    if !alphas.isEmpty { file += chunk("tRNS", alphas) }
    return file + chunk("IDAT", Array(packed[0..<Int(size)])) + chunk("IEND", [])
  }

  @Test func paletteIndicesComeBackWhateverTheColoursAre() throws {
    // Colours that repeat and fall: an index that were derived from a colour would differ.
    let palette: [UInt8] = (0..<16).flatMap { [UInt8(255 - $0 / 2 * 30), 0, 9] }
    let file = png(4, 2, depth: 4, colorType: 3, rows: [[0x01, 0x2F], [0xE3, 0x40]], palette: palette, alphas: [0, 128])
    #expect(try LabelImageReader.read(bytes: file, name: "a").labels == [0, 1, 2, 15, 14, 3, 4, 0])
    let whole = png(
      3, 1, depth: 8, colorType: 3, rows: [[0, 255, 7]], palette: (0..<256).flatMap { [UInt8($0), UInt8($0), 3] })
    #expect(try LabelImageReader.read(bytes: whole, name: "a").labels == [0, 255, 7])
  }

  @Test func greyLevelsAreLabels() throws {
    #expect(
      try LabelImageReader.read(bytes: png(3, 1, depth: 8, colorType: 0, rows: [[0, 1, 255]]), name: "a").labels == [0, 1, 255])
    let bits = png(10, 1, depth: 1, colorType: 0, rows: [[0b1010_0001, 0b0100_0000]])
    #expect(try LabelImageReader.read(bytes: bits, name: "a").labels == [1, 0, 1, 0, 0, 0, 0, 1, 0, 1])
    #expect(
      try LabelImageReader.read(bytes: png(4, 1, depth: 2, colorType: 0, rows: [[0b00_01_10_11]]), name: "a").labels == [
        0, 1, 2, 3,
      ])
  }

  @Test func refusesWhatHasNoLabels() {
    let colour = png(1, 1, depth: 8, colorType: 2, rows: [[1, 2, 3]])
    let deep = png(1, 1, depth: 16, colorType: 0, rows: [[1, 2]])
    let broken = Array(png(4, 4, depth: 8, colorType: 0, rows: Array(repeating: [1, 2, 3, 4], count: 4)).dropLast(30))
    for file in [colour, deep, broken, [], Array("GIF89a and thirty bytes that follow it".utf8)] {
      #expect(throws: RecordsError.self) { try LabelImageReader.read(bytes: file, name: "a") }
    }
  }

  @Test func refusesAHugeSizeBeforeTakingMemoryForIt() {
    let huge = png(1_000_000, 1_000_000, depth: 8, colorType: 0, rows: [[1]])
    #expect(throws: RecordsError.self) { try LabelImageReader.read(bytes: huge, name: "a") }
    let negative = png(0xFFFF_FFFF, 2, depth: 8, colorType: 0, rows: [[1]])
    #expect(throws: RecordsError.self) { try LabelImageReader.read(bytes: negative, name: "a") }
  }

  @Test func damagedBytesNeverCrashIt() {
    let good = png(
      9, 9, depth: 4, colorType: 3, rows: Array(repeating: [1, 2, 3, 4, 0], count: 9), palette: Array(repeating: 7, count: 48))
    var state: UInt64 = 5
    for _ in 0..<3000 {
      var file = good
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        file[Int(state >> 33) % file.count] = UInt8(truncatingIfNeeded: state >> 20)
      }
      _ = try? LabelImageReader.read(bytes: file, name: "a")
    }
  }

  @Test(.enabled(if: SharedData.isPresent, SharedData.message))
  func readsTheRoadScenesAsTheirReadmeCountsThem() throws {
    var counts = [Int](repeating: 0, count: 256)
    for name in try SharedData.names("camvid/val/labels") {
      let image = try LabelImageReader.read(path: SharedData.path("camvid/val/labels/\(name)"))
      #expect(image.width == 480 && image.height == 360)
      for label in image.labels { counts[Int(label)] += 1 }
    }
    #expect(counts[12...].allSatisfy { $0 == 0 })
    let labelled = Double(counts[0..<11].reduce(0, +))
    let shares = counts[0..<11].map { 100 * Double($0) / labelled }
    for (share, expected) in zip(shares, [9.34, 26.41, 0.57, 29.46, 8.87, 16.62, 0.91, 3.13, 1.78, 0.66, 2.26]) {
      #expect(abs(share - expected) < 0.0051)
    }
    #expect(abs(100 * Double(counts[11]) / Double(counts.reduce(0, +)) - 1.70) < 0.0051)
  }
}
