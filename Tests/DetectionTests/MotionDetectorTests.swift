import Foundation
import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Motion detector")
struct MotionDetectorTests {
  /// The detections of each frame.
  static func run(_ scene: MovingScene, frames: Int, settings: MotionDetectorSettings = .init()) throws -> [[DetectedBox]] {
    var detector = try MotionDetector(settings: settings)
    return try (0..<frames).map { try detector.detect(scene.input($0)) }
  }

  /// The detection nearest to a box.
  static func best(_ found: [DetectedBox], for truth: GaussianBox) -> DetectedBox? {
    found.max { $0.box.probIoU(with: truth) < $1.box.probIoU(with: truth) }
  }

  static let pan: @Sendable (Double) -> Homography = { t in
    Homography.translation(Point(-40 * t, 12 * t))
      * Homography(1 + 0.02 * t, -0.03 * t, 0, 0.03 * t, 1 + 0.02 * t, 0, 1e-5 * t, 0, 1)
  }

  static let walker = MovingScene.Object(place: { t in
    OrientedBox(center: Point(90 + 70 * t, 130 - 20 * t), width: 44, height: 20, angle: -0.28)
  })

  @Test("nothing is found in a still scene with noise, by a standing or a moving camera", arguments: [false, true])
  func stillScene(moves: Bool) throws {
    var scene = MovingScene()
    if moves { scene.camera = Self.pan }
    let found = try Self.run(scene, frames: 30)
    #expect(found.filter { !$0.isEmpty }.isEmpty)
  }

  @Test("a rectangle that moves over the ground is found with its place, size and angle", arguments: [false, true])
  func movingRectangle(moves: Bool) throws {
    var scene = MovingScene(objects: [Self.walker])
    if moves { scene.camera = Self.pan }
    let found = try Self.run(scene, frames: 40)
    for frame in 15..<40 {
      let truth = try #require(scene.truth(frame).first)
      let detection = try #require(Self.best(found[frame], for: truth))
      let box = detection.box.orientedBox
      #expect(box.iou(with: truth.orientedBox) > 0.55)
      #expect((box.center - truth.mean).length < 5)
      #expect(abs(Angle.axisDifference(from: box.angle, to: truth.orientedBox.angle)) < 0.2)
      #expect(detection.centerCovariance?.isPositiveDefinite == true)
      #expect((0...1).contains(detection.score))
    }
  }

  @Test("masks cover the rectangle and little else, and change no box", arguments: [false, true])
  func masks(moves: Bool) throws {
    var scene = MovingScene(objects: [Self.walker])
    if moves { scene.camera = Self.pan }
    let plain = try Self.run(scene, frames: 40)
    var detector = try MotionDetector(findsMasks: true)
    var overlaps: [Double] = []
    for frame in 0..<40 {
      let found = try detector.detect(scene.input(frame))
      #expect(found.map(\.box) == plain[frame].map(\.box) && found.map(\.score) == plain[frame].map(\.score))
      guard frame >= 15 else { continue }
      let truth = try #require(scene.truth(frame).first)
      let nearest = try #require(Self.best(found, for: truth))
      let mask = try #require(nearest.mask)
      #expect((mask.width, mask.height) == (scene.width, scene.height))
      overlaps.append(Self.overlap(mask, truth.orientedBox))
    }
    // What the test of boxes asks of each of them.
    #expect(overlaps.reduce(0, +) / Double(overlaps.count) > 0.55)
  }

  /// The pixels in common over all of them.
  private static func overlap(_ mask: RunLengthMask, _ box: OrientedBox) -> Double {
    let (turn, pixels) = (Matrix2(rotation: -box.angle), mask.pixels)
    var (both, either) = (0, 0)
    for place in pixels.indices {
      let offset = turn * (Point(Double(place % mask.width) + 0.5, Double(place / mask.width) + 0.5) - box.center)
      let isTrue = abs(offset.x) < box.width / 2 && abs(offset.y) < box.height / 2
      both += isTrue && pixels[place] != 0 ? 1 : 0
      either += isTrue || pixels[place] != 0 ? 1 : 0
    }
    return Double(both) / Double(either)
  }

