import Geometry
import Testing

@testable import Detection

@Suite("Memory of spots")
struct SpotMemoryTests {
  static func spot(_ center: Point, side: Double = 6, strength: Double = 4) -> FrameDifference.Spot {
    FrameDifference.Spot(
      box: AxisBox(left: center.x - side / 2, top: center.y - side / 2, width: side, height: side), strength: strength)
  }

  @Test("a spot on a straight way is followed exactly, whatever the camera does", arguments: [Point(0, 0), Point(-9, 4)])
  func straightWay(shift: Point) throws {
    var memory = SpotMemory()
    var last: [SpotMemory.Entry] = []
    for frame in 0..<20 {
      let k = Double(frame)
      last = memory.update(
        [Self.spot(Point(100, 80) + Point(2, -1) * k + shift * k)],
        presentFromPrevious: frame == 0 ? .identity : .translation(shift), time: 0.04 * k, seconds: frame == 0 ? 0 : 0.04)
    }
    let entry = try #require(last.first)
    #expect(last.count == 1)
    #expect(entry.hits == 20 && entry.frames == 20)
    #expect(abs(entry.lastSeen - entry.firstSeen - 0.76) < 1e-9)
    // 2 and −1 pixels in each 0.04 s, against the ground.
    #expect((entry.velocity - Point(50, -25)).length < 1e-6)
    #expect((entry.box.center - (Point(138, 61) + shift * 19)).length < 1e-6)
    #expect(abs(entry.side - 6) < 1e-9 && abs(entry.strength - 4) < 1e-9)
  }

  @Test("a spot is remembered through a gap of two frames at any rate, and forgotten afterwards", arguments: [2.0, 25])
  func gaps(rate: Double) {
    var memory = SpotMemory()
    func step(_ frame: Int, _ spots: [FrameDifference.Spot]) -> [SpotMemory.Entry] {
      memory.update(spots, presentFromPrevious: .identity, time: Double(frame) / rate, seconds: 1 / rate)
    }
    for frame in 0..<3 { _ = step(frame, [Self.spot(Point(50, 50))]) }
    #expect(step(3, []).isEmpty)
    #expect(step(4, [Self.spot(Point(50, 50))]).first?.frames == 5)
    for frame in 5..<40 { _ = step(frame, []) }
    let again = step(40, [Self.spot(Point(50, 50))])
    #expect(again.first?.hits == 1 && again.first?.frames == 1)
  }

  @Test(
    "at two frames a second a spot may go three of its sides between frames, at 25 it may not", arguments: [(2.0, 8), (25.0, 1)])
  func fastSpot(rate: Double, hits: Int) {
    var memory = SpotMemory()
    var last: [SpotMemory.Entry] = []
    for frame in 0..<8 {
      last = memory.update(
        [Self.spot(Point(40 + 20 * Double(frame), 50))], presentFromPrevious: .identity, time: Double(frame) / rate,
        seconds: 1 / rate)
    }
    #expect(last.count == 1 && last.first?.hits == hits)
  }

  @Test("two spots that pass each other stay two, and the nearer one is taken")
  func neighbours() {
    var memory = SpotMemory()
    var last: [SpotMemory.Entry] = []
    for frame in 0..<15 {
      let k = Double(frame)
      last = memory.update(
        [Self.spot(Point(100 + 3 * k, 50)), Self.spot(Point(142 - 3 * k, 64))], presentFromPrevious: .identity, time: 0.04 * k,
        seconds: 0.04)
    }
    #expect(last.count == 2 && last.allSatisfy { $0.hits == 15 })
    #expect(last.map { $0.velocity.x.rounded() }.sorted() == [-75, 75])
  }

  @Test("spots without end are bounded, and places that are no numbers are dropped")
  func bounds() {
    var memory = SpotMemory()
    for frame in 0..<10 {
      let spots = (0..<200).map { Self.spot(Point(Double($0) * 40 + Double(frame % 2) * 20, Double(frame) * 60)) }
      _ = memory.update(spots, presentFromPrevious: .identity, time: 0.01 * Double(frame), seconds: 0.01)
      #expect(memory.entries.count <= 400)
    }
    let nowhere = Homography(.nan, 0, 0, 0, 1, 0, 0, 0, 1)
    #expect(memory.update([], presentFromPrevious: nowhere, time: 0.1, seconds: 0.01).isEmpty)
    #expect(memory.entries.isEmpty)
  }
}
