import Geometry
import TestSupport
import Testing

@testable import Counting

@Suite struct TrackCounterTests {
  /// A car at 50 px/s to the right, ten rows a second, from x = 0 to 200 at y = 10.
  private func straight(_ areas: [CountedArea], keepsCrossings: Bool = false) -> TrackCounter {
    var counter = TrackCounter(areas: areas, keepsCrossings: keepsCrossings)
    for frame in 0...40 {
      counter.add(id: 1, className: "car", frame: frame, time: Double(frame) / 10, place: Point(Double(frame) * 5, 10))
    }
    return counter
  }

  @Test func tellsTimePlaceAndSpeedOfACrossing() throws {
    // Walking down the screen, the car comes from the right hand and goes to the left.
    let line = try CountedArea(name: "gate", .line([Point(102, 0), Point(102, 50)]))
    var counter = straight([line], keepsCrossings: true)
    counter.endAll()
    let crossing = try #require(counter.takeCrossings().first)
    #expect(crossing.direction == .rightToLeft && crossing.id == 1 && crossing.className == "car")
    #expect(abs(crossing.time - 2.04) < 1e-12 && abs(crossing.place.x - 102) < 1e-12)
    #expect(abs(try #require(crossing.speed) - 50) < 1e-9)
    #expect(counter.takeCrossings().isEmpty)
  }

  @Test func dwellIsTheTimeBetweenTheSides() throws {
    let zone = try CountedArea(name: "yard", .zone([[[Point(33, 0), Point(133, 0), Point(133, 20), Point(33, 20)]]]))
    let count = try #require(straight([zone]).counts(at: 0)["car"])
    #expect(count.passages.map(\.crossings) == [1, 1] && count.tracksInside == 1)
    #expect(abs(count.dwell - 2) < 1e-12 && abs(count.longestDwell - 2) < 1e-12)
    #expect(abs(try #require(count.meanSpeedInside) - 50) < 1e-9)
  }

  @Test func aHoleIsOutside() throws {
    let outer = [Point(20, 0), Point(180, 0), Point(180, 20), Point(20, 20)]
    let hole = [Point(80, 5), Point(120, 5), Point(120, 15), Point(80, 15)]
    let zone = try CountedArea(name: "ring", .zone([[outer, hole]]))
    let count = try #require(straight([zone]).counts(at: 0)["car"])
    #expect(count.passages.map(\.crossings) == [2, 2] && count.passages.map(\.tracks) == [1, 1])
    #expect(abs(count.dwell - (160 - 40) / 50) < 1e-12)
  }

  /// What lies in two parts of one zone is inside as what lies in one is.
  @Test func partsThatOverlapAreOne() throws {
    let part = { (left: Double) in [Point(left, 0), Point(left + 100, 0), Point(left + 100, 20), Point(left, 20)] }
    for second in [80.0, 20] {
      let zone = try CountedArea(name: "both", .zone([[part(20)], [part(second)]]))
      let count = try #require(straight([zone]).counts(at: 0)["car"])
      #expect(count.passages.map(\.crossings) == [1, 1] && count.tracksInside == 1)
      #expect(abs(count.dwell - (second + 100 - 20) / 50) < 1e-12)
    }
  }

