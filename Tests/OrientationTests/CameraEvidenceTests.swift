import Geometry
import Imaging
import Orientation
import Testing

/// What is said of the camera has its own evidence, spread over the picture.
@Suite struct CameraEvidenceTests {
  /// Whatever is said, it is not the object's motion: with a sensor's noise and without.
  @Test(arguments: 0..<20, [true, false]) func anObjectBeforeASmoothGroundIsNotTakenForTheCamera(_ index: Int, _ isNoisy: Bool)
    throws
  {
    var random = Random(seed: UInt64(index + 1))
    let (width, height) = (80 + random.next(440), 80 + random.next(240))
    let speed = Point(Double(random.next(30)) - 15, Double(random.next(20)) - 10)
    let object = try Scene.textured(width: width, height: height, count: 400, seed: UInt64(index + 30))
    let estimator = try CameraMotionEstimatorTests.estimator()
    for frame in 0..<6 {
      let center = Point(640, 360) + Double(frame - 3) * speed
      let box = AxisBox(
        left: center.x - Double(width) / 2, top: center.y - Double(height) / 2, width: Double(width), height: Double(height))
      let ground = isNoisy ? Scene.withNoise(Scene.slope(), seed: UInt64(100 * index + frame)) : Scene.slope()
      let result = try estimator.estimate(Scene.pasting(object, into: ground, at: box))
      #expect(Scene.error(result.homography, .identity) < 0.5, "\(frame): \(result.status), \(width)x\(height) at \(speed)")
    }
  }

  /// The camera follows an object: that keeps its place while the blurred ground goes by.
  @Test(arguments: 0..<8) func aCameraThatFollowsAnObjectIsNotStatic(_ index: Int) throws {
    var random = Random(seed: UInt64(index + 70))
    let object = try Scene.textured(width: 250, height: 150, count: 600, seed: UInt64(index + 9))
    let box = AxisBox(left: 390, top: 210, width: 500, height: 300)
    let pan = Point(30 + Double(random.next(60)), Double(random.next(20)) - 10)
    let estimator = try CameraMotionEstimatorTests.estimator()
    for frame in 0..<4 {
      let view = Homography.translation(Point(-20, -140) - Double(frame) * pan)
      let ground = try Scene.frame(Scene.wide(), view, noiseSeed: UInt64(frame)).gaussianBlurred(sigma: 2)
      let result = try estimator.estimate(Scene.pasting(object, into: ground, at: box))
      #expect(frame == 0 || result.status != .isStatic, "\(frame) at \(pan)")
    }
  }

  /// 200 pans of 0 to 120 pixels a frame in any direction, sharp to blurred.
  @Test(arguments: 0..<200) func noPanIsStaticOrWrong(_ index: Int) throws {
    var random = Random(seed: UInt64(index + 1))
    let speed = 120 * Double(index) / 199
    let step = Matrix2(rotation: 6.2831853 * random.unit()) * Point(speed, 0)
    let sigma = 2.5 * random.unit()
    let estimator = try CameraMotionEstimatorTests.estimator()
    for frame in 0..<3 {
      let view = Homography.translation(Point(-560, -440) - Double(frame - 1) * step)
      var picture = try Scene.frame(Scene.wide(), view, noiseSeed: UInt64(1_000 * index + frame))
      if sigma > 0.5 { picture = try picture.gaussianBlurred(sigma: sigma) }
      let result = try estimator.estimate(picture)
      guard frame > 0 else { continue }
      // Less than a pixel in ten frames is below what one pair of frames can tell.
      #expect(speed < 0.1 || result.status != .isStatic, "\(speed), blurred by \(sigma)")
      #expect(result.status != .ok || Scene.error(result.homography, .translation(-step)) < 1, "\(speed), blurred by \(sigma)")
    }
  }

  /// Sky above a tree line: texture in a band of a tenth of the picture, across it.
  @Test func aBandOfTextureCarriesTheMotionOfTheCamera() throws {
    let trees = try Scene.textured(width: 1_600, height: 72, count: 700, seed: 3)
    let motion = Homography.translation(Point(12, 0))
    let estimator = try CameraMotionEstimatorTests.estimator()
    let frames = [0.0, 12].map { shift in
      Scene.pasting(trees, into: Scene.slope(), at: AxisBox(left: -160 + shift, top: 560, width: 1_600, height: 72))
    }
    _ = try estimator.estimate(frames[0])
    let result = try estimator.estimate(frames[1])
    #expect(result.status == .ok)
    // Along the band the motion is known; what is far above it is not held by anything.
    #expect((result.homography.apply(Point(640, 596)) - motion.apply(Point(640, 596))).length < 1)
  }
}
