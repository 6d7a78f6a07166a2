import Foundation
import Geometry
import Synthesis

/// A made-up flight of a drone whose lens does not zoom, over a scene of a preset.
struct Flight {
  var name: String
  var preset = ScenePreset.aerial
  var seed: UInt64 = 1
  /// Whether trees and buildings stand on the ground.
  var hasHeights = true
  /// Places in metres, heights, yaws and pitches in radians at even times.
  var keys: [(x: Double, y: Double, height: Double, yaw: Double, pitch: Double)]

  private static let width = 640, height = 360

  /// The lens of all: as wide a view as 53°.
  var camera: CameraModel {
    CameraModel(
      width: Self.width, height: Self.height, focalX: Double(Self.width), focalY: Double(Self.width),
      center: Point(Double(Self.width) / 2, Double(Self.height) / 2))
  }

  func scene(seconds: Double) -> Scene {
    var scene = preset.scene(seed: seed, width: Self.width, height: Self.height, duration: seconds)
    let step = seconds / Double(max(1, keys.count - 1))
    scene.camera = CameraPath(
      keys: keys.enumerated().map { index, key in
        CameraPath.Key(
          time: Double(index) * step,
          state: CameraState(position: GroundPoint(key.x, key.y), height: key.height, yaw: key.yaw, pitch: key.pitch))
      }, shake: 0.0015)
    if !hasHeights {
      scene.occluders = []
      scene.objects = []
    }
    return scene
  }

  static let all = [
    Flight(
      name: "down over trees",
      keys: [(-40, -14, 62, 0.3, -1.45), (-20, -30, 58, 0.6, -1.48), (6, -34, 56, 0.9, -1.46), (26, -22, 56, 1.1, -1.45)]),
    Flight(
      name: "down over flat ground", hasHeights: false,
      keys: [(-40, -14, 62, 0.3, -1.45), (-20, -30, 58, 0.6, -1.48), (6, -34, 56, 0.9, -1.46), (26, -22, 56, 1.1, -1.45)]),
    Flight(
      name: "slanted, forward",
      keys: [(-70, -5, 40, 0.0, -0.7), (-50, -3, 38, 0.1, -0.7), (-30, 0, 37, 0.15, -0.65), (-10, 2, 38, 0.2, -0.65)]),
    Flight(
      name: "slanted, flat, sideways", hasHeights: false,
      keys: [(-30, -40, 35, 1.5, -0.8), (-15, -42, 35, 1.55, -0.8), (0, -44, 35, 1.6, -0.8), (15, -44, 36, 1.6, -0.8)]),
    Flight(
      name: "turning in its place", hasHeights: true,
      keys: [(-20, -40, 40, 1.2, -0.8), (-20, -40, 40, 1.35, -0.8), (-20, -40, 40, 1.5, -0.75), (-20, -40, 40, 1.65, -0.8)]),
    Flight(
      name: "round and back", seed: 2,
      keys: [
        (-30, -30, 60, 0.3, -1.45), (0, -34, 60, 0.3, -1.45), (28, -20, 60, 0.3, -1.45), (28, 12, 60, 0.3, -1.45),
        (0, 26, 60, 0.3, -1.45), (-28, 8, 60, 0.3, -1.45), (-30, -30, 60, 0.3, -1.45), (-28, -31, 60, 0.3, -1.45),
      ]),
  ]
}
