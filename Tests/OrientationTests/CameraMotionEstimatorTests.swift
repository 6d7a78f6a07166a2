import Geometry
import Imaging
import Orientation
import Testing

@Suite struct CameraMotionEstimatorTests {
  static func estimator(_ features: FeatureExtractor.Kind = .orb) throws -> CameraMotionEstimator {
    try CameraMotionEstimator(
      settings: CameraMotionSettings(features: features), displayWidth: 1_280, displayHeight: 720)
  }

  static let motions: [Homography] = [
    .translation(Point(7.3, -4.6)),
    .translation(Point(60.5, 22.25)),
    .translation(Point(0.4, 0.3)),
    Scene.turn(1.5),
    Scene.turn(-6, zoom: 1.03),
    Scene.turn(0, zoom: 1.12),
    Scene.turn(0, zoom: 0.85),
    Homography(1.01, 0.012, 3.2, -0.008, 0.995, -5.1, 1.2e-5, -0.9e-5, 1),
  ]

  @Test(arguments: motions, FeatureExtractor.Kind.allCases)
  func findsAKnownMotionToAFractionOfAPixel(motion: Homography, features: FeatureExtractor.Kind) throws {
    let scene = try Scene.ground()
    let estimator = try Self.estimator(features)
    #expect(try estimator.estimate(Scene.frame(scene, Scene.window)) == .first)
    let result = try estimator.estimate(Scene.frame(scene, motion * Scene.window))
    #expect(result.status == .ok)
    #expect(result.inliers > 100)
    #expect(Scene.error(result.homography, motion) < 0.25)
  }

  @Test func noiseDoesNotHideTheMotion() throws {
    let scene = try Scene.ground()
    let estimator = try Self.estimator()
    var view = Scene.window
    _ = try estimator.estimate(Scene.frame(scene, view, noiseSeed: 100))
    for (index, motion) in Self.motions.enumerated() {
      view = motion * view
      let result = try estimator.estimate(Scene.frame(scene, view, noiseSeed: UInt64(index)))
      #expect(result.status == .ok)
      #expect(Scene.error(result.homography, motion) < 0.5)
    }
  }

  @Test func aCameraOnATripodIsStatic() throws {
    let scene = try Scene.ground()
    let estimator = try Self.estimator()
    for index in 0..<40 {
      let result = try estimator.estimate(Scene.frame(scene, Scene.window, noiseSeed: UInt64(index)))
      #expect(result.status == (index == 0 ? .first : .isStatic))
      #expect(result.homography == .identity)
    }
  }

  /// Each step is far below what one pair of frames can tell.
  @Test func slowDriftIsNotLost() throws {
    let scene = try Scene.ground()
    let estimator = try Self.estimator()
    let step = Point(0.02, -0.015)
    var sum = Homography.identity
    for index in 0...60 {
      let view = Homography.translation(step * Double(index)) * Scene.window
      let result = try estimator.estimate(Scene.frame(scene, view, noiseSeed: UInt64(index)))
      sum = result.homography * sum
    }
    #expect(Scene.error(sum, .translation(step * 60)) < 0.3)
  }

  @Test func aRepeatedFrameIsStaticAndLosesNothing() throws {
    let scene = try Scene.ground()
    let estimator = try Self.estimator()
    let motion = Homography.translation(Point(9, 3))
    let first = try Scene.frame(scene, Scene.window)
    _ = try estimator.estimate(first)
    #expect(try estimator.estimate(first).status == .isStatic)
    #expect(try estimator.estimate(first).homography == .identity)
    let result = try estimator.estimate(Scene.frame(scene, motion * Scene.window))
    #expect(result.status == .ok)
    #expect(Scene.error(result.homography, motion) < 0.25)
  }

  @Test func framesOfAnyOtherSizeStartAnew() throws {
    let scene = try Scene.ground()
    let estimator = try Self.estimator()
    let frame = try Scene.frame(scene, Scene.window)
    _ = try estimator.estimate(frame)
    #expect(try estimator.estimate(frame.resized(width: 320, height: 180)) == .first)
    #expect(try estimator.estimate(frame) == .first)
  }

  @Test func aLargeMaskedObjectDoesNotPull() throws {
    let scene = try Scene.ground()
    let object = try Scene.textured(width: 500, height: 300, count: 600, seed: 9)
    let estimator = try Self.estimator()
    let motion = Homography.translation(Point(6, -3))
    let box = AxisBox(left: 150, top: 60, width: 900, height: 580)
    let moved = AxisBox(left: 180, top: 80, width: 900, height: 580)
    let first = try Scene.pasting(object, into: Scene.frame(scene, Scene.window), at: box)
    let second = try Scene.pasting(object, into: Scene.frame(scene, motion * Scene.window), at: moved)
    _ = try estimator.estimate(first)
    let result = try estimator.estimate(second, masking: [OrientedBox(box)])
    #expect(result.status == .ok)
    #expect(Scene.error(result.homography, motion) < 0.5)
  }

