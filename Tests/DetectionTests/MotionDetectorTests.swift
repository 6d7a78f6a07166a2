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

  static let pan: @Sendable (Double) -> Homography = { t in
    Homography.translation(Point(-40 * t, 12 * t)) * Homography(1 + 0.02 * t, -0.03 * t, 0, 0.03 * t, 1 + 0.02 * t, 0, 1e-5 * t, 0, 1)
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
      let best = found[frame].max { $0.box.probIoU(with: truth) < $1.box.probIoU(with: truth) }
      let box = try #require(best).box
      #expect(box.orientedBox.iou(with: truth.orientedBox) > 0.55)
      #expect((box.mean - truth.mean).length < 5)
      #expect(abs(Angle.axisDifference(from: box.orientedBox.angle, to: truth.orientedBox.angle)) < 0.2)
    }
  }
}
