import Detection
import Foundation
import Geometry
import Imaging

/// A textured ground seen by a moving camera, with rectangles on it, rendered with exact truth.
struct MovingScene {
  struct Object {
    /// The place on the ground at a time in seconds, angle 0 along x.
    var place: @Sendable (Double) -> OrientedBox
    /// Mean grey value; a fine pattern of ±30 levels moves with the object.
    var brightness = 200.0
    /// Darkening of the ground beside the object, and how far away it lies; 1 for none.
    var shadow: (factor: Double, offset: Point)? = nil
  }

  var width = 320
  var height = 240
  var framesPerSecond = 25.0
  var noise = 1.5
  /// Maps points of the ground to pixels at a time.
  var camera: @Sendable (Double) -> Homography = { _ in .identity }
  var exposure: @Sendable (Double) -> Double = { _ in 1 }
  var objects: [Object] = []
  var seed: UInt64 = 1

  func time(_ frame: Int) -> Double { Double(frame) / framesPerSecond }

  /// The grey picture of a frame.
  func picture(_ frame: Int) -> Image {
    let t = time(frame)
    let toGround = camera(t).inverse ?? .identity
    var random = Noise(seed: seed &+ UInt64(frame) &* 7919)
    var image = Image(width: width, height: height, channels: 1)
    let placed = objects.map { ($0, $0.place(t)) }
    for y in 0..<height {
      for x in 0..<width {
        let ground = toGround.apply(Point(Double(x) + 0.5, Double(y) + 0.5))
        let value = brightness(at: ground, placed) * exposure(t) + noise * random.next()
        image[x, y] = UInt8(max(0, min(255, value.rounded())))
      }
    }
    return image
  }

  /// The boxes of the objects in a frame, in pixels, by the map's derivative at their centres.
  func truth(_ frame: Int) -> [GaussianBox] {
    let t = time(frame)
    return objects.compactMap { camera(t).transform(GaussianBox($0.place(t))) }
  }

  /// The camera's motion from the frame before.
  func motion(_ frame: Int) -> CameraMotion {
    guard frame > 0 else { return .first }
    let step = camera(time(frame)) * (camera(time(frame - 1)).inverse ?? .identity)
    return step == .identity ? .still : CameraMotion(status: .ok, homography: step, inliers: 300)
  }

  func input(_ frame: Int) -> DetectionInput {
    DetectionInput(
      image: picture(frame), displayWidth: width, displayHeight: height, motion: motion(frame), time: time(frame),
      ordinal: frame)
  }

  private func brightness(at p: Point, _ placed: [(Object, OrientedBox)]) -> Double {
    var value = 105 + 40 * Self.texture(p * 0.045) + 14 * Self.texture(p * 0.21 + Point(31, 17))
    for (object, box) in placed {
      if let shadow = object.shadow, Self.isInside(p - shadow.offset, box) { value *= shadow.factor }
    }
    for (object, box) in placed where Self.isInside(p, box) {
      value = object.brightness + 30 * Self.texture((p - box.center) * 0.3 + Point(7, 3))
    }
    return value
  }

  static func isInside(_ p: Point, _ box: OrientedBox) -> Bool {
    let d = p - box.center
    let axis = Point(angle: box.angle)
    return abs(d.dot(axis)) <= box.width / 2 && abs(axis.cross(d)) <= box.height / 2
  }

  /// Smooth noise in [−1, 1] with a feature size of about one.
  static func texture(_ p: Point) -> Double {
    let (x0, y0) = (p.x.rounded(.down), p.y.rounded(.down))
    func smooth(_ t: Double) -> Double { t * t * (3 - 2 * t) }
    let (u, v) = (smooth(p.x - x0), smooth(p.y - y0))
    func corner(_ dx: Double, _ dy: Double) -> Double {
      var h = UInt64(bitPattern: Int64(x0 + dx)) &* 0x9E37_79B9_7F4A_7C15
      h ^= UInt64(bitPattern: Int64(y0 + dy)) &* 0xC2B2_AE3D_27D4_EB4F
      h = (h ^ (h >> 29)) &* 0xBF58_476D_1CE4_E5B9
      return Double((h ^ (h >> 32)) & 0xFFFF) / 32767.5 - 1
    }
    let top = corner(0, 0) * (1 - u) + corner(1, 0) * u
    let bottom = corner(0, 1) * (1 - u) + corner(1, 1) * u
    return top * (1 - v) + bottom * v
  }

  /// Numbers of about unit variance from a seed.
  struct Noise {
    var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
    mutating func next() -> Double {
      var sum = 0.0
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        sum += Double(state >> 40) / Double(1 << 24) - 0.5
      }
      return sum * 2
    }
  }
}
