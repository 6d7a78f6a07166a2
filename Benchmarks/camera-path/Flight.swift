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

  /// Those of `Benchmarks/orientation/flights.json`, which the script there flies through the command.
  static func all() throws -> [Flight] {
    struct Row: Decodable {
      var name: String
      var seed: UInt64?
      var flat: Bool?
      var keys: [[Double]]
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../orientation/flights.json")
    return try JSONDecoder().decode([Row].self, from: Data(contentsOf: file)).map { row in
      Flight(
        name: row.name, seed: row.seed ?? 1, hasHeights: row.flat != true,
        keys: row.keys.map { (x: $0[0], y: $0[1], height: $0[2], yaw: $0[3], pitch: $0[4]) })
    }
  }
}
