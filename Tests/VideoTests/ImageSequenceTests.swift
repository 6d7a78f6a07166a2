import Foundation
import TestSupport
import Testing

@testable import Video

@Suite struct ImageSequenceTests {
  @Test func framesComeInNaturalOrderAtTheGivenRate() throws {
    let folder = try ScratchFolder()
    for number in [1, 2, 10, 9] {
      try folder.write(SmallImages.pgm(width: 4, height: 3, value: UInt8(number)), to: "img\(number).pgm")
    }
    var options = SourceOptions()
    options.framesPerSecond = Rational(30000, 1001)
    let source = try VideoSources.open(folder.path, options: options)
    let frames = try Delivery(source).frames
    #expect(try frames.map { try $0.lumaBytes[0] } == [1, 2, 9, 10])
    #expect(frames.map(\.pts) == [0, 1, 2, 3])
    #expect(frames[3].timeBase == Rational(1001, 30000))
    #expect(abs(frames[3].seconds - 3 * 1001 / 30000) < 1e-12)
    #expect(source.information.kind == .images && source.information.frameCount == 4 && !source.information.isLive)
  }

  @Test func formatsMayBeMixedAndSizesMayChange() throws {
    let folder = try ScratchFolder()
    try folder.write(SmallImages.png, to: "0.png")
    try folder.write(SmallImages.jpeg, to: "1.jpg")
    try folder.write(SmallImages.pgm(width: 1, height: 1, value: 200), to: "2.pgm")
    try folder.write(SmallImages.ppm(width: 3, height: 2) { _, _ in (255, 255, 255) }, to: "3.ppm")
    let delivery = try Delivery(folder.path)
    #expect(delivery.frames.map { [$0.width, $0.height] } == [[16, 12], [16, 12], [1, 1], [3, 2]])
    #expect(delivery.events.map(\.kind) == [.size, .size])
    #expect(delivery.events.map(\.ordinal) == [2, 3])
    #expect(try delivery.frames[2].bgr().pixels == [200, 200, 200])
    #expect(try delivery.frames[3].lumaBytes == [UInt8](repeating: 255, count: 6))
  }

  @Test func aDamagedImageIsAnEventAndLeavesItsTimeAndNumberEmpty() throws {
    let folder = try ScratchFolder()
    for number in 0..<5 { try folder.write(SmallImages.pgm(width: 4, height: 4, value: 9), to: "\(number).pgm") }
    try folder.write(Array("P5\n4".utf8), to: "2.pgm")
    try folder.write([], to: "3.pgm")
    let delivery = try Delivery(folder.path)
    #expect(delivery.frames.map(\.pts) == [0, 1, 4])
    #expect(delivery.frames.map(\.ordinal) == [0, 1, 4])
    #expect(delivery.events.map(\.kind) == [.damage, .damage] && delivery.events.map(\.ordinal) == [2, 3])
  }

  @Test func aNumberWithoutAPictureLeavesItsPlaceEmpty() throws {
    let folder = try ScratchFolder()
    for number in [1, 2, 4, 5] {
      try folder.write(SmallImages.pgm(width: 4, height: 4, value: UInt8(number)), to: "f_\(number).pgm")
    }
    let source = try VideoSources.open(folder.path)
    #expect(source.information.notes.count == 1 && source.information.notes[0].contains("1 number"))
    let frames = try Delivery(source).frames
    #expect(frames.map(\.ordinal) == [0, 1, 3, 4] && frames.map(\.pts) == [0, 1, 3, 4])
  }

  /// The lower part of the picture is gone: what is left is shown, and the damage said.
  @Test func aJPEGThatIsCutOffIsDamage() throws {
    let folder = try ScratchFolder()
    for number in 0..<3 { try folder.write(SmallImages.jpeg, to: "\(number).jpg") }
    try folder.write(Array(SmallImages.jpeg.prefix(SmallImages.jpeg.count * 3 / 4)), to: "1.jpg")
    let delivery = try Delivery(folder.path)
    #expect(delivery.frames.map(\.ordinal) == [0, 1, 2] && delivery.frames.map(\.isDamaged) == [false, true, false])
    #expect(delivery.events.map(\.kind) == [.damage] && delivery.events[0].ordinal == 1)
    let single = try Delivery(folder.file("1.jpg"))
    #expect(single.frames.map(\.isDamaged) == [true] && single.events.map(\.kind) == [.damage])
    #expect(try Delivery(folder.file("0.jpg")).events.isEmpty)
  }

