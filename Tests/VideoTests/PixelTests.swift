import Foundation
import TestSupport
import Testing

@testable import Video

/// What the displayed pixels are, against formulas and naive twins.
@Suite struct PixelTests {
  /// A raw 4:4:4 picture in a YUV4MPEG file of one frame.
  private static func yuv(
    width: Int, height: Int, format: String, parameters: String = "", planes: [[UInt8]]
  ) -> [UInt8] {
    Array("YUV4MPEG2 W\(width) H\(height) F25:1 Ip A1:1 C\(format)\(parameters)\nFRAME\n".utf8) + planes.flatMap { $0 }
  }

  private static func firstFrame(of bytes: [UInt8], name: String = "x.y4m") throws -> Frame {
    let folder = try ScratchFolder()
    try folder.write(bytes, to: name)
    return try #require(try Delivery(folder.file(name)).frames.first)
  }

  /// Blue, green and red by the definition of the matrix (ITU-R BT.601 and BT.709), from the weights of red and blue.
  private static func bgr(
    _ luma: UInt8, _ cb: UInt8, _ cr: UInt8, red: Double, blue: Double, isFull: Bool
  ) -> [Double] {
    let y = isFull ? Double(luma) / 255 : (Double(luma) - 16) / 219
    let u = (Double(cb) - 128) / (isFull ? 255 : 224)
    let v = (Double(cr) - 128) / (isFull ? 255 : 224)
    let r = y + 2 * (1 - red) * v
    let b = y + 2 * (1 - blue) * u
    let g = (y - red * r - blue * b) / (1 - red - blue)
    return [b, g, r].map { min(max($0, 0), 1) * 255 }
  }

