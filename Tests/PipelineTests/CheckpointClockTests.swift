import Testing

@testable import Pipeline

@Suite struct CheckpointClockTests {
  @Test func oneNoteIsOnItsWayAtATimeAndALongOneIsRestedFrom() {
    let clock = CheckpointClock(seconds: 0, cancellation: Cancellation())
    #expect(clock.isDue() && !clock.isDue())
    clock.wrote(in: .zero)
    #expect(clock.isDue())
    // No machine is so slow that a test takes nine thousand seconds.
    clock.wrote(in: .seconds(1000))
    #expect(!clock.isDue())
  }

  @Test func whoIsAskedToStopNotesAtOnce() {
    let cancellation = Cancellation()
    let clock = CheckpointClock(seconds: 1e6, cancellation: cancellation)
    #expect(!clock.isDue())
    cancellation.request(.interrupted)
    #expect(clock.isDue() && clock.isDue() && clock.isStopping)
  }
}
