import Foundation
import Geometry
import Records
import Synthesis
import Testing

@testable import Pipeline

/// Against cameras over a plane whose projections are closed (`CameraProjection` of the made-up scenes).
@Suite struct WorldMappingTests {
  private let size = (width: 640, height: 480)
  /// Where the rectangle's first corner lies in the scene's world; its axes are the world's.
  private let origin = Point(40, -6)

  private func projection(_ frame: Int) -> CameraProjection {
    let t = Double(frame)
    return CameraProjection(
      CameraState(
        position: GroundPoint(0.3 * t, 0.1 * t), height: 20 + 0.2 * t, yaw: 0.02 * t, pitch: -0.45 - 0.004 * t, roll: 0.01 * t,
        zoom: 1.1),
      width: size.width, height: size.height)
  }

  /// An object that drives on the ground, metres and metres per second.
  private func place(_ frame: Int) -> Point { Point(46 + 0.5 * Double(frame), -2 + 0.2 * Double(frame)) }
  private let velocity = Point(12.5, 5)
  private let covariance = SymmetricMatrix2(xx: 2, xy: 0.5, yy: 3)

  private func track(_ frame: Int) throws -> TrackRecord {
    let map = projection(frame).groundToImage
    let center = try #require(projection(frame).project(GroundPoint(place(frame).x, place(frame).y))).pixel
    let motion = map.jacobian(at: place(frame)) * velocity
    return TrackRecord(
      id: 1, box: OrientedBox(center: center, width: 20, height: 10, angle: 0), centerCovariance: covariance, velocity: motion,
      course: motion.angle, courseDeviation: 0.1, heading: motion.angle, headingDeviation: 0.2)
  }

  private func record(_ frame: Int, isCut: Bool = false) throws -> FrameRecord {
    let motion = frame == 0 ? nil : projection(frame).homography(from: projection(frame - 1))
    let camera =
      isCut
      ? CameraMotion(status: .cut, homography: .identity, inliers: 0)
      : motion.map { CameraMotion(status: .ok, homography: $0, inliers: 9) }
    return FrameRecord(frame: frame, time: Double(frame) / 25, camera: camera ?? .first, tracks: [try track(frame)])
  }

