import Geometry
import Imaging
import Orientation
import Testing

/// Frames that show nothing, something else, or the same thing in another light.
@Suite struct SceneChangeTests {
  @Test func aCutIsReportedOnceAndTheNewSceneGoesOn() throws {
    let (before, after) = (try Scene.textured(seed: 1), try Scene.textured(seed: 2))
    let estimator = try CameraMotionEstimatorTests.estimator()
    let motion = Homography.translation(Point(4, 2))
    var statuses: [CameraMotion.Status] = []
    var view = Scene.window
    for index in 0..<12 {
      view = motion * view
      let scene = index < 6 ? before : after
      let result = try estimator.estimate(Scene.frame(scene, view, noiseSeed: UInt64(index)))
      statuses.append(result.status)
      if result.status == .cut { #expect(result.homography == .identity) }
    }
    #expect(
      statuses == [.first] + [CameraMotion.Status](repeating: .ok, count: 5) + [.cut]
        + [CameraMotion.Status](repeating: .ok, count: 5))
  }

  @Test(arguments: [1.6, 2.5, 20.0]) func aFlashIsNoCut(gain: Double) throws {
    let scene = try Scene.ground()
    let estimator = try CameraMotionEstimatorTests.estimator()
    let motion = Homography.translation(Point(4, 2))
    var view = Scene.window
    for index in 0..<8 {
      view = motion * view
      var frame = try Scene.frame(scene, view, noiseSeed: UInt64(index))
      if index == 4 { frame.pixels = frame.pixels.map { UInt8(min(255, Double($0) * gain)) } }
      let result = try estimator.estimate(frame)
      #expect(result.status != .cut)
      if index > 5 { #expect(result.status == .ok && Scene.error(result.homography, motion) < 0.5) }
    }
  }

  @Test func aFastPanIsNoCut() throws {
    let scene = try Scene.textured(width: 4_000, height: 1_000, count: 6_000)
    let estimator = try CameraMotionEstimatorTests.estimator()
    for index in 0..<8 {
      let view = Homography.translation(Point(-160 - 200 * Double(index), -140))
      let result = try estimator.estimate(Scene.frame(scene, view))
      #expect(result.status == (index == 0 ? .first : .ok))
      if index > 0 { #expect(Scene.error(result.homography, .translation(Point(-200, 0))) < 0.5) }
    }
  }

  @Test func blackFramesAreDegenerateAndTheSceneIsFoundAgain() throws {
    let scene = try Scene.ground()
    let estimator = try CameraMotionEstimatorTests.estimator()
    _ = try estimator.estimate(Scene.frame(scene, Scene.window))
    for _ in 0..<3 {
      let result = try estimator.estimate(Scene.constant(0))
      #expect(result.status == .degenerate || result.status == .isStatic)
      #expect(result.homography == .identity)
    }
    let motion = Homography.translation(Point(12, 5))
    let result = try estimator.estimate(Scene.frame(scene, motion * Scene.window))
    #expect(result.status == .ok)
    #expect(Scene.error(result.homography, motion) < 0.5)
  }

  @Test func aVideoThatBeginsInBlackIsDegenerate() throws {
    let scene = try Scene.ground()
    let estimator = try CameraMotionEstimatorTests.estimator()
    #expect(try estimator.estimate(Scene.constant(0)).status == .first)
    #expect(try estimator.estimate(Scene.constant(0)).status == .degenerate)
    #expect(try estimator.estimate(Scene.constant(40)).status == .degenerate)
    #expect(try estimator.estimate(Scene.frame(scene, Scene.window)).status == .degenerate)
    let motion = Homography.translation(Point(3, 3))
    #expect(try estimator.estimate(Scene.frame(scene, motion * Scene.window)).status == .ok)
  }

  @Test func pureNoiseIsNeverAMotion() throws {
    let estimator = try CameraMotionEstimatorTests.estimator()
    for index in 0..<6 {
      let result = try estimator.estimate(ImageNoise.make(width: 640, height: 360, seed: UInt64(index)))
      #expect(result.status != .ok && result.status != .isStatic)
    }
  }

  @Test(arguments: [(1, 1), (2, 500), (64, 36), (63, 63), (640, 8)]) func tinyFramesHaveAStatus(size: (Int, Int)) throws {
    let estimator = try CameraMotionEstimatorTests.estimator()
    for index in 0..<4 {
      let result = try estimator.estimate(ImageNoise.make(width: size.0, height: size.1, seed: UInt64(index)))
      #expect(result.homography.isFinite)
    }
  }
}
