import Foundation
import Geometry
import Imaging
import Orientation

/// A camera of 1280×720 that pans, turns and zooms over a picture, with sensor noise: frames whose true motion is known.
struct MovingCamera {
  let picture: String
  let count: Int

  func run() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: picture)))
    let scene = try ImageFile.decode(bytes, named: picture).grey()
    let views = (0..<count).map { view($0, scene) }
    try OpenCVThreads.set(count: 1)
    for features in FeatureExtractor.Kind.allCases {
      try measure(features, scene, views)
    }
  }

  private func measure(_ features: FeatureExtractor.Kind, _ scene: Image, _ views: [Homography]) throws {
    let estimator = try CameraMotionEstimator(
      settings: CameraMotionSettings(features: features), displayWidth: 1_280, displayHeight: 720)
    var (errors, inliers, milliseconds) = ([Double](), 0, 0.0)
    var statuses: [CameraMotion.Status: Int] = [:]
    var noise = Noise()
    for (index, view) in views.enumerated() {
      var frame = try scene.warped(by: view, width: 1_280, height: 720, border: .replicated)
      noise.add(to: &frame)
      let size = AnalysisSize.of(width: frame.width, height: frame.height)
      let small = try frame.resized(width: size.width, height: size.height)
      let start = processorMilliseconds()
      let motion = try estimator.estimate(small)
      milliseconds += processorMilliseconds() - start
      statuses[motion.status, default: 0] += 1
      inliers += motion.inliers
      guard index > 0, let back = views[index - 1].inverse else { continue }
      errors.append(meanError(motion.homography, view * back))
    }
    let sorted = errors.sorted()
    print(
      features.rawValue, statuses.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", "),
      String(
        format: "mean error %.3f px, worst %.3f px, %.0f inliers, %.2f ms of processor time per frame",
        errors.reduce(0, +) / Double(max(1, errors.count)), sorted.last ?? 0, Double(inliers) / Double(count),
        milliseconds / Double(count)))
  }

  /// The map from the scene to the frame: smooth in time, with every kind of motion.
  private func view(_ index: Int, _ scene: Image) -> Homography {
    let t = Double(index) / 30
    let zoom = max(1_280 / Double(scene.width), 720 / Double(scene.height)) * (1.35 + 0.2 * sin(t))
    let turn = Matrix2(rotation: 0.1 * sin(0.7 * t))
    let sway = Point(60 * sin(1.3 * t), 40 * sin(1.9 * t))
    let center = Point(Double(scene.width) / 2, Double(scene.height) / 2)
    let linear = Homography(
      zoom * turn.a, zoom * turn.b, 0, zoom * turn.c, zoom * turn.d, 0, 2e-5 * sin(t), 2e-5 * cos(1.1 * t), 1)
    return Homography.translation(Point(640, 360) + sway) * linear * Homography.translation(-center)
  }

  /// The processor time of this thread: unlike the time of day it does not count other programs.
  private func processorMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }

  private func meanError(_ a: Homography, _ b: Homography) -> Double {
    var sum = 0.0
    for y in 0...8 {
      for x in 0...8 {
        let p = Point(160 * Double(x), 90 * Double(y))
        sum += (a.apply(p) - b.apply(p)).length / 81
      }
    }
    return sum
  }
}

/// Reproducible noise of about three grey levels.
struct Noise {
  private var state: UInt64 = 1

  mutating func add(to image: inout Image) {
    for index in image.pixels.indices {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Four bytes' sum is nearly Gaussian with a deviation of 148.
      let sum = Int(state >> 32 & 0xFF) + Int(state >> 40 & 0xFF) + Int(state >> 48 & 0xFF) + Int(state >> 56)
      image.pixels[index] = UInt8(min(255, max(0, Int(image.pixels[index]) + (sum - 510) / 49)))
    }
  }
}