  /// A square of another colour and the ground's brightness goes right by 3 pixels a frame.
  static func colored(_ frame: Int, withColor: Bool) -> (input: DetectionInput, truth: AxisBox) {
    func plain(_ value: UInt8) -> Image {
      Image(width: 320, height: 240, channels: 1, pixels: [UInt8](repeating: value, count: 320 * 240))
    }
    let left = 40 + 3 * frame
    var red = plain(128)
    red.grid.forEachPixel(columns: left..<left + 24, rows: 100..<124) { _, _, i in red.pixels[i] = 170 }
    let input = DetectionInput(
      image: plain(100), chroma: withColor ? ChromaPictures(blue: plain(128), red: red) : nil, displayWidth: 320,
      displayHeight: 240,
      motion: frame == 0 ? .first : .still, time: Double(frame) / 25, ordinal: frame)
    return (input, AxisBox(left: Double(left), top: 100, width: 24, height: 24))
  }

  @Test("before a standing camera what differs from the ground by colour alone is found", arguments: [false, true])
  func colorAlone(withColor: Bool) throws {
    var detector = try MotionDetector()
    for frame in 0..<30 {
      let (input, truth) = Self.colored(frame, withColor: withColor)
      let found = try detector.detect(input)
      guard frame >= 15 else { continue }
      let best = found.map { $0.box.orientedBox.hull.iou(with: truth) }.max() ?? 0
      #expect(withColor ? best > 0.7 : found.isEmpty)
    }
  }

  @Test("a square of six pixels in a picture of 640×480 is found in its place", arguments: [false, true])
  func smallObject(moves: Bool) throws {
    var scene = MovingScene(width: 640, height: 480)
    scene.objects = [
      MovingScene.Object(place: { OrientedBox(center: Point(200 + 90 * $0, 240 - 30 * $0), width: 6, height: 6, angle: 0) })
    ]
    if moves { scene.camera = Self.pan }
    let found = try Self.run(scene, frames: 30)
    for frame in 12..<30 {
      let truth = try #require(scene.truth(frame).first)
      #expect(found[frame].count == 1)
      let detection = try #require(found[frame].first)
      #expect((detection.box.mean - truth.mean).length < 3)
      #expect(detection.score > 0.75)
    }
  }

  @Test("small objects are looked for in the finer picture")
  func finePicture() throws {
    var scene = MovingScene()
    scene.objects = [MovingScene.Object(place: { OrientedBox(center: Point(100 + 90 * $0, 120), width: 5, height: 5, angle: 0) })]
    var detector = try MotionDetector()
    for frame in 0..<20 {
      var input = scene.input(frame)
      input.fine = input.image
      // The analysis picture shows the ground alone.
      input.image = try MovingScene().picture(frame).resized(width: 160, height: 120)
      let found = try detector.detect(input)
      guard frame >= 12 else { continue }
      #expect(found.count == 1)
      #expect((try #require(found.first).box.mean - scene.truth(frame)[0].mean).length < 2)
    }
  }

  @Test("detections are in displayed pixels, whatever the size of the analysis picture")
  func displayedPixels() throws {
    var scene = MovingScene(objects: [Self.walker])
    scene.camera = Self.pan
    var detector = try MotionDetector()
    var last: [DetectedBox] = []
    for frame in 0..<25 {
      var input = scene.input(frame)
      let (x, y) = (4.0, 3.0)
      input.displayWidth = scene.width * 4
      input.displayHeight = scene.height * 3
      input.motion.homography = Homography.scaling(x, y) * input.motion.homography * Homography.scaling(1 / x, 1 / y)
      last = try detector.detect(input)
    }
    let truth = try #require(scene.truth(24).first?.mean)
    let nearest = last.map { Point($0.box.mean.x / 4 - truth.x, $0.box.mean.y / 3 - truth.y).length }.min()
    #expect(try #require(nearest) < 5)
  }

  @Test("a wrong camera motion of some pixels is put right by the picture itself")
  func wrongMotion() throws {
    var scene = MovingScene(objects: [Self.walker])
    scene.camera = Self.pan
    var detector = try MotionDetector()
    for frame in 0..<30 {
      var input = scene.input(frame)
      if frame > 0 { input.motion.homography = Homography.translation(Point(1.5, -1)) * input.motion.homography }
      let found = try detector.detect(input)
      guard frame >= 20 else { continue }
      let truth = try #require(scene.truth(frame).first)
      #expect(found.count <= 2)
      #expect(try #require(Self.best(found, for: truth)).box.orientedBox.iou(with: truth.orientedBox) > 0.5)
    }
  }

