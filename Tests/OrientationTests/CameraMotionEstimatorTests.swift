import Geometry
import Imaging
import Orientation
import Testing

/// Pictures of a random scene seen through known homographies.
enum Scene {
  /// Blobs and rectangles at many scales over a soft ground: a plane with texture everywhere.
  static func textured(width: Int = 1_600, height: Int = 1_000, seed: UInt64 = 1) throws -> Image {
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var image = Image(width: width, height: height, channels: 3, pixels: [UInt8](repeating: 110, count: width * height * 3))
    for _ in 0..<2_500 {
      let value = UInt8(20 + next(220))
      let box = OrientedBox(
        center: Point(Double(next(width)), Double(next(height))), width: Double(4 + next(next(8) == 0 ? 160 : 40)),
        height: Double(4 + next(40)), angle: Double(next(628)) / 200)
      try image.fillPolygon(box.corners, color: Color(red: value, green: value, blue: value))
    }
    return try image.grey().gaussianBlurred(sigma: 1)
  }

  /// What a camera of 1280×720 sees; `view` maps the scene's pixels to the frame's.
  static func frame(_ scene: Image, _ view: Homography, width: Int = 1_280, height: Int = 720) throws -> Image {
    try scene.warped(by: view, width: width, height: height)
  }

  /// The mean distance of a grid of points over the frame under two maps.
  static func error(_ a: Homography, _ b: Homography, width: Double = 1_280, height: Double = 720) -> Double {
    var sum = 0.0
    for y in 0...8 {
      for x in 0...8 {
        let p = Point(width * Double(x) / 8, height * Double(y) / 8)
        sum += (a.apply(p) - b.apply(p)).length
      }
    }
    return sum / 81
  }

  static func small(_ image: Image) throws -> Image { try image.resized(width: 640, height: 360) }
}

@Suite struct CameraMotionEstimatorTests {
  /// Places the frame's window within the scene.
  static let window = Homography.translation(Point(-160, -140))
  static let about = Homography.translation(Point(640, 360))
  static let back = Homography.translation(Point(-640, -360))

  static func rotation(_ degrees: Double, zoom: Double = 1) -> Homography {
    let r = Matrix2(rotation: degrees * .pi / 180)
    return about * Homography(zoom * r.a, zoom * r.b, 0, zoom * r.c, zoom * r.d, 0, 0, 0, 1) * back
  }

  @Test(arguments: [
    Homography.translation(Point(7.3, -4.6)),
    Homography.translation(Point(60.5, 22.25)),
    rotation(1.5),
    rotation(-6, zoom: 1.03),
    rotation(0, zoom: 1.12),
    Homography(1.01, 0.012, 3.2, -0.008, 0.995, -5.1, 1.2e-5, -0.9e-5, 1),
  ])
  func findsAKnownMotionToHalfAPixel(motion: Homography) throws {
    let scene = try Scene.textured()
    for kind in FeatureExtractor.Kind.allCases {
      let estimator = try CameraMotionEstimator(
        settings: CameraMotionSettings(features: kind), displayWidth: 1_280, displayHeight: 720)
      #expect(try estimator.estimate(Scene.small(Scene.frame(scene, Self.window))).status == .first)
      let result = try estimator.estimate(Scene.small(Scene.frame(scene, motion * Self.window)))
      #expect(result.status == .ok)
      #expect(Scene.error(result.homography, motion) < 0.5)
    }
  }
}
