import Geometry
import Records
import TestSupport
import Testing

@testable import Counting

@Suite struct CountedAreaTests {
  @Test func refusesShapesWithoutExtent() {
    let square = [Point(0, 0), Point(4, 0), Point(4, 4), Point(0, 4)]
    #expect(throws: Never.self) { try CountedArea(name: "a", .zone([[square]])) }
    // The sides from (0, 0) to (640, 100) and from (630, 0) to (0, 300) cross where x·10/64 = 300 − x·30/63.
    let bow = [Point(0, 0), Point(640, 100), Point(630, 0), Point(0, 300)]
    #expect(throws: CountingError.area(name: "b", reason: "a ring of the polygon crosses itself near (474.4, 74.1); draw it anew"))
    {
      try CountedArea(name: "b", .zone([[bow]]))
    }
    let bad: [CountedArea.Shape] = [
      .line([Point(1, 1), Point(1, 1)]), .line([Point(1, 1)]), .line([Point(.nan, 1), Point(2, 2)]), .zone([]),
      .zone([[]]), .zone([[[Point(0, 0), Point(1, 1), Point(2, 2)]]]),
      .zone([[[Point(0, 0), Point(4, 4), Point(4, 0), Point(0, 5)]]]),
      .zone([[[Point(0, 0), Point(.infinity, 1), Point(2, 0)]]]),
    ]
    for shape in bad { #expect(throws: CountingError.self) { try CountedArea(name: "a", shape) } }
  }

  @Test func namesComeFromTheFeaturesAndOccurOnce() throws {
    let ring = [Point(0, 0), Point(4, 0), Point(4, 4)]
    let features = [
      GeoJSONFeature(.polygons([[ring]]), properties: .object([("name", .text("yard, <b>"))])),
      GeoJSONFeature(
        .lines([[Point(0, 0), Point(1, 0)], [Point(0, 1), Point(1, 1)]]), properties: .object([("id", .integer(7))])),
      GeoJSONFeature(.points([Point(0, 0)])), GeoJSONFeature(.polygons([[ring]])),
    ]
    let areas = try CountedArea.areas(of: features, path: "f")
    #expect(areas.map(\.name) == ["yard, <b>", "7 1", "7 2", "zone 4"])
    #expect(throws: CountingError.nameTwice("7 1")) { try CountedArea.check(areas + [areas[1]]) }
    #expect(throws: CountingError.noAreas(path: "f")) { try CountedArea.areas(of: [features[2]], path: "f") }
  }

  @Test func cornersAreBounded() throws {
    let line = (0..<5001).map { Point(Double($0), Double($0 % 2)) }
    let areas = try ["a", "b"].map { try CountedArea(name: $0, .line(line)) }
    #expect(throws: CountingError.self) { try CountedArea.check(areas) }
    #expect(throws: Never.self) { try CountedArea.check([areas[0]]) }
  }

  /// Fields in quotes, classes by name below all of them, `inside` for zones alone.
  @Test func tableHasARowForEachAreaClassAndDirection() throws {
    let zone = try CountedArea(name: "a, b", .zone([[[Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10)]]]))
    let line = try CountedArea(name: "l", .line([Point(5, 20), Point(5, 0)]))
    var counter = TrackCounter(areas: [zone, line])
    for (id, name) in [(1, "car"), (2, nil)] {
      for (frame, x) in [-5.0, 15].enumerated() {
        counter.add(id: id, className: name, frame: frame, time: Double(frame), place: Point(x, 5))
      }
    }
    let lines = CountTable(counter).csv.split(separator: "\n").map(String.init)
    #expect(lines.count == 1 + 3 * 3 + 3 * 2)
    #expect(lines[1] == "\"a, b\",zone,all,in,2,2,0,20.0,,,")
    #expect(lines[3] == "\"a, b\",zone,all,inside,2,,,20.0,1.0,0.5,0.5")
    #expect(lines[10] == "l,line,all,left_to_right,2,2,2,20.0,,,")
    #expect(lines[14] == "l,line,unknown,left_to_right,1,1,1,20.0,,,")
    guard case .list(let rows) = CountTable(counter).json else { return #expect(Bool(false)) }
    #expect(rows.count == 15 && rows[2]["mean_dwell_s"] == .real(0.5))
  }
}
