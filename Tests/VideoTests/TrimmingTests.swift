import TestSupport
import Testing

@testable import Video

@Suite(.enabled(if: SharedData.clips != nil, SharedData.message)) struct TrimmingTests {
  /// Trimming must give exactly the frames that reading everything gives between the same times, wherever the seek lands.
  @Test(arguments: ExpectedClip.having("ok")) func trimmedFramesAreThoseOfTheWholeReading(_ clip: ExpectedClip) throws {
    let whole = try Delivery(SharedData.clip(clip.file)).frames
    let length = whole[whole.count - 1].seconds
    for (start, end) in [(0.3, 0.7), (0.62, 2.0), (0.97, 1.5)] {
      var options = SourceOptions()
      (options.startSeconds, options.endSeconds) = (start * length, max(end * length, start * length + 0.001))
      let wanted = whole.filter { $0.seconds >= options.startSeconds && $0.seconds < options.endSeconds ?? 0 }
      let trimmed = try Delivery(SharedData.clip(clip.file), options: options)
      #expect(trimmed.frames.map(\.pts) == wanted.map(\.pts))
      #expect(trimmed.frames.map(\.seconds) == wanted.map(\.seconds))
      #expect(trimmed.frames.map(\.ordinal) == Array(0..<wanted.count))
      #expect(trimmed.frames.map { $0.storedBytes.hashValue } == wanted.map { $0.storedBytes.hashValue })
      #expect(trimmed.events.isEmpty)
      options.numbersWholeInput = true
      let numbered = try Delivery(SharedData.clip(clip.file), options: options)
      #expect(numbered.frames.map(\.ordinal) == wanted.map(\.ordinal))
      #expect(numbered.frames.map(\.pts) == wanted.map(\.pts))
    }
  }

  @Test func aStartBehindTheEndGivesNothing() throws {
    var options = SourceOptions()
    options.startSeconds = 1000
    #expect(try Delivery(SharedData.clip("base.mp4"), options: options).frames.isEmpty)
  }

  @Test func noMoreThanTheAskedFramesAreDelivered() throws {
    var options = SourceOptions()
    options.maximumFrames = 7
    #expect(try Delivery(SharedData.clip("base.mp4"), options: options).frames.count == 7)
  }

  @Test func valuesOutOfRangeAreRefused() throws {
    let changes: [(inout SourceOptions) -> Void] = [
      { $0.startSeconds = -1 }, { $0.startSeconds = .nan }, { $0.endSeconds = 0 }, { $0.maximumFrames = 0 },
      { $0.framesPerSecond = Rational(0, 1) }, { $0.decoderThreads = 0 }, { $0.timeoutSeconds = 0 }, { $0.giveUpSeconds = -1 },
      { $0.libraryOptions = ["a": "b\nc"] },
    ]
    for change in changes {
      var options = SourceOptions()
      change(&options)
      let error = #expect(throws: VideoError.self) { try VideoSources.open(SharedData.clip("base.mp4"), options: options) }
      #expect(error?.category == .usage)
    }
  }
}
