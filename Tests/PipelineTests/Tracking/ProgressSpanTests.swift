import Testing

@testable import Pipeline

@Suite struct ProgressSpanTests {
  private func request() -> TrackRequest {
    TrackRequest(input: "x", detector: .motion, outputs: TrackOutputs(), program: "test")
  }

  @Test func theShareIsThatOfThePartThatWasAskedFor() {
    var request = request()
    request.startSeconds = 10
    request.endSeconds = 30
    let span = ProgressSpan(request: request, duration: 100)
    #expect(span.share(seconds: 10, frames: 0) == 0)
    #expect(span.share(seconds: 20, frames: 0) == 0.5)
    #expect(span.share(seconds: 40, frames: 0) == 1)
  }

  @Test func aNumberOfFramesCanBeReachedBeforeTheTime() {
    var request = request()
    request.maximumFrames = 50
    #expect(ProgressSpan(request: request, duration: 100).share(seconds: 1, frames: 25) == 0.5)
  }

  @Test func aLiveSourceHasNoShare() {
    #expect(ProgressSpan(request: request(), duration: nil).share(seconds: 5, frames: 100) == nil)
  }
}
