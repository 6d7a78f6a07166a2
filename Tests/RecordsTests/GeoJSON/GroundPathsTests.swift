import Foundation
import Geometry
import Testing

@testable import Records

@Suite struct GroundPathsTests {
  private func track(_ id: Int, _ x: Double, _ y: Double, _ observation: TrackRecord.Observation = .observed) -> TrackRecord {
    var track = TrackRecord(id: id, box: OrientedBox(center: .zero, width: 2, height: 1, angle: 0), observation: observation)
    track.ground = GroundRecord(place: Point(x, y))
    track.ground?.course = 0
    return track
  }

  private func paths() throws -> [GeoJSONFeature] {
    var paths = GroundPaths(origin: try #require(GeographicOrigin(latitude: 45, longitude: 7, heading: 0)))
    paths.add(frame: 0, time: 0, [track(2, 0, 0), track(1, 5, 5)], classes: ["car"])
    paths.add(frame: 2, time: 0.2, [track(2, 20, 0)], classes: ["car"])
    paths.add(frame: 3, time: 0.3, [track(2, 500, 0, .predicted)], classes: ["car"])
    // Late rows: one between, and one that takes an earlier row's place.
    paths.add(frame: 1, time: 0.1, [track(2, 10, 0, .interpolated)], classes: ["car"])
    paths.add(frame: 0, time: 0, [track(2, 0, 10)], classes: ["car"])
    return paths.features
  }

  @Test func aTrackIsALineInTheOrderOfItsFrames() throws {
    let features = try paths()
    #expect(features.count == 2)
    guard case .lines(let lines) = features[1].geometry, case .points(let points) = features[0].geometry else {
      Issue.record("other geometries")
      return
    }
    // At 45° a degree of longitude has 78,847 m and one of latitude 111,132 m.
    let expected = [Point(7, 45 - 10 / 111_132.0), Point(7 + 10 / 78_847.0, 45), Point(7 + 20 / 78_847.0, 45)]
    #expect(lines.count == 1 && lines[0].count == 3 && points.count == 1)
    for (found, place) in zip(lines[0], expected) { #expect((found - place).length < 2e-9) }
  }

  @Test func itsPropertiesAreInMetresAndDegrees() throws {
    let properties = try paths()[1].properties
    #expect(properties["id"] == .integer(2) && properties["class"] == .text("car") && properties["bearing_deg"] == .real(90))
    // The square's diagonal and its side, in 0.2 s.
    #expect(properties["length_m"] == .real(24.142) && properties["mean_speed_m_per_s"] == .real(120.711))
    #expect(properties["times_s"] == JSONValue([0, 0.1, 0.2]))
  }

  @Test func ourReaderTakesThem() throws {
    let features = try paths()
    #expect(try GeoJSONReader.read(bytes: GeoJSONWriter.text(features).utf8, name: "paths").count == 2)
  }
}
