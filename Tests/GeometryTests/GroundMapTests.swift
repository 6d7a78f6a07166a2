import Foundation
import Geometry
import Testing

@Suite struct GroundMapTests {
  /// A camera 10 m above the ground that looks down by 30°, along the ground's −y; x is right of it.
  private let camera = CameraModel(width: 640, height: 480, focalX: 500, focalY: 500, center: Point(320, 240))
  private let down = 30.0 * Double.pi / 180

  /// The pixel of a place on the ground, by hand: x to the right, y towards the camera, the camera's foot at (0, 0).
  private func pixel(_ place: Point) -> Point {
    let forward = -place.y
    let depth = forward * cos(down) + 10 * sin(down)
    let below = 10 * cos(down) - forward * sin(down)
    return Point(320 + 500 * place.x / depth, 240 + 500 * below / depth)
  }

  private var rectangle: GroundMap.Rectangle {
    let corners = [Point(-4, -30), Point(4, -30), Point(4, -15), Point(-4, -15)]
    return GroundMap.Rectangle(corners: corners.map(pixel), width: 8, height: 15)
  }

  @Test func placesAreThoseOfTheRectanglesFrame() throws {
    let map = try #require(GroundMap(rectangle))
    for place in [Point(-4, -30), Point(3, -20), Point(-10, -12), Point(25, -200)] {
      let found = try #require(map.place(pixel(place)))
      // Its origin is the first corner.
      #expect((found - (place - Point(-4, -30))).length < 1e-6 * max(1, place.length), "\(found)")
    }
  }

  @Test func nothingLiesBeyondTheHorizon() throws {
    let map = try #require(GroundMap(rectangle))
    // The horizon is 30° above the axis.
    let horizon = 240 - 500 * tan(down)
    #expect(map.place(Point(320, horizon - 1)) == nil && map.place(Point(320, horizon + 1)) != nil)
    #expect(map.place(Point(10, horizon - 200)) == nil)
  }

  @Test func cornersMustGoClockwiseAroundAConvexShape() {
    let good = rectangle
    for corners in [
      Array(good.corners.reversed()), [good.corners[0], good.corners[2], good.corners[1], good.corners[3]],
      Array(good.corners.prefix(3)), [good.corners[0], good.corners[0], good.corners[2], good.corners[3]],
      [Point(0, 0), Point(1, 1), Point(2, 2), Point(3, 3)],
    ] {
      #expect(GroundMap(GroundMap.Rectangle(corners: corners, width: 8, height: 15)) == nil)
    }
    #expect(GroundMap(GroundMap.Rectangle(corners: good.corners, width: 0, height: 15)) == nil)
    #expect(GroundMap(GroundMap.Rectangle(corners: good.corners, width: .infinity, height: 15)) == nil)
  }

  @Test func theLensIsTakenOff() throws {
    var bent = camera
    bent.distortion = .radialTangential([-0.2, 0.05, 0.001, -0.002])
    func seen(_ place: Point) -> Point {
      let flat = pixel(place)
      return bent.project(Vector3((flat.x - 320) / 500, (flat.y - 240) / 500, 1)) ?? flat
    }
    let corners = [Point(-4, -30), Point(4, -30), Point(4, -15), Point(-4, -15)].map(seen)
    let map = try #require(GroundMap(GroundMap.Rectangle(corners: corners, width: 8, height: 15), camera: bent))
    let found = try #require(map.place(seen(Point(6, -13))))
    #expect((found - Point(10, 17)).length < 1e-6)
  }

  @Test func theDerivativeIsThatOfTheHomography() throws {
    let map = try #require(GroundMap(rectangle))
    let point = pixel(Point(2, -18))
    let found = try #require(PlaneMapping(map.place).jacobian(at: point))
    let exact = map.homography.jacobian(at: point)
    for (a, b) in [(found.a, exact.a), (found.b, exact.b), (found.c, exact.c), (found.d, exact.d)] {
      #expect(abs(a - b) < 1e-7)
    }
  }

  @Test func theCameraStandsWhereItStands() throws {
    let map = try #require(GroundMap(rectangle))
    let pose = try #require(PlanePose.worldFromCamera(camera, place: map.place))
    // Ten metres above its foot, which is 4 m right of and 30 m behind the first corner; z points down.
    #expect((pose.translation - Vector3(4, 30, -10)).length < 1e-6, "\(pose.translation)")
    let forward = pose.rotation * Vector3(0, 0, 1)
    #expect((forward - Vector3(0, -cos(down), sin(down))).length < 1e-9)
    let right = pose.rotation * Vector3(1, 0, 0)
    #expect((right - Vector3(1, 0, 0)).length < 1e-9)
  }

  @Test func bearingsAreAnglesToTheRightAndUp() {
    let right = Bearing(inCamera: Vector3(1, 0, 1)), up = Bearing(inCamera: Vector3(0, -1, 1))
    #expect(abs(right.azimuth - .pi / 4) < 1e-12 && right.elevation == 0)
    #expect(up.azimuth == 0 && abs(up.elevation - .pi / 4) < 1e-12)
    let below = Bearing(overGround: Vector3(0, 3, 4))
    #expect(abs(below.azimuth - .pi / 2) < 1e-12 && abs(below.elevation + atan2(4, 3)) < 1e-12)
  }

  @Test func fourPointsGoOntoFour() throws {
    let source = (Point(1, 2), Point(7, 1), Point(9, 8), Point(0, 6)),
      target = (Point(0, 0), Point(5, 1), Point(6, 7), Point(-1, 3))
    let map = try #require(Homography(from: source, to: target))
    for (a, b) in [(source.0, target.0), (source.1, target.1), (source.2, target.2), (source.3, target.3)] {
      #expect((map.apply(a) - b).length < 1e-9)
    }
    #expect(Homography(from: (Point(0, 0), Point(1, 0), Point(2, 0), Point(0, 1)), to: target) == nil)
  }

  /// The lengths of a degree at 45° on WGS84, of every table of it: 111,132 m of latitude, 78,847 m of longitude.
  @Test func metresBecomeDegrees() throws {
    let north = try #require(GeographicOrigin(latitude: 45, longitude: 7, heading: 0))
    let up = north.position(Point(0, -1000)), right = north.position(Point(1000, 0))
    #expect(abs((up.y - 45) * 111_132 - 1000) < 0.01 && abs(up.x - 7) < 1e-12)
    #expect(abs((right.x - 7) * 78_847 - 1000) < 0.01 && abs(right.y - 45) < 1e-12)
    // With its top towards the east the picture's right side is south.
    let east = try #require(GeographicOrigin(latitude: 45, longitude: 7, heading: 90))
    #expect(abs((east.position(Point(0, -1000)).x - 7) * 78_847 - 1000) < 0.01)
    #expect(abs((east.position(Point(1000, 0)).y - 45) * 111_132 + 1000) < 0.01)
    #expect(abs(north.bearing(-.pi / 2)) < 1e-9 && abs(east.bearing(0) - 180) < 1e-9)
    #expect(try #require(GeographicOrigin(latitude: 0, longitude: 180, heading: 0)).position(Point(1000, 0)).x < -179.9)
  }

  @Test(arguments: [(91.0, 0.0, 0.0), (89.5, 0, 0), (0, 181, 0), (.nan, 0, 0), (0, 0, .infinity)])
  func originsThatAreNoneAreRefused(_ latitude: Double, _ longitude: Double, _ heading: Double) {
    #expect(GeographicOrigin(latitude: latitude, longitude: longitude, heading: heading) == nil)
  }
}