  @Test func aMovingObjectOfAQuarterOfTheFrameDoesNotPullEvenUnmasked() throws {
    let scene = try Scene.ground()
    let object = try Scene.textured(width: 500, height: 300, count: 600, seed: 9)
    let estimator = try Self.estimator()
    let motion = Homography.translation(Point(6, -3))
    let first = try Scene.pasting(
      object, into: Scene.frame(scene, Scene.window), at: AxisBox(left: 300, top: 160, width: 600, height: 400))
    let second = try Scene.pasting(
      object, into: Scene.frame(scene, motion * Scene.window), at: AxisBox(left: 330, top: 180, width: 600, height: 400))
    _ = try estimator.estimate(first)
    let result = try estimator.estimate(second)
    #expect(result.status == .ok)
    #expect(Scene.error(result.homography, motion) < 0.5)
  }

  /// The object has most of the features, the plain ground most of the picture.
  @Test func aTexturedObjectBeforePlainGroundIsNotTakenForTheCamera() throws {
    let ground = try Scene.textured(count: 250, seed: 6)
    let object = try Scene.textured(width: 500, height: 300, count: 900, seed: 9)
    let estimator = try Self.estimator()
    for index in 0..<8 {
      let box = AxisBox(left: 100 + 16 * Double(index), top: 200, width: 520, height: 300)
      let background = try Scene.frame(ground, Scene.window, noiseSeed: UInt64(index))
      let result = try estimator.estimate(Scene.pasting(object, into: background, at: box))
      #expect(result.status == (index == 0 ? .first : .isStatic))
    }
  }

  @Test func aBlurredFrameIsStillFollowed() throws {
    let scene = try Scene.ground()
    let estimator = try Self.estimator()
    let motion = Homography.translation(Point(8, 5))
    _ = try estimator.estimate(Scene.frame(scene, Scene.window))
    let result = try estimator.estimate(Scene.frame(scene, motion * Scene.window).gaussianBlurred(sigma: 3))
    #expect(result.status == .ok)
    #expect(Scene.error(result.homography, motion) < 1)
  }

  /// Twelve soft blobs: too few corners for features, enough for the flow or the correlation of whole frames.
  @Test func littleTextureIsEnoughForATranslation() throws {
    var picture = Image(width: 1_600, height: 1_000, channels: 3, pixels: [UInt8](repeating: 90, count: 4_800_000))
    var random = Random(seed: 4)
    for _ in 0..<12 {
      try picture.fillEllipse(
        center: Point(Double(200 + random.next(1_200)), Double(180 + random.next(640))),
        covariance: SymmetricMatrix2(xx: 900, xy: 0, yy: 400), sigmas: 2,
        color: Color(red: 160, green: 160, blue: 160))
    }
    let scene = try picture.grey().gaussianBlurred(sigma: 6)
    let estimator = try Self.estimator()
    let motion = Homography.translation(Point(10, 6))
    _ = try estimator.estimate(Scene.frame(scene, Scene.window))
    let result = try estimator.estimate(Scene.frame(scene, motion * Scene.window))
    #expect(result.status == .ok)
    #expect(Scene.error(result.homography, motion) < 1)
  }

  @Test func theSameFramesGiveTheSameMotionsForAnyNumberOfThreads() throws {
    let scene = try Scene.ground()
    func run() throws -> [CameraMotion] {
      let estimator = try Self.estimator()
      var view = Scene.window
      return try Self.motions.enumerated().map { index, motion in
        view = motion * view
        return try estimator.estimate(Scene.frame(scene, view, noiseSeed: UInt64(index)))
      }
    }
    let reference = try run()
    for count in [1, 2, 4] {
      try OpenCVThreads.set(count: count)
      #expect(try run() == reference)
    }
  }

  @Test func whatCannotBeUsedIsAnError() throws {
    #expect(throws: ImagingError.self) { try CameraMotionEstimator(displayWidth: 0, displayHeight: 720) }
    #expect(throws: ImagingError.self) {
      try Self.estimator().estimate(Image(width: 64, height: 36, channels: 3))
    }
  }

  @Test func estimatorsAreMadeAndFreedWithoutTrouble() throws {
    let image = ImageNoise.make(width: 96, height: 64, seed: 3)
    for _ in 0..<300 {
      let estimator = try Self.estimator()
      _ = try estimator.estimate(image)
      _ = try estimator.estimate(Scene.withNoise(image, seed: 1))
    }
  }
}

enum ImageNoise {
  static func make(width: Int, height: Int, seed: UInt64) -> Image {
    var random = Random(seed: seed)
    return Image(
      width: width, height: height, channels: 1, pixels: (0..<width * height).map { _ in UInt8(random.next(256)) })
  }
}