  @Test("a step of exposure by a quarter brings no false detections", arguments: [false, true])
  func exposureStep(moves: Bool) throws {
    var scene = MovingScene(exposure: { $0 >= 0.6 ? 1.25 : 1 })
    if moves { scene.camera = Self.pan }
    let found = try Self.run(scene, frames: 40)
    #expect(found.filter { !$0.isEmpty }.isEmpty)
  }

  @Test("a shadow beside an object is not part of it")
  func shadow() throws {
    var object = MovingScene.Object(place: { t in
      OrientedBox(center: Point(70 + 80 * t, 140), width: 40, height: 24, angle: 0)
    })
    object.shadow = (factor: 0.55, offset: Point(6, -22))
    var scene = MovingScene(objects: [object])
    scene.camera = Self.pan
    var whole = MotionDetectorSettings()
    whole.cues.shadows = false
    let cut = try Self.run(scene, frames: 30)
    let uncut = try Self.run(scene, frames: 30, settings: whole)
    func overlap(_ found: [[DetectedBox]]) -> Double {
      let values = (18..<30).map { frame -> Double in
        let truth = scene.truth(frame)[0].orientedBox
        return found[frame].map { $0.box.orientedBox.iou(with: truth) }.max() ?? 0
      }
      return values.reduce(0, +) / Double(values.count)
    }
    #expect(overlap(cut) > 0.6)
    #expect(overlap(cut) > overlap(uncut) + 0.1)
  }

  @Test("black and white frames, cuts and other sizes end quietly and begin anew")
  func hostileFrames() throws {
    var detector = try MotionDetector()
    let scene = MovingScene(objects: [Self.walker])
    for frame in 0..<6 { _ = try detector.detect(scene.input(frame)) }
    for value in [0, 255, 0] as [UInt8] {
      var input = scene.input(6)
      input.image = Image(width: 320, height: 240, channels: 1, pixels: [UInt8](repeating: value, count: 320 * 240))
      for status in CameraMotion.Status.allCases {
        input.motion.status = status
        let found = try detector.detect(input)
        #expect(found.allSatisfy { $0.box.covariance.isPositiveDefinite && $0.box.mean.isFinite })
      }
    }
    var cut = scene.input(7)
    cut.motion = CameraMotion(status: .cut, homography: .identity, inliers: 0)
    #expect(try detector.detect(cut).isEmpty)
    for (width, height) in [(1, 1), (31, 400), (33, 33), (2000, 40), (64, 48)] {
      for _ in 0..<3 {
        let input = DetectionInput(
          image: Image(width: width, height: height, channels: 1), displayWidth: width, displayHeight: height,
          motion: .still, time: 1, ordinal: 0)
        #expect(try detector.detect(input).isEmpty)
      }
    }
  }

  @Test("homographies without sense are survived")
  func senselessMotion() throws {
    var detector = try MotionDetector()
    let scene = MovingScene(objects: [Self.walker])
    let maps = [
      Homography(0, 0, 0, 0, 0, 0, 0, 0, 1), Homography(1, 0, 0, 0, 1, 0, 0.1, 0.1, -16), .translation(Point(1e9, 0)),
      Homography(.nan, 0, 0, 0, 1, 0, 0, 0, 1), .scaling(1e-6, 1e6),
    ]
    for (frame, map) in maps.enumerated() {
      var input = scene.input(frame + 1)
      input.motion = CameraMotion(status: .ok, homography: map, inliers: 50)
      let found = try detector.detect(input)
      #expect(found.allSatisfy { $0.box.covariance.isPositiveDefinite && $0.box.mean.isFinite })
    }
  }

  @Test("the same frames give the same detections, whatever scene came before a cut")
  func determinism() throws {
    var scene = MovingScene(objects: [Self.walker])
    scene.camera = Self.pan
    let first = try Self.run(scene, frames: 12)
    var detector = try MotionDetector()
    for frame in 3..<9 { _ = try detector.detect(scene.input(frame)) }
    let second = try (0..<12).map { try detector.detect(scene.input($0)) }
    #expect(first == second)
  }
}
