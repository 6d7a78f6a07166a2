import Foundation
import TestSupport
import Testing

@testable import Video

/// Coloured pictures of any size that change by one level a pixel, so that subsampled chroma and H.264 keep them closely.
func testPicture(width: Int, height: Int, shift: Int = 0) -> [UInt8] {
  var pixels: [UInt8] = []
  pixels.reserveCapacity(width * height * 3)
  for y in 0..<height {
    for x in 0..<width {
      pixels.append(UInt8(40 + min(x, 180)))
      pixels.append(UInt8(50 + min(y, 150)))
      pixels.append(UInt8(60 + shift % 100))
    }
  }
  return pixels
}

func meanDifference(_ a: [UInt8], _ b: [UInt8]) -> Double {
  precondition(a.count == b.count)
  return zip(a, b).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(max(a.count, 1))
}

@Suite struct VideoEncoderTests {
  /// Writes pictures at the given stamps and reads the file again.
  private func roundTrip(
    width: Int, height: Int, stamps: [Int64], timeBase: Rational, quality: Int = 12
  ) throws -> (delivery: Delivery, information: SourceInformation) {
    let folder = try ScratchFolder()
    var settings = VideoEncoder.Settings()
    settings.quality = quality
    let encoder = try VideoEncoder(
      path: folder.file("out.mp4"), width: width, height: height, timeBase: timeBase, settings: settings)
    for (index, pts) in stamps.enumerated() {
      try encoder.write(testPicture(width: width, height: height, shift: index * 3), pts: pts)
    }
    try encoder.finish()
    let source = try VideoSources.open(folder.file("out.mp4"))
    return (try Delivery(source), source.information)
  }

  @Test(arguments: [
    Rational(1, 24), Rational(1, 12288), Rational(1, 90000), Rational(1001, 30000), Rational(1, 1000), Rational(1, 1_000_000),
  ])
  func stampsOfAVariableRateAreKeptExactly(_ timeBase: Rational) throws {
    let stamps: [Int64] = [0, 1, 2, 5, 6, 20, 21, 22, 23, 24, 61]
    let delivery = try roundTrip(width: 64, height: 48, stamps: stamps, timeBase: timeBase).delivery
    let seconds = delivery.frames.map(\.seconds)
    #expect(seconds.count == stamps.count)
    for (found, pts) in zip(seconds, stamps) { #expect(abs(found - timeBase.seconds(pts)) < 1e-9) }
  }

  @Test func stampsCountFromTheFirstPicture() throws {
    let offset: Int64 = 3600 * 90000
    let delivery = try roundTrip(
      width: 32, height: 32, stamps: [offset, offset + 3000, offset + 9000], timeBase: Rational(1, 90000)
    ).delivery
    #expect(delivery.frames.map { $0.timeBase.seconds($0.pts) } == [0, 3000.0 / 90000, 9000.0 / 90000])
  }

  @Test func nanosecondsAreRoundedToMicroseconds() throws {
    let delivery = try roundTrip(
      width: 32, height: 32, stamps: [0, 33_333_333, 66_666_667, 10_000_000_000], timeBase: Rational(1, 1_000_000_000)
    ).delivery
    for (found, expected) in zip(delivery.frames.map(\.seconds), [0, 0.033333, 0.066667, 10]) {
      #expect(abs(found - expected) < 1e-9)
    }
  }

  @Test func stampsThatDoNotRiseAreMovedBehindTheOneBefore() throws {
    let delivery = try roundTrip(width: 32, height: 32, stamps: [0, 10, 10, 4, 20], timeBase: Rational(1, 100)).delivery
    #expect(delivery.frames.map { Int(($0.seconds * 100).rounded()) } == [0, 10, 11, 12, 20])
  }

  @Test(arguments: [(1, 1), (2, 1), (33, 17), (64, 48), (319, 179)])
  func picturesOfAnySizeComeBackNearlyAsTheyWere(_ width: Int, _ height: Int) throws {
    let (delivery, information) = try roundTrip(width: width, height: height, stamps: [0, 1, 2], timeBase: Rational(1, 25))
    #expect(information.width == (width + 1) / 2 * 2 && information.height == (height + 1) / 2 * 2)
    for (index, frame) in delivery.frames.enumerated() {
      let (pixels, written, _) = try frame.bgr()
      let inner = (0..<height).flatMap { Array(pixels[$0 * written * 3..<($0 * written + width) * 3]) }
      #expect(meanDifference(inner, testPicture(width: width, height: height, shift: index * 3)) < 5)
    }
    #expect(delivery.frames.count == 3)
  }

  @Test func theSamePicturesGiveTheSameFile() throws {
    let folder = try ScratchFolder()
    for name in ["a.mp4", "b.mp4"] {
      let encoder = try VideoEncoder(path: folder.file(name), width: 96, height: 64, timeBase: Rational(1, 30))
      for pts in 0..<20 { try encoder.write(testPicture(width: 96, height: 64, shift: pts * 5), pts: Int64(pts)) }
      try encoder.finish()
    }
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("a.mp4")))
        == Data(contentsOf: URL(fileURLWithPath: folder.file("b.mp4"))))
  }

  @Test func aFolderThatDoesNotExistCannotBeWrittenTo() throws {
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) {
      try VideoEncoder(path: folder.file("none/out.mp4"), width: 32, height: 32, timeBase: Rational(1, 30))
    }
    #expect(error?.category == .cannotCreate)
  }

  @Test func aFullDiskIsReported() throws {
    var settings = VideoEncoder.Settings()
    settings.quality = 0
    let error = #expect(throws: VideoError.self) {
      let encoder = try VideoEncoder(path: "/dev/full", width: 320, height: 240, timeBase: Rational(1, 30), settings: settings)
      for pts in 0..<60 { try encoder.write(testPicture(width: 320, height: 240, shift: pts), pts: Int64(pts)) }
      try encoder.finish()
    }
    #expect(error?.category == .inputOutput || error?.category == .cannotCreate)
  }

  @Test(arguments: [(0, 10), (-1, 5), (20000, 10)]) func sizesThatCannotBeWrittenAreRefused(_ width: Int, _ height: Int) throws {
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) {
      try VideoEncoder(path: folder.file("x.mp4"), width: width, height: height, timeBase: Rational(1, 30))
    }
    #expect(error?.category == .usage)
  }
}
