import Geometry
import Imaging
import Testing

@Suite struct OpticalFlowTests {
  @Test func pointsAreFollowedToAFractionOfAPixel() throws {
    let image = try FeatureMatcherTests.picture()
    let map = Homography(1.01, -0.02, 3.3, 0.015, 0.99, -2.6, 1e-5, 0, 1)
    let pyramids = (
      try ImagePyramid(levels: 3, maximumWindow: 21), try ImagePyramid(levels: 3, maximumWindow: 21)
    )
    try pyramids.0.fill(image)
    try pyramids.1.fill(image.warped(by: map, border: .replicated))
    let corners = try OpticalFlow.corners(of: image, maximumCount: 100, spacing: 10).filter {
      $0.x > 30 && $0.y > 30 && $0.x < 370 && $0.y < 270
    }
    #expect(corners.count > 40)
    let places = try OpticalFlow.track(
      corners, guesses: corners, from: pyramids.0, to: pyramids.1,
      settings: OpticalFlow.Settings(window: 15, levels: 3))
    for (corner, place) in zip(corners, places) {
      let found = try #require(place)
      #expect((found - map.apply(corner)).length < 0.25)
    }
  }

  @Test func aPyramidWithoutAPictureIsAnError() throws {
    let pyramid = try ImagePyramid(levels: 1, maximumWindow: 9)
    #expect(throws: ImagingError.self) {
      try OpticalFlow.track(
        [.zero], guesses: [.zero], from: pyramid, to: pyramid, settings: OpticalFlow.Settings(window: 9, levels: 1))
    }
  }

  @Test func phaseCorrelationFindsAShift() throws {
    let image = try FeatureMatcherTests.picture(width: 640, height: 480)
    for shift in [Point(2, 0), Point(-7.5, 4.25), Point(40, -18)] {
      let moved = try image.warped(by: .translation(shift), border: .replicated)
      let (found, response) = try ImageComparison.phaseCorrelation(image, moved)
      #expect((found - shift).length < 0.1)
      #expect(response > 0.3)
    }
    let other = try FeatureMatcherTests.picture(width: 640, height: 480, seed: 77)
    #expect(try ImageComparison.phaseCorrelation(image, other).response < 0.1)
    let black = Image(width: 640, height: 480, channels: 1)
    #expect(try ImageComparison.phaseCorrelation(black, black).shift.isFinite)
  }

  @Test func theMeanDifferenceIsOneOfAbsoluteValues() throws {
    let first = Image(width: 2, height: 2, channels: 1, pixels: [10, 20, 30, 40])
    let second = Image(width: 2, height: 2, channels: 1, pixels: [14, 18, 30, 50])
    #expect(try ImageComparison.meanDifference(first, second) == 4)
    #expect(throws: ImagingError.self) {
      try ImageComparison.meanDifference(first, Image(width: 4, height: 1, channels: 1))
    }
  }
}