  private func mapping(camera: Bool = true, lookBack: Double = 60) throws -> WorldMapping {
    let first = projection(0)
    let corners = try [(0.0, 0.0), (30, 0), (30, 12), (0, 12)].map { x, y in
      try #require(first.project(GroundPoint(origin.x + x, origin.y + y))).pixel
    }
    let model = CameraModel(
      width: size.width, height: size.height, focalX: first.focalLength, focalY: first.focalLength, center: Point(320, 240))
    let rectangle = GroundMap.Rectangle(corners: corners, width: 30, height: 12)
    return WorldMapping(camera: camera ? model : nil, ground: try #require(GroundMap(rectangle)), lookBack: lookBack)
  }

  @Test func placesMotionsAndCovariancesAreTheWorlds() throws {
    var mapping = try mapping()
    for frame in 0..<20 {
      var record = try record(frame)
      mapping.add(&record)
      let ground = try #require(record.tracks[0].ground)
      #expect((ground.place - (place(frame) - origin)).length < 1e-5)
      let speed = try #require(ground.velocity)
      #expect((speed - velocity).length < 1e-4)
      #expect(abs(Angle.headingDifference(from: try #require(ground.heading), to: velocity.angle)) < 1e-5)
      #expect(abs(Angle.headingDifference(from: try #require(ground.course), to: velocity.angle)) < 1e-5)
      // What the scene's own map makes of the ground's covariance is that of the picture again.
      let back = projection(frame).groundToImage.jacobian(at: place(frame)).transform(try #require(ground.covariance))
      #expect(abs(back.xx - 2) < 1e-4 && abs(back.xy - 0.5) < 1e-4 && abs(back.yy - 3) < 1e-4)
    }
  }

  @Test func theDeviationOfAHeadingIsThatOfDrawnHeadings() throws {
    var mapping = try mapping()
    var record = try record(0)
    mapping.add(&record)
    let ground = try #require(record.tracks[0].ground)
    // A small turn in the picture, carried to the ground by the scene's own inverse map.
    let center = record.tracks[0].box.center
    func onGround(_ angle: Double) throws -> Double {
      let ahead = try #require(projection(0).groundPoint(at: center + Point(angle: angle) * 1e-3))
      return (Point(ahead.x, ahead.y) - place(0)).angle
    }
    let heading = try #require(record.tracks[0].heading)
    let factor = Angle.headingDifference(from: try onGround(heading - 1e-3), to: try onGround(heading + 1e-3)) / 2e-3
    #expect(abs(try #require(ground.headingDeviation) - 0.2 * abs(factor)) < 1e-3)
    #expect(abs(try #require(ground.courseDeviation) - 0.1 * abs(factor)) < 1e-3)
  }

  @Test func posesAndBearingsAreThoseOfTheScenesCamera() throws {
    var mapping = try mapping()
    for frame in 0..<20 {
      var record = try record(frame)
      mapping.add(&record)
      let truth = projection(frame).worldFromCamera
      guard case .list(let position)? = record.further.first(where: { $0.key == "pose" })?.value["position"] else {
        Issue.record("no pose in frame \(frame)")
        continue
      }
      let expected = truth.translation - Vector3(origin.x, origin.y, 0)
      for (value, number) in zip(position, [expected.x, expected.y, expected.z]) {
        guard case .real(let value) = value else { continue }
        #expect(abs(value - number) < 1e-4)
      }
      let sight = Vector3(place(frame).x, place(frame).y, 0) - truth.translation
      let world = try #require(record.tracks[0].worldBearing)
      #expect(abs(world.azimuth - atan2(sight.y, sight.x)) < 1e-6)
      #expect(abs(world.elevation + asin(sight.z / sight.length)) < 1e-6)
      let own = truth.rotation.transposed * sight
      let bearing = try #require(record.tracks[0].bearing)
      #expect(abs(bearing.azimuth - atan2(own.x, own.z)) < 1e-9)
    }
  }

  @Test func rowsThatComeLateHaveTheSamePlaces() throws {
    var mapping = try mapping()
    var records: [FrameRecord] = []
    for frame in 0..<12 {
      var record = try record(frame)
      mapping.add(&record)
      records.append(record)
    }
    var late = BackfillRecord(frame: 4, time: 4.0 / 25, tracks: [try track(4)])
    mapping.add(&late)
    #expect(late.tracks == records[4].tracks)
  }

  @Test func behindACutNothingIsKnownOfTheGround() throws {
    var mapping = try mapping()
    for frame in 0..<6 {
      var record = try record(frame, isCut: frame == 3)
      mapping.add(&record)
      #expect((record.tracks[0].ground != nil) == (frame < 3))
      #expect(record.tracks[0].bearing != nil && record.further.isEmpty == (frame >= 3))
    }
  }

  @Test func withoutACameraThereAreNoBearings() throws {
    var mapping = try mapping(camera: false)
    var record = try record(0)
    mapping.add(&record)
    #expect(record.tracks[0].bearing == nil && record.tracks[0].ground != nil && record.further.isEmpty)
  }

  @Test func theTextOfARectangleReadsBack() throws {
    let text = "412,300 880.5,310 1010,620 250,600:30x12"
    let rectangle = try #require(GroundSetting.rectangle(text))
    #expect(rectangle.corners[1] == Point(880.5, 310) && rectangle.width == 30 && rectangle.height == 12)
    #expect(GroundSetting.text(rectangle) == text && GroundSetting.rectangle("1,2;3,4;5,6;7,8:2×3")?.height == 3)
    for bad in [
      "", "1,2 3,4 5,6:2x3", "1,2 3,4 5,6 7,8", "1,2 3,4 5,6 7,a:2x3", "1,2 3,4 5,6 7,8:2", "1,2 3,4 5,6 7,8:0x3",
      "1,2 3,4 5,6 7,nan:2x3",
    ] {
      #expect(GroundSetting.rectangle(bad) == nil, "\(bad)")
    }
  }
}
