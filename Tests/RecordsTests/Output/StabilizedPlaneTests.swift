import Foundation
import Geometry
import Testing

@testable import Records

@Suite struct StabilizedPlaneTests {
  private func frame(_ index: Int, _ camera: CameraMotion?) -> FrameRecord {
    FrameRecord(frame: index, time: Double(index) / 25, camera: camera)
  }

  /// A point of the ground, seen by a camera that turns, nears and shifts, stays where the first frame saw it.
  @Test func aPointOfTheGroundStaysWhereItWas() throws {
    var plane = StabilizedPlane(memory: 10)
    func picture(_ k: Int) -> Homography {
      let (angle, scale) = (0.02 * Double(k), exp(0.01 * Double(k)))
      return Homography(
        scale * cos(angle), -scale * sin(angle), 3 * Double(k), scale * sin(angle), scale * cos(angle), -2 * Double(k),
        1e-6 * Double(k), 0,
        1)
    }
    let ground = Point(200, 120)
    for k in 0..<100 {
      let back = try #require(picture(max(0, k - 1)).inverse)
      plane.add(frame(k, k == 0 ? .first : CameraMotion(status: .ok, homography: picture(k) * back, inliers: 9)))
    }
    for k in [0, 1, 57, 99] {
      let view = try #require(plane[k])
      let place = try #require(view.place(picture(k).apply(ground)))
      #expect(view.origin == 0 && (place - ground).length < 1e-6)
    }
  }

  @Test func aCutBeginsANewPlaneAndAnUnknownMotionIsNone() throws {
    var plane = StabilizedPlane(memory: 10)
    let shift = CameraMotion(status: .ok, homography: .translation(Point(5, 0)), inliers: 9)
    for (index, camera) in [CameraMotion.first, shift, nil, shift].enumerated() { plane.add(frame(index, camera)) }
    plane.add(frame(4, CameraMotion(status: .cut, homography: .identity, inliers: 0)))
    plane.add(frame(5, shift))
    #expect([0, 1, 2, 3].map { plane[$0]?.place(Point(20, 7)) } == [Point(20, 7), Point(15, 7), Point(15, 7), Point(10, 7)])
    #expect(plane[3]?.origin == 0 && plane[4]?.origin == 4 && plane[5] == .init(origin: 4, map: .translation(Point(-5, 0))))
    #expect(plane[6] == nil)
  }

  /// A picture of 100 by 50 pixels, so that 4,000 px are in reach, whose later frames look along the ground: x / (1 − x / 100).
  @Test func nearTheHorizonThereIsNoPlaceEither() throws {
    var header = StreamHeader(program: "t")
    header.source = StreamSource(uri: "a", kind: "file", width: 100, height: 50)
    var plane = StabilizedPlane(memory: 10)
    plane.begin(header)
    plane.add(frame(0, .first))
    let back = try #require(Homography(1, 0, 0, 0, 1, 0, -0.01, 0, 1).inverse)
    plane.add(frame(1, CameraMotion(status: .ok, homography: back, inliers: 9)))
    let view = try #require(plane[1])
    #expect(view.place(Point(97, 0)).map { abs($0.x - 97 / 0.03) < 1e-6 } == true)
    #expect(view.place(Point(98, 0)) == nil)
  }

  @Test func beyondTheHorizonThereIsNoPlace() {
    let view = StabilizedPlane.View(origin: 0, map: Homography(1, 0, 0, 0, 1, 0, -0.01, 0, 1))
    #expect(view.place(Point(50, 10)) == Point(100, 20))
    #expect(view.place(Point(100, 10)) == nil && view.place(Point(150, 10)) == nil)
  }
}
