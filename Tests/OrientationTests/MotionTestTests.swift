import Geometry
import Testing

@testable import Orientation

@Suite struct MotionTestTests {
  static let points = (0..<100).map { Point(Double($0 % 10) * 64 + 10, Double($0 / 10) * 36 + 10) }

  static func rejection(_ h: Homography, points: [Point] = points, matches: Int = 120) -> MotionRejection? {
    MotionTest().rejection(of: h, points: points, matches: matches, width: 640, height: 360)
  }

  @Test func acceptsWhatACameraDoes() {
    for h in CameraMotionEstimatorTests.motions { #expect(Self.rejection(h) == nil) }
  }

  @Test func namesWhatIsWrong() {
    #expect(Self.rejection(.identity, points: Array(Self.points.prefix(14))) == .tooFewInliers)
    #expect(Self.rejection(.identity, matches: 1_100) == .tooSmallShare)
    #expect(Self.rejection(.identity, points: Self.points.map { $0 * 0.3 }) == .tooConcentrated)
    #expect(Self.rejection(.scaling(3, 3)) == .scale)
    #expect(Self.rejection(Homography(-1, 0, 640, 0, 1, 0, 0, 0, 1)) == .scale)
    #expect(Self.rejection(.translation(Point(200, 0))) == .tooFar)
    #expect(Self.rejection(Homography(1, 0, 0, 0, 1, 0, -0.0018, 0, 1)) == .horizon)
    #expect(Self.rejection(Homography(1, 0, 0, 0, 1, 0, 0.003, 0, 1)) == .horizon)
    #expect(Self.rejection(.scaling(.nan, 1)) == .noModel)
  }

  @Test func theHullOfASquareGridIsItsSquare() {
    let grid = (0..<25).map { Point(Double($0 % 5), Double($0 / 5)) }
    let hull = ConvexHull.corners(of: grid)
    #expect(Set(hull) == [Point(0, 0), Point(4, 0), Point(4, 4), Point(0, 4)])
    #expect(ConvexPolygon.area(hull) == 16)
    #expect(ConvexPolygon.area(ConvexHull.corners(of: (0..<9).map { Point(Double($0), 2 * Double($0)) })) == 0)
  }
}
