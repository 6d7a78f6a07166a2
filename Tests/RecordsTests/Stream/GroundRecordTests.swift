import Foundation
import Geometry
import Testing

@testable import Records

@Suite struct GroundRecordTests {
  private func line(_ track: TrackRecord) -> String {
    var encoder = StreamEncoder(classes: ["car"])
    return String(decoding: encoder.line(.frame(FrameRecord(frame: 3, time: 0.5, tracks: [track]))), as: UTF8.self)
  }

  private var track: TrackRecord {
    var track = TrackRecord(id: 7, box: OrientedBox(center: Point(10, 20), width: 8, height: 4, angle: 0))
    track.bearing = Bearing(azimuth: 0.123456, elevation: -0.25)
    track.worldBearing = Bearing(azimuth: 1.5, elevation: -0.5)
    var ground = GroundRecord(place: Point(12.34567, -8))
    ground.covariance = SymmetricMatrix2(xx: 0.0123456789, xy: -0.001, yy: 0.5)
    ground.velocity = Point(3, 4)
    ground.course = 0.927295
    ground.courseDeviation = 0.01
    ground.heading = -2.5
    ground.headingDeviation = 0.125
    track.ground = ground
    return track
  }

  @Test func isWrittenWithItsDecimals() {
    #expect(
      line(track).contains(
        "\"bearing\":[0.1235,-0.25],\"world_bearing\":[1.5,-0.5],\"ground\":{\"x\":12.346,\"y\":-8.0,"
          + "\"covariance\":[0.012346,-0.001,0.5],\"velocity\":[3.0,4.0],\"speed\":5.0,\"course\":0.9273,\"course_sd\":0.01,"
          + "\"heading\":-2.5,\"heading_sd\":0.125}}"))
    var bare = track
    bare.ground = GroundRecord(place: Point(1, 2))
    (bare.bearing, bare.worldBearing) = (nil, nil)
    #expect(line(bare).contains("\"observation\":\"observed\",\"ground\":{\"x\":1.0,\"y\":2.0,\"heading\":null}}"))
  }

  @Test func whatIsReadIsWrittenAgainAlike() throws {
    let text = line(track)
    guard case .frame(let frame)? = try StreamReader(bytes: Array(text.utf8), name: "s").next() else {
      Issue.record("no frame")
      return
    }
    #expect(frame.tracks[0].ground?.velocity == Point(3, 4) && frame.tracks[0].further.isEmpty)
    #expect(line(frame.tracks[0]).replacingOccurrences(of: "\"class\":null", with: "\"class\":\"car\"") == text)
  }

  @Test(arguments: ["{\"x\":1}", "{}", "{\"x\":1,\"y\":\"a\"}", "[1,2]"])
  func aGroundWithoutPlaceIsRefused(_ ground: String) throws {
    let text = line(TrackRecord(id: 7, box: OrientedBox(center: .zero, width: 8, height: 4, angle: 0)))
      .replacingOccurrences(of: "\"observation\":\"observed\"", with: "\"observation\":\"observed\",\"ground\":\(ground)")
    let reader = try StreamReader(bytes: Array(text.utf8), name: "s")
    #expect(throws: RecordsError.self) { try reader.next() }
  }

  /// A map that doubles x and shears: all by hand.
  @Test func goesByTheMapsDerivative() throws {
    var track = TrackRecord(id: 1, box: OrientedBox(center: Point(3, 5), width: 8, height: 4, angle: 0))
    track.centerCovariance = SymmetricMatrix2(xx: 1, xy: 0, yy: 4)
    track.velocity = Point(1, 1)
    (track.heading, track.headingDeviation) = (0, 0.1)
    let ground = try #require(GroundRecord(track, PlaneMapping { Point(2 * $0.x + $0.y, 3 * $0.y) }))
    #expect((ground.place - Point(11, 15)).length < 1e-12)
    let (velocity, covariance) = (try #require(ground.velocity), try #require(ground.covariance))
    #expect((velocity - Point(3, 3)).length < 1e-9)
    #expect(abs(covariance.xx - 8) < 1e-8 && abs(covariance.xy - 12) < 1e-8 && abs(covariance.yy - 36) < 1e-8)
    // A small turn of the x axis: (2, 0) moves by (1, 3) a radian, across by 3 over a length of 2.
    let heading = try #require(ground.heading), deviation = try #require(ground.headingDeviation)
    #expect(abs(heading) < 1e-9 && abs(deviation - 0.15) < 1e-9)
    #expect(GroundRecord(track, PlaneMapping { _ in nil }) == nil)
  }

  @Test func whatIsWrittenIsWhatIsReadBack() throws {
    let text = line(track)
    guard case .frame(let frame)? = try StreamReader(bytes: Array(text.utf8), name: "s").next() else {
      Issue.record("no frame")
      return
    }
    let written = track.asWritten
    #expect(frame.tracks[0].ground == written.ground && frame.tracks[0].bearing == written.bearing)
    #expect(frame.tracks[0].worldBearing == written.worldBearing)
  }

  @Test func numbersAreRoundedForJSON() {
    #expect(JSONValue.real(0.1234567, decimals: 6) == .real(0.123457))
    #expect(JSONValue([1e300, -0.0000004], decimals: 6).json == "[1e+300,0.0]")
    #expect(JSONValue.real(.nan, decimals: 6).json == "null")
  }
}