  @Test func timeRunsFromTheFirstPictureBehindDamagedOnes() throws {
    let folder = try ScratchFolder()
    for number in 0..<6 { try folder.write(SmallImages.pgm(width: 4, height: 4, value: 9), to: "\(number).pgm") }
    for number in 0..<2 { try folder.write([1, 2, 3], to: "\(number).pgm") }
    var options = SourceOptions()
    options.framesPerSecond = Rational(10, 1)
    let source = try VideoSources.open(folder.path, options: options)
    let delivery = try Delivery(source)
    #expect(source.information.firstPts == 2)
    #expect(delivery.frames.map(\.pts) == [2, 3, 4, 5] && delivery.frames[0].seconds == 0)
    #expect(delivery.frames.map(\.ordinal) == [2, 3, 4, 5])
    #expect(delivery.events.map(\.kind) == [.damage, .damage])
    options.startSeconds = 0.2
    #expect(try Delivery(folder.path, options: options).frames.map(\.pts) == [4, 5])
  }

  @Test func damageHasTheTimeOfThePictureThatIsMissing() throws {
    let folder = try ScratchFolder()
    for number in 0..<6 { try folder.write(SmallImages.pgm(width: 4, height: 4, value: 9), to: "\(number).pgm") }
    for number in [2, 3] { try folder.write([1, 2, 3], to: "\(number).pgm") }
    var options = SourceOptions()
    options.framesPerSecond = Rational(10, 1)
    let delivery = try Delivery(folder.path, options: options)
    #expect(delivery.events.map(\.ordinal) == [2, 3])
    #expect(zip(delivery.events, [0.2, 0.3]).allSatisfy { abs($0.seconds - $1) < 1e-9 })
  }

  @Test func trimmingCountsSecondsFromTheFirstImage() throws {
    let folder = try ScratchFolder()
    for number in 0..<30 { try folder.write(SmallImages.pgm(width: 2, height: 2, value: UInt8(number)), to: "\(number).pgm") }
    var options = SourceOptions()
    options.framesPerSecond = Rational(10, 1)
    (options.startSeconds, options.endSeconds) = (1.1, 2.3)
    var frames = try Delivery(folder.path, options: options).frames
    #expect(frames.map(\.pts) == Array(11..<23))
    #expect(frames.map(\.ordinal) == Array(0..<12))
    options.maximumFrames = 3
    frames = try Delivery(folder.path, options: options).frames
    #expect(frames.map(\.pts) == [11, 12, 13])
    options.numbersWholeInput = true
    #expect(try Delivery(folder.path, options: options).frames.map(\.ordinal) == [11, 12, 13])
  }

  @Test func foldersWithoutImagesAreAnErrorOfTheirOwn() throws {
    let folder = try ScratchFolder()
    try folder.write([1], to: "notes.txt")
    for input in [folder.path, folder.file("*.png"), folder.file("%04d.png")] {
      #expect(throws: VideoError.noImages(input: input)) { try VideoSources.open(input) }
    }
  }

  @Test func aFolderOfRubbishHasNoPicture() throws {
    let folder = try ScratchFolder()
    for number in 0..<3 { try folder.write([1, 2, 3], to: "\(number).png") }
    let error = #expect(throws: VideoError.self) { try VideoSources.open(folder.path) }
    #expect(error?.category == .malformed)
  }

  /// A play list that names another file must not be followed.
  @Test func anImageThatIsAPlayListIsDamage() throws {
    let folder = try ScratchFolder()
    try folder.write(Array("#EXTM3U\n#EXTINF:1,\nother.png\n#EXT-X-ENDLIST\n".utf8), to: "a.png")
    try folder.write(SmallImages.png, to: "b.png")
    let delivery = try Delivery(folder.path)
    #expect(delivery.frames.count == 1 && delivery.events.map(\.kind) == [.damage])
  }

  @Test(arguments: [(16000, 16000), (100_000, 100_000), (70000, 1), (1 << 31, 1)])
  func hugeImagesAreRefusedBeforeTheyAreAllocated(_ width: Int, _ height: Int) throws {
    let folder = try ScratchFolder()
    try folder.write(SmallImages.png(claimingWidth: width, height: height), to: "huge.png")
    for input in [folder.path, folder.file("huge.png")] {
      let error = #expect(throws: VideoError.self) { try VideoSources.open(input) }
      #expect(error?.category == .malformed, "\(input): \(String(describing: error))")
      if width == 16000 { #expect(error?.description.contains("16000x16000") == true) }
    }
  }

  @Test func anImageOfOnePixelIsAVideoOfOnePicture() throws {
    let folder = try ScratchFolder()
    try folder.write(SmallImages.ppm(width: 1, height: 1) { _, _ in (10, 20, 30) }, to: "one.ppm")
    let frames = try Delivery(folder.file("one.ppm")).frames
    #expect(frames.count == 1)
    #expect(try frames[0].bgr().pixels == [30, 20, 10])
  }
}
