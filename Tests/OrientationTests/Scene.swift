import Geometry
import Imaging

/// Pictures of a random plane seen through known homographies.
enum Scene {
  /// The scene of most tests, made once.
  static func ground() throws -> Image { try cachedGround.get() }
  private static let cachedGround = Result { try textured() }

  /// A ground that fast pans do not leave, made once.
  static func wide() throws -> Image { try cachedWide.get() }
  private static let cachedWide = Result { try textured(width: 2_400, height: 1_600, count: 6_000, seed: 5) }

  /// Rectangles at many scales over an even ground: texture everywhere.
  static func textured(width: Int = 1_600, height: Int = 1_000, count: Int = 2_500, seed: UInt64 = 1) throws -> Image {
    var random = Random(seed: seed)
    var image = Image(width: width, height: height, channels: 3, pixels: [UInt8](repeating: 110, count: width * height * 3))
    for _ in 0..<count {
      let value = UInt8(20 + random.next(220))
      let isLarge = random.next(8) == 0
      let box = OrientedBox(
        center: Point(Double(random.next(width)), Double(random.next(height))),
        width: Double(4 + random.next(isLarge ? 160 : 40)), height: Double(4 + random.next(40)),
        angle: Double(random.next(628)) / 200)
      try image.fillPolygon(box.corners, color: Color(red: value, green: value, blue: value))
    }
    return try image.grey().gaussianBlurred(sigma: 1)
  }

  /// What a camera of 1280×720 sees, at half its size; `view` maps the scene's pixels to the camera's.
  static func frame(_ scene: Image, _ view: Homography, noiseSeed: UInt64? = nil) throws -> Image {
    var frame = try scene.warped(by: view, width: 1_280, height: 720, border: .replicated)
    if let noiseSeed { frame = withNoise(frame, seed: noiseSeed) }
    return try frame.resized(width: 640, height: 360)
  }

  /// Adds noise of about six grey levels.
  static func withNoise(_ image: Image, seed: UInt64) -> Image {
    var random = Random(seed: seed)
    var noisy = image
    for index in noisy.pixels.indices {
      let sum = random.next(21) + random.next(21) - 20
      noisy.pixels[index] = UInt8(min(255, max(0, Int(image.pixels[index]) + sum)))
    }
    return noisy
  }

  /// A smooth ground of half the camera's size that is brighter to the lower right.
  static func slope() -> Image {
    var image = Image(width: 640, height: 360, channels: 1)
    for y in 0..<360 {
      for x in 0..<640 { image[x, y] = UInt8(60 + (x + y) / 8) }
    }
    return image
  }

  static func constant(_ value: UInt8) -> Image {
    Image(width: 640, height: 360, channels: 1, pixels: [UInt8](repeating: value, count: 640 * 360))
  }

  /// Puts a piece of another picture into a frame of half the camera's size; places in the camera's pixels.
  static func pasting(_ object: Image, into frame: Image, at box: AxisBox) -> Image {
    var result = frame
    for y in Int(box.top / 2)..<Int(box.bottom / 2) {
      for x in Int(box.left / 2)..<Int(box.right / 2) where x >= 0 && y >= 0 && x < frame.width && y < frame.height {
        result[x, y] = object[x - Int(box.left / 2), y - Int(box.top / 2)]
      }
    }
    return result
  }

  /// The mean distance of a grid of points over the camera's frame under two maps.
  static func error(_ a: Homography, _ b: Homography) -> Double {
    var sum = 0.0
    for y in 0...8 {
      for x in 0...8 {
        let p = Point(160 * Double(x), 90 * Double(y))
        sum += (a.apply(p) - b.apply(p)).length
      }
    }
    return sum / 81
  }

  /// Places the camera's window within the scene.
  static let window = Homography.translation(Point(-160, -140))

  /// A turn about the frame's centre, in degrees, with a zoom.
  static func turn(_ degrees: Double, zoom: Double = 1) -> Homography {
    let r = Matrix2(rotation: degrees * .pi / 180)
    return Homography.translation(Point(640, 360))
      * Homography(zoom * r.a, zoom * r.b, 0, zoom * r.c, zoom * r.d, 0, 0, 0, 1)
      * Homography.translation(Point(-640, -360))
  }
}

/// A linear congruential generator with Knuth's constants.
struct Random {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  /// A number in 0..<1.
  mutating func unit() -> Double { Double(next(1 << 30)) / Double(1 << 30) }
}
