import Foundation
import Geometry

@testable import Synthesis

/// Scenes for tests: small, quick to build, without noise.
enum SmallScene {
  /// The camera that looks straight down on the origin, `height` metres above, image up along x.
  static func nadir(height: Double = 24, at place: GroundPoint = GroundPoint(0, 0), yaw: Double = 0) -> CameraState {
    CameraState(position: place, height: height, yaw: yaw, pitch: -.pi / 2)
  }

  static func scene(
    camera: CameraPath = CameraPath(still: nadir()), objects: [SceneObject] = [], occluders: [Occluder] = [],
    lighting: Scene.Lighting = Scene.Lighting(shadow: 0), sensor: Scene.Sensor = Scene.Sensor(noise: 0)
  ) -> Scene {
    Scene(
      name: "test", width: 240, height: 160, frameRate: .init(25), duration: 2, seed: 5,
      ground: Ground(extent: 64, resolution: 0.25), camera: camera, objects: objects, occluders: occluders,
      lighting: lighting, sensor: sensor)
  }

  /// A red car that stands, or drives at a speed, from a place towards a heading.
  static func car(_ id: Int = 1, at place: GroundPoint, heading: Double, speed: Double = 0) -> SceneObject {
    let ahead = GroundPoint(place.x + 50 * cos(heading), place.y + 50 * sin(heading))
    return SceneObject(
      id: id, kind: .car, color: SurfaceColor(0.7, 0.1, 0.1), path: GroundPath([place, ahead]),
      drive: Drive(start: 0, speed: speed))
  }

  /// Cameras of every attitude that sees the ground, from a fixed seed.
  static func randomCameras(_ count: Int) -> [CameraProjection] {
    var generator = SplitMix64(seed: 77)
    return (0..<count).map { _ in
      CameraProjection(
        CameraState(
          position: GroundPoint(generator.uniform(-50, 50), generator.uniform(-50, 50)),
          height: generator.uniform(2, 200), yaw: generator.uniform(-4, 4), pitch: generator.uniform(-1.57, -0.4),
          roll: generator.uniform(-0.5, 0.5), zoom: generator.uniform(0.4, 3)),
        width: 640, height: 360)
    }
  }
}