  @Test(arguments: [false, true], [16, 720])
  func coloursFollowTheMatrixAndTheRange(_ isFull: Bool, _ height: Int) throws {
    let width = 32
    var dice = TestRandom(seed: 3)
    // Flat stripes, one colour a row, so that no filter mixes neighbours along a row.
    let colours = (0..<height).map { _ in
      (UInt8(30 + dice.index(below: 180)), UInt8(60 + dice.index(below: 130)), UInt8(60 + dice.index(below: 130)))
    }
    func plane(_ value: ((UInt8, UInt8, UInt8)) -> UInt8) -> [UInt8] {
      colours.flatMap { [UInt8](repeating: value($0), count: width) }
    }
    let frame = try Self.firstFrame(
      of: Self.yuv(
        width: width, height: height, format: "444", parameters: isFull ? " XCOLORRANGE=FULL" : "",
        planes: [plane(\.0), plane(\.1), plane(\.2)]))
    let pixels = try frame.bgr().pixels
    let (red, blue) = height >= 720 ? (0.2126, 0.0722) : (0.299, 0.114)
    for (y, colour) in colours.enumerated() {
      let expected = Self.bgr(colour.0, colour.1, colour.2, red: red, blue: blue, isFull: isFull)
      for x in [0, width / 2, width - 1] {
        for channel in 0..<3 { #expect(abs(Double(pixels[(y * width + x) * 3 + channel]) - expected[channel]) <= 1.5) }
      }
    }
    #expect(try frame.lumaBytes == plane(\.0))
  }

  @Test(arguments: [("420jpeg", 7, 5), ("420jpeg", 33, 17), ("422", 9, 3), ("444", 5, 7), ("411", 13, 2)])
  func colourReachesEveryPixelOfOddSizes(_ format: String, _ width: Int, _ height: Int) throws {
    let halves = ["420jpeg": (2, 2), "422": (2, 1), "444": (1, 1), "411": (4, 1)][format] ?? (1, 1)
    let chroma = ((width + halves.0 - 1) / halves.0) * ((height + halves.1 - 1) / halves.1)
    let planes: [[UInt8]] = [
      [UInt8](repeating: 120, count: width * height), [UInt8](repeating: 90, count: chroma), [UInt8](repeating: 170, count: chroma),
    ]
    let frame = try Self.firstFrame(of: Self.yuv(width: width, height: height, format: format, planes: planes))
    let expected = Self.bgr(120, 90, 170, red: 0.299, blue: 0.114, isFull: false)
    for (index, value) in try frame.bgr().pixels.enumerated() { #expect(abs(Double(value) - expected[index % 3]) <= 1.5) }
  }

  @Test(arguments: [("420jpeg", 7, 5), ("422", 9, 3), ("444", 5, 7)])
  func chromaIsGivenAsItIsStored(_ format: String, _ width: Int, _ height: Int) throws {
    let halves = ["420jpeg": (2, 2), "422": (2, 1)][format] ?? (1, 1)
    let (columns, rows) = ((width + halves.0 - 1) / halves.0, (height + halves.1 - 1) / halves.1)
    var dice = TestRandom(seed: 5)
    let planes = [width * height, columns * rows, columns * rows].map { count in
      (0..<count).map { _ in UInt8(dice.index(below: 256)) }
    }
    let frame = try Self.firstFrame(of: Self.yuv(width: width, height: height, format: format, planes: planes))
    let read = frame.withChroma { bytes, width, height, stride in
      #expect(width == columns && height == rows)
      return (0..<height).flatMap { Array(bytes[$0 * stride..<$0 * stride + width]) }
    }
    #expect(read?.blue == planes[1] && read?.red == planes[2])
  }

  @Test func greyPicturesHaveNoChroma() throws {
    let frame = try Self.firstFrame(of: Self.yuv(width: 4, height: 2, format: "mono", planes: [[UInt8](repeating: 90, count: 8)]))
    #expect(frame.withChroma { bytes, _, _, _ in bytes.count } == nil)
    #expect(frame.black == 0)
  }

  @Test(arguments: [false, true]) func blackIsThatOfTheStoredRange(_ isFull: Bool) throws {
    let planes = (0..<3).map { _ in [UInt8](repeating: 100, count: 8) }
    let frame = try Self.firstFrame(
      of: Self.yuv(width: 4, height: 2, format: "444", parameters: isFull ? " XCOLORRANGE=FULL" : "", planes: planes))
    #expect(frame.black == (isFull ? 0 : 16))
  }

  @Test func deepSamplesAreRoundedToEightBits() throws {
    let samples: [UInt16] = [0, 1, 2, 3, 4, 5, 6, 64, 509, 510, 511, 512, 940, 1021, 1022, 1023]
    let luma = samples.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let chroma = (0..<8).flatMap { _ in [UInt8(0), UInt8(2)] }
    let frame = try Self.firstFrame(of: Self.yuv(width: 8, height: 2, format: "420p10", planes: [luma, chroma]))
    #expect(try frame.lumaBytes == samples.map { UInt8(min((Int($0) + 2) / 4, 255)) })
    #expect(frame.storedBytes == luma)
  }

  @Test func greyPicturesAreTheirOwnLuma() throws {
    let luma = (0..<35).map { UInt8($0 * 7) }
    let frame = try Self.firstFrame(of: Self.yuv(width: 7, height: 5, format: "mono", planes: [luma]))
    #expect(try frame.lumaBytes == luma)
  }

  @Test(.enabled(if: SharedData.clips != nil, SharedData.message)) func eightBitLumaIsNotCopied() throws {
    let frame = try #require(try Delivery(SharedData.clip("base.mp4")).frames.first)
    let addresses = try (0..<2).map { _ in try frame.withLuma { bytes, _, _, _ in bytes.baseAddress } }
    let stored = frame.withStoredPlane { bytes, _, _, _ in bytes.baseAddress }
    #expect(addresses[0] == stored && addresses[1] == stored)
  }

  /// The eight turns and mirrors, each as the display matrix of an MP4 file: a, b, c, d of (x, y) -> (a x + c y, b x + d y), y down.
  @Test(
    .enabled(if: SharedData.clips != nil, SharedData.message),
    arguments: [
      [1, 0, 0, 1], [0, 1, -1, 0], [-1, 0, 0, -1], [0, -1, 1, 0], [-1, 0, 0, 1], [1, 0, 0, -1], [0, 1, 1, 0], [0, -1, -1, 0],
    ])
  func picturesAreTurnedAsTheDisplayMatrixSays(_ matrix: [Int]) throws {
    var file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: SharedData.clip("rot90.mp4"))))
    let header = try #require(file.firstRange(of: Array("tkhd".utf8))).upperBound + 40
    for (place, value) in zip([0, 1, 3, 4], matrix) {
      let number = UInt32(bitPattern: Int32(value << 16))
      for byte in 0..<4 { file[header + place * 4 + byte] = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * byte)) }
    }
    let frame = try Self.firstFrame(of: file, name: "turned.mp4")
    let upright = try #require(try Delivery(SharedData.clip("base.mp4")).frames.first)
    let isSideways = matrix[0] == 0
    #expect(frame.width == (isSideways ? 180 : 320) && frame.height == (isSideways ? 320 : 180))

    /// The naive twin: every stored pixel's centre through the matrix, shifted so that the picture begins at the origin.
    func turned(_ pixels: [UInt8], channels: Int) -> [UInt8] {
      var result = [UInt8](repeating: 0, count: pixels.count)
      for y in 0..<180 {
        for x in 0..<320 {
          let (u, v) = (matrix[0] * x + matrix[2] * y, matrix[1] * x + matrix[3] * y)
          let (left, top) = (min(0, matrix[0]) * 319 + min(0, matrix[2]) * 179, min(0, matrix[1]) * 319 + min(0, matrix[3]) * 179)
          for channel in 0..<channels {
            result[((v - top) * frame.width + u - left) * channels + channel] = pixels[(y * 320 + x) * channels + channel]
          }
        }
      }
      return result
    }
    #expect(try frame.lumaBytes == turned(upright.lumaBytes, channels: 1))
    #expect(try frame.bgr().pixels == turned(upright.bgr().pixels, channels: 3))
    #expect(frame.storedBytes == upright.storedBytes)
  }

  /// A photograph's orientation (Exif tag 0x0112): 6 is a quarter turn clockwise.
  @Test(arguments: [(1, 0), (3, 2), (6, 1), (8, 3)]) func photographsAreTurnedUpright(_ orientation: Int, _ turns: Int) throws {
    let tag: [UInt8] = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0]
    let exif = Array("Exif\0\0MM\0*\0\0\0\u{8}\0\u{1}".utf8) + tag + [0, 0, 0, 0]
    let segment: [UInt8] = [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
    let folder = try ScratchFolder()
    try folder.write(Array(SmallImages.jpeg.prefix(2)) + segment + SmallImages.jpeg.dropFirst(2), to: "photo.jpg")
    for input in [folder.path, folder.file("photo.jpg")] {
      let source = try VideoSources.open(input)
      #expect(source.information.turn == Turn(quarterTurns: turns))
      #expect(source.information.width == (turns % 2 == 0 ? 16 : 12))
    }
  }

  @Test(.enabled(if: SharedData.clips != nil, SharedData.message)) func widePixelsAreShownSquare() throws {
    let frame = try #require(try Delivery(SharedData.clip("anamorphic.mp4")).frames.first)
    let square = try #require(try Delivery(SharedData.clip("base.mp4")).frames.first)
    #expect(frame.width == 320 && frame.height == 180)
    // The same scene, squeezed and stretched again.
    #expect(meanDifference(try frame.lumaBytes, try square.lumaBytes) < 6)
    #expect(meanDifference(try frame.bgr().pixels, try square.bgr().pixels) < 8)
  }

  @Test(
    .enabled(if: SharedData.clips != nil, SharedData.message),
    arguments: ["hevc10.mp4", "h264-10bit.mp4", "mjpeg.avi", "vp9.webm"])
  func otherCodecsShowTheSameScene(_ clip: String) throws {
    let other = try #require(try Delivery(SharedData.clip(clip)).frames.last)
    let base = try #require(try Delivery(SharedData.clip("base.mp4")).frames.last)
    #expect(meanDifference(try other.bgr().pixels, try base.bgr().pixels) < 8)
  }
}
