import CFFmpeg
import Foundation
import TestSupport
import Testing

@testable import Video

/// Making and freeing every handle many times; a leak or a double free shows under the address sanitizer.
@Suite struct HandleTests {
  @Test func interruptsAndConvertersComeAndGo() throws {
    for _ in 0..<10_000 {
      let parent = Interrupt()
      let child = Interrupt(parent: parent)
      parent.cancel()
      #expect(child.isCancelled)
      _ = try PixelConverter()
    }
  }

  @Test func picturesComeAndGo() throws {
    let image = SmallImages.pgm(width: 2, height: 2, value: 1)
    for _ in 0..<10_000 {
      guard case .picture(let picture) = try StoredImage.decode(image, name: "x", options: SourceOptions()) else {
        Issue.record("a sound image was refused")
        return
      }
      #expect(picture.width == 2)
    }
  }

  @Test(.enabled(if: SharedData.clips != nil, SharedData.message)) func inputsComeAndGo() throws {
    var options = SourceOptions()
    options.maximumFrames = 1
    for _ in 0..<100 {
      #expect(try Delivery(SharedData.clip("one-frame.mp4"), options: options).frames.count == 1)
      #expect(throws: VideoError.self) { try VideoSources.open(SharedData.clip("text.mp4")) }
    }
  }

  /// An encoder that is dropped in the middle frees what it holds.
  @Test func encodersComeAndGo() throws {
    let folder = try ScratchFolder()
    for count in 0..<30 {
      let encoder = try VideoEncoder(path: folder.file("x.mp4"), width: 33, height: 17, timeBase: Rational(1, 25))
      for pts in 0..<count { try encoder.write(testPicture(width: 33, height: 17), pts: Int64(pts)) }
      if count % 2 == 0 { try encoder.finish() }
    }
  }

  @Test func freeingNothingIsAllowed() {
    video_input_destroy(nil)
    video_picture_destroy(nil)
    video_converter_destroy(nil)
    video_encoder_destroy(nil)
    video_interrupt_destroy(nil)
  }

  @Test func aFrameOutlivesItsSource() throws {
    var frame: Frame?
    do {
      var options = SourceOptions()
      options.maximumFrames = 1
      frame = try Delivery("lavfi:color=c=white:size=32x16:rate=5", options: options).frames.first
    }
    let bytes = try #require(frame).lumaBytes
    #expect(bytes.count == 512 && bytes.allSatisfy { $0 == bytes[0] })
  }

  @Test func theLibrariesAndCamerasCanBeNamed() throws {
    #expect(try VideoSources.libraryVersions.contains("libavformat"))
    #expect(VideoSources.cameras().allSatisfy { $0.path.hasPrefix("/dev/") })
  }
}
