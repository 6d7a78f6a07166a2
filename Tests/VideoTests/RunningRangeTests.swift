import Foundation
import TestSupport
import Testing

@testable import Video

/// Thermal pictures: a ramp of known radiometric values in a range that leaves most of 16 bits unused.
@Suite struct RunningRangeTests {
  private static let (low, high) = (29_400, 30_300)

  /// A big-endian PGM of 16 bits: a ramp over the columns, the same in every row, with a block of another value where one is given.
  private static func ramp(width: Int = 61, height: Int = 20, offset: Int = 0, hot: Int? = nil) -> [UInt8] {
    var bytes = Array("P5\n\(width) \(height)\n65535\n".utf8)
    for y in 0..<height {
      for x in 0..<width {
        let isHot = hot != nil && (5..<10).contains(x) && (5..<10).contains(y)
        let value = isHot ? hot ?? 0 : low + offset + (high - low) * x / (width - 1)
        bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
      }
    }
    return bytes
  }

  private func frames(_ pictures: [[UInt8]], options: SourceOptions = SourceOptions()) throws -> [Frame] {
    let folder = try ScratchFolder()
    for (index, picture) in pictures.enumerated() { try folder.write(picture, to: "\(1000 + index).pgm") }
    var options = options
    options.framesPerSecond = options.framesPerSecond ?? Rational(10, 1)
    return try Delivery(folder.path, options: options).frames
  }

  @Test func aRampIsStretchedFromBlackToWhite() throws {
    let frame = try #require(try frames([RunningRangeTests.ramp()]).first)
    let luma = try frame.lumaBytes
    // The ends of the ramp are ends of rows, whose last pixel counts twice: nothing is left out.
    #expect(frame.range == Double(RunningRangeTests.low)...Double(RunningRangeTests.high))
    let expected: [Double] = (0..<61).map { (Double($0) * 4.25).rounded() }
    #expect(luma.prefix(61).map(Double.init) == expected)
    let colours = try frame.bgr().pixels
    #expect(colours == luma.flatMap { [$0, $0, $0] })
  }

  /// Both byte orders and floats hold the same values, so they show the same greys.
  @Test func floatsInBothByteOrdersShowTheSameGreys() throws {
    let expected = try #require(try frames([RunningRangeTests.ramp()]).first).lumaBytes
    for isBigEndian in [false, true] {
      let samples: [Float] = (0..<20 * 61).map { pixel in Float(29_400 + 15 * (pixel % 61)) }
      let folder = try ScratchFolder()
      try folder.write(FloatTIFF.bytes(samples, width: 61, height: 20, isBigEndian: isBigEndian), to: "a.tif")
      #expect(try #require(try Delivery(folder.path).frames.first).lumaBytes == expected)
      #expect(try #require(try Delivery(folder.file("a.tif")).frames.first).lumaBytes == expected)
    }
  }

  @Test func whatStandsStillKeepsItsGreyWhenSomethingHotComes() throws {
    let calm = [[UInt8]](repeating: RunningRangeTests.ramp(), count: 20)
    let hot = [[UInt8]](repeating: RunningRangeTests.ramp(hot: RunningRangeTests.high + 900), count: 20)
    let frames = try frames(calm + hot)
    let greys = try frames.map { try $0.lumaBytes }
    // The measured range doubles at once. By the closed form of the follower the upper end then stands at high + 900 (1 − e^(−k/100))
    // after k pictures of a tenth of a second, and a grey level of g becomes 255 / (255 (1 + that share)) of itself.
    for k in 1...20 {
      let share: Double = 1 - exp(-Double(k) / 100)
      let shown: [Double] = greys[19 + k].prefix(61).map(Double.init)
      let errors: [Double] = shown.enumerated().map { abs($0.element - Double($0.offset) * 4.25 / (1 + share)) }
      #expect((errors.max() ?? 1) <= 0.5 + 1e-6, "picture \(k)")
      // In one picture a level moves by a hundredth of itself, and by half a level each for rounding.
      let steps: [Int] = zip(greys[18 + k].prefix(61), greys[19 + k].prefix(61)).map { abs(Int($0) - Int($1)) }
      #expect((steps.max() ?? 9) <= 3)
    }
    // The hot block itself is as bright as can be all the time.
    #expect(greys[20...].allSatisfy { $0[61 * 7 + 7] == 255 })
  }

  @Test func aDefectivePixelDoesNotSetTheRange() throws {
    var picture = RunningRangeTests.ramp()
    let body = picture.count - 2 * 61 * 20
    for (pixel, value) in [(130, 0), (400, 65_535)] {
      picture[body + 2 * pixel] = UInt8(value >> 8)
      picture[body + 2 * pixel + 1] = UInt8(value & 0xFF)
    }
    #expect(try frames([picture]).first?.range == Double(RunningRangeTests.low)...Double(RunningRangeTests.high))
  }

  @Test func aSceneWithoutACommonValueBeginsANewRange() throws {
    let other = RunningRangeTests.ramp(offset: 5000)
    let frames = try frames([RunningRangeTests.ramp(), other, other])
    let expected: [ClosedRange<Double>?] = [29_400...30_300, 34_400...35_300, 34_400...35_300]
    #expect(frames.map(\.range) == expected)
  }

  @Test func aGivenRangeHolds() throws {
    var options = SourceOptions()
    options.valueRange = 29_000...31_040
    let frames = try frames([RunningRangeTests.ramp(), RunningRangeTests.ramp(offset: 300)], options: options)
    // 2040 values are eight to a grey level.
    #expect(try frames.map { try $0.lumaBytes[0] } == [50, 88])
  }

  @Test func pictureOfEightBitsAreLeftAsTheyAre() throws {
    let frames = try frames([SmallImages.pgm(width: 4, height: 3, value: 7)])
    #expect(frames[0].range == nil)
    #expect(try frames[0].lumaBytes == [UInt8](repeating: 7, count: 12))
  }
}

/// TIFF files of one 32-bit float a pixel in one strip.
enum FloatTIFF {
  static func bytes(
    _ samples: [Float], width: Int, height: Int, isBigEndian: Bool = false, compression: Int = 1, stripBytes: Int? = nil
  ) -> [UInt8] {
    func half(_ value: Int) -> [UInt8] { ordered([UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)]) }
    func word(_ value: UInt32) -> [UInt8] { ordered((0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }) }
    func ordered(_ bytes: [UInt8]) -> [UInt8] { isBigEndian ? bytes.reversed() : bytes }
    let length = stripBytes ?? samples.count * 4
    let fields: [(tag: Int, value: Int)] = [
      (256, width), (257, height), (258, 32), (259, compression), (262, 1), (273, 8 + 2 + 9 * 12 + 4), (277, 1), (279, length),
      (339, 3),
    ]
    var bytes: [UInt8] = isBigEndian ? [0x4D, 0x4D, 0, 42] : [0x49, 0x49, 42, 0]
    bytes += word(8) + half(fields.count)
    for field in fields { bytes += half(field.tag) + half(4) + word(1) + word(UInt32(field.value)) }
    return bytes + word(0) + samples.flatMap { word($0.bitPattern) }
  }
}
