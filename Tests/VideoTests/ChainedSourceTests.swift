import Foundation
import TestSupport
import Testing

@testable import Video

/// Several files that are one recording. The parts are made by our own encoder: `count` pictures of `rate` a second each.
@Suite struct ChainedSourceTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try make("part1.mp4", count: 5)
    try make("part2.mp4", count: 4)
    try make("part10.mp4", count: 3, width: 48)
  }

  private func make(_ name: String, count: Int, width: Int = 64) throws {
    var settings = VideoEncoder.Settings()
    settings.frameRate = Rational(10, 1)
    let encoder = try VideoEncoder(
      path: folder.file(name), width: width, height: 32, timeBase: Rational(1, 10), settings: settings)
    for index in 0..<count { try encoder.write([UInt8](repeating: UInt8(20 * index), count: width * 32 * 3), pts: Int64(index)) }
    try encoder.finish()
  }

  private func delivery(_ names: [String], options: SourceOptions = SourceOptions()) throws -> Delivery {
    try Delivery(VideoSources.open(names.map(folder.file), options: options))
  }

  @Test func timeAndFrameNumbersGoOnFromFileToFile() throws {
    let delivery = try delivery(["part1.mp4", "part2.mp4"])
    #expect(delivery.frames.map(\.ordinal) == Array(0..<9))
    let first = try #require(delivery.frames.first)
    for (index, frame) in delivery.frames.enumerated() {
      #expect(abs(frame.seconds - Double(index) / 10) < 1e-9)
      #expect(frame.timeBase == first.timeBase)
      #expect(abs(first.timeBase.seconds(frame.pts - first.pts) - Double(index) / 10) < 1e-6)
    }
    #expect(delivery.events.map(\.kind) == [.source, .source] && delivery.events.map(\.ordinal) == [0, 5])
    #expect(delivery.events[0].seconds == 0 && abs(delivery.events[1].seconds - 0.5) < 1e-9)
    #expect(delivery.events[1].detail.contains("part2.mp4"))
  }

  @Test func aGlobOfVideosIsOneRecordingInNaturalOrder() throws {
    let source = try VideoSources.open(folder.file("*.mp4"))
    #expect(source.information.frameCount == 12 && abs((source.information.duration ?? 0) - 1.2) < 1e-6)
    let delivery = try Delivery(source)
    #expect(delivery.frames.map(\.width) == [Int](repeating: 64, count: 9) + [Int](repeating: 48, count: 3))
    #expect(delivery.events.map(\.kind) == [.source, .source, .source, .size] && delivery.events[3].ordinal == 9)
    #expect(abs(delivery.events[3].seconds - delivery.frames[9].seconds) < 1e-9)
  }

  @Test func trimmingCountsFromTheBeginningOfTheWhole() throws {
    var options = SourceOptions()
    (options.startSeconds, options.endSeconds) = (0.3, 0.7)
    let middle = try delivery(["part1.mp4", "part2.mp4"], options: options).frames.map { ($0.seconds * 1e6).rounded() }
    #expect(middle == [3e5, 4e5, 5e5, 6e5])
    (options.startSeconds, options.endSeconds, options.maximumFrames) = (0.6, nil, 4)
    let late = try delivery(["part1.mp4", "part2.mp4", "part10.mp4"], options: options)
    #expect(late.frames.map { ($0.seconds * 1e6).rounded() } == [6e5, 7e5, 8e5, 9e5])
    #expect(late.frames.map(\.ordinal) == [0, 1, 2, 3])
    options.numbersWholeInput = true
    let numbered = try delivery(["part1.mp4", "part2.mp4", "part10.mp4"], options: options)
    #expect(numbered.frames.map(\.ordinal) == [6, 7, 8, 9])
    #expect(numbered.frames.map(\.seconds) == late.frames.map(\.seconds))
  }

  @Test func aFileThatCannotBeReadIsToldBeforeAnyWorkIsDone() throws {
    try folder.write([1, 2, 3], to: "part3.mp4")
    #expect(throws: VideoError.notVideo(input: folder.file("part3.mp4"))) {
      try VideoSources.open(["part1.mp4", "part3.mp4"].map(folder.file))
    }
  }

  @Test func onlyFilesOfOneKindAreJoined() throws {
    try folder.write(SmallImages.png, to: "a.png")
    for inputs in [
      [folder.file("part1.mp4"), "-"], [folder.file("part1.mp4"), folder.file("a.png")], [folder.path, folder.path],
    ] {
      let error = #expect(throws: VideoError.self) { try VideoSources.open(inputs) }
      #expect(error?.category == .usage)
    }
    let pictures = try VideoSources.open([folder.file("a.png"), folder.file("a.png")])
    #expect(pictures.information.kind == .images && pictures.information.frameCount == 2)
  }

  @Test func aFolderSaysWhatItDoesNotTake() throws {
    let error = #expect(throws: VideoError.self) { try VideoSources.open(folder.path) }
    #expect(error == .folderOfVideos(input: folder.path, video: folder.file("part1.mp4")))
    try folder.write(SmallImages.png, to: "a.png")
    let notes = try VideoSources.open(folder.path).information.notes
    #expect(notes.count == 2 && notes[0].contains("one picture only") && notes[1].contains("3 videos"))
  }
}