  /// Rows that lie exactly on the line, and a line whose corner lies exactly on the path: one crossing each.
  @Test func pointsOnTheLineCountOnce() throws {
    let onRow = try CountedArea(name: "a", .line([Point(100, 0), Point(100, 50)]))
    let corner = try CountedArea(name: "b", .line([Point(90, 0), Point(102, 10), Point(90, 20)]))
    let both = straight([onRow, corner])
    for area in 0...1 { #expect(both.counts(at: area)["car"]?.passages.map(\.crossings).reduce(0, +) == 1) }
    // Touching the line from its left and going back is no crossing on balance.
    var touching = TrackCounter(areas: [onRow])
    for (frame, x) in [110.0, 100, 110].enumerated() {
      touching.add(id: 1, className: nil, frame: frame, time: Double(frame), place: Point(x, 20))
    }
    let passages = try #require(touching.counts(at: 0)[nil]).passages
    #expect(passages[0].crossings == passages[1].crossings && passages.map(\.net) == [0, 0])
  }

  @Test func ditheringCountsOnceOnBalance() throws {
    var counter = TrackCounter(areas: [try CountedArea(name: "a", .line([Point(100, 50), Point(100, 0)]))])
    for (frame, x) in [90.0, 101, 99, 101, 99, 101].enumerated() {
      counter.add(id: 7, className: "car", frame: frame, time: Double(frame), place: Point(x, 20))
    }
    let passages = try #require(counter.counts(at: 0)["car"]).passages
    #expect(passages.map(\.crossings) == [3, 2] && passages.map(\.tracks) == [1, 1] && passages.map(\.net) == [1, 0])
  }

  @Test func rowsMayComeLateAndReplaceOthers() throws {
    let area = try CountedArea(name: "a", .line([Point(100, 50), Point(100, 0)]))
    var counter = TrackCounter(areas: [area])
    let rows = [(3, 120.0), (0, 80.0), (2, 90.0), (1, 130.0), (1, 85.0)]
    for (frame, x) in rows { counter.add(id: 1, className: "car", frame: frame, time: Double(frame), place: Point(x, 20)) }
    #expect(counter.counts(at: 0)["car"]?.passages.map(\.crossings) == [1, 0])
    // Asking changes nothing, and the end of the track gives the same.
    counter.end(1)
    #expect(counter.counts(at: 0)["car"]?.passages.map(\.crossings) == [1, 0])
  }

  @Test func equalsTheNaiveTwinOnRandomPaths() throws {
    var random = TestRandom(seed: 5)
    for _ in 0..<200 {
      let line = (0..<2).map { _ in (random.uniform(0, 100), random.uniform(0, 100)) }
      // Corners by ascending angle about a middle: a star, which never crosses itself.
      let zone = (0..<7).map { corner -> (Double, Double) in
        let (turn, reach) = (Double(corner) / 7 * 2 * .pi, random.uniform(5, 60))
        let point = Point(50, 50) + Point(angle: turn) * reach
        return (point.x, point.y)
      }
      var counter = TrackCounter(areas: [
        try CountedArea(name: "line", .line(PathSet.points(line))), try CountedArea(name: "zone", .zone([[PathSet.points(zone)]])),
      ])
      var expected = (crossings: [0, 0], entries: 0, exits: 0, dwell: 0.0, length: 0.0, inside: 0)
      for id in 1...5 {
        var place = (random.uniform(0, 100), random.uniform(0, 100))
        let path: NaiveCount.Path = (0..<30).map { step in
          place = (place.0 + 15 * random.normal(), place.1 + 15 * random.normal())
          return (Double(step) * 0.2, place.0, place.1)
        }
        for (frame, row) in path.enumerated() {
          counter.add(id: id, className: "c", frame: frame, time: row.time, place: Point(row.x, row.y))
        }
        let crossings = NaiveCount.crossings(path, line[0], line[1])
        let stay = NaiveCount.stay(path, zone)
        expected.crossings = [expected.crossings[0] + crossings[0], expected.crossings[1] + crossings[1]]
        expected.entries += stay.entries
        expected.exits += stay.exits
        expected.dwell += stay.dwell
        expected.length += stay.length
        expected.inside += stay.was ? 1 : 0
      }
      let (onLine, inZone) = (try #require(counter.counts(at: 0)["c"]), try #require(counter.counts(at: 1)["c"]))
      #expect(onLine.passages.map(\.crossings) == expected.crossings)
      #expect(inZone.passages.map(\.crossings) == [expected.entries, expected.exits] && inZone.tracksInside == expected.inside)
      #expect(abs(inZone.dwell - expected.dwell) < 1e-9 && abs(inZone.path - expected.length) < 1e-7)
    }
  }

  /// More rows than are kept of an open track: what is settled early counts like the rest.
  @Test func longTracksCountAlike() throws {
    let area = try CountedArea(name: "a", .line([Point(0, -10), Point(0, 10)]))
    var counter = TrackCounter(areas: [area], memory: 1)
    for frame in 0..<30_000 {
      counter.add(id: 1, className: "c", frame: frame, time: Double(frame) / 25, place: Point(frame % 2 == 0 ? -1 : 1, 0))
    }
    #expect(counter.counts(at: 0)["c"]?.passages.map(\.crossings).reduce(0, +) == 29_999)
  }
}
