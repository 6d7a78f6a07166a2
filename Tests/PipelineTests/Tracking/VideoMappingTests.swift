import Geometry
import Testing
import Video

@testable import Pipeline

@Suite struct VideoMappingTests {
  @Test(arguments: [
    (25.0, Rational(25, 1)), (29.97, Rational(30000, 1001)), (23.976, Rational(24000, 1001)), (59.94, Rational(60000, 1001)),
    (12.5, Rational(12500, 1000)), (0.5, Rational(500, 1000)),
  ])
  func ratesBecomeTheFractionsThatPeopleMean(rate: Double, fraction: Rational) {
    #expect(Rational(approximating: rate) == fraction)
  }

  @Test func motionsInARowAreOneMotionWithTheWorstOfTheirStates() {
    let right = CameraMotion(status: .ok, homography: .translation(Point(3, 0)), inliers: 50)
    let down = CameraMotion(status: .degenerate, homography: .translation(Point(0, 2)), inliers: 9)
    let both = right.followed(by: down)
    #expect(both.status == .degenerate && both.inliers == 9)
    #expect(both.homography.apply(Point(1, 1)) == Point(4, 3))
    #expect(CameraMotion.still.followed(by: .still).status == .isStatic)
    #expect(CameraMotion.still.followed(by: right).status == .ok)
  }

  /// The order matters: the second homography acts on what the first has moved.
  @Test func theLaterMotionActsOnTheEarlierOnesResult() {
    let shift = CameraMotion(status: .ok, homography: .translation(Point(1, 0)), inliers: 1)
    let zoom = CameraMotion(status: .ok, homography: .scaling(2, 2), inliers: 1)
    #expect(shift.followed(by: zoom).homography.apply(Point(1, 1)) == Point(4, 2))
    #expect(zoom.followed(by: shift).homography.apply(Point(1, 1)) == Point(3, 2))
  }

  @Test func forecastsReachTheTimeThatWasAskedForInEqualSteps() {
    #expect(TrackRequest.forecastTimes(upTo: 0.5) == [0.25, 0.5])
    #expect(TrackRequest.forecastTimes(upTo: 0.1) == [0.1])
    #expect(TrackRequest.forecastTimes(upTo: 20).count == 10)
    #expect(TrackRequest.forecastTimes(upTo: 20).last == 20)
  }
}
