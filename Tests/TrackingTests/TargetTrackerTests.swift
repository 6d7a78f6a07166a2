import Geometry
import Testing

@testable import Tracking

/// The one track of a target: an identity that stays, rows only where it is seen, and what is told of its loss.
@Suite struct TargetTrackerTests {
  private func box(_ x: Double, score: Double = 0.9) -> DetectedBox {
    DetectedBox(box: GaussianBox(AxisBox(left: x, top: 50, width: 40, height: 30)), score: score)
  }

  private func input(_ frame: Int, _ detections: [DetectedBox]) -> TrackerInput {
    TrackerInput(ordinal: frame, time: Double(frame) / 10, detections: detections, motion: .still, width: 640, height: 480)
  }

  @Test func rowsCarryTheDetectionsOwnBoxAndScore() throws {
    var tracker = TargetTracker()
    for frame in 0..<20 {
      let output = tracker.update(input(frame, [box(10 * Double(frame))]))
      let row = try #require(output.tracks.first)
      #expect(row.id == 1 && row.state == .confirmed && row.observation == .observed && row.score == 0.9 && row.existence == 0.9)
      let hull = row.box.hull
      #expect(abs(hull.left - 10 * Double(frame)) < 1e-6 && abs(hull.width - 40) < 1e-6 && abs(hull.height - 30) < 1e-6)
      // 10 pixels in a tenth of a second.
      if frame == 19 { #expect(abs(row.velocity.x - 100) < 5 && abs(row.velocity.y) < 5) }
    }
    let ending = try #require(tracker.finish().endings.first)
    #expect(ending.id == 1 && ending.reason == .finished && ending.lastSeenOrdinal == 19)
  }

  @Test func aLostTargetHasNoRowsAndComesBackAsItself() throws {
    var tracker = TargetTracker()
    #expect(tracker.update(input(0, [])).tracks.isEmpty)
    for frame in 1..<5 { #expect(tracker.update(input(frame, [box(100)])).changes.isEmpty) }
    let lost = tracker.update(input(5, []))
    #expect(lost.tracks.isEmpty && lost.changes == [TrackChange(id: 1, ordinal: 5, time: 0.5, kind: .lost)])
    for frame in 6..<300 {
      let output = tracker.update(input(frame, []))
      #expect(output.tracks.isEmpty && output.changes.isEmpty && output.endings.isEmpty)
    }
    let found = tracker.update(input(300, [box(500)]))
    #expect(found.tracks.map(\.id) == [1] && found.changes == [TrackChange(id: 1, ordinal: 300, time: 30, kind: .found)])
    // Where it is found says nothing of how it got there.
    #expect(found.tracks[0].speed == 0)
  }

  @Test func aTargetThatIsLostToTheEndSaysSo() {
    var tracker = TargetTracker()
    #expect(tracker.finish().endings.isEmpty)
    _ = tracker.update(input(0, [box(100)]))
    _ = tracker.update(input(1, []))
    #expect(tracker.finish().endings.map(\.reason) == [.lost])
  }
}
