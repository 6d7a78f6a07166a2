/// Ready-made scenes; the seed varies colours, sizes, speeds, trees and texture.
public enum ScenePreset: String, CaseIterable, Sendable {
  /// A drone flies over a winding road, turning and zooming.
  case aerial
  /// A camera on a pole looks along a street with people, cyclists and cars.
  case fixed
  /// A motorway from high up, with a bridge across it.
  case traffic
  /// A hovering drone over a crossing with lights: queues, turns, people.
  case crossing
  /// A fast, shaking, rolling, zooming camera with blur, noise and flicker over a wood-lined road.
  case stress

  /// The preset of a name.
  public init(named name: String) throws(SynthesisError) {
    guard let preset = ScenePreset(rawValue: name) else { throw .unknownPreset(name) }
    self = preset
  }

  /// The scene of a preset.
  public func scene(
    seed: UInt64 = 0, width: Int = 640, height: Int = 360, frameRate: Scene.FrameRate = Scene.FrameRate(25),
    duration: Double = 8
  ) -> Scene {
    var builder = SceneBuilder(seed: seed, duration: duration)
    switch self {
    case .aerial: builder.buildAerial()
    case .fixed: builder.buildFixed()
    case .traffic: builder.buildTraffic()
    case .crossing: builder.buildCrossing()
    case .stress: builder.buildStress()
    }
    return Scene(
      name: rawValue, width: width, height: height, frameRate: frameRate, duration: duration, seed: seed,
      ground: builder.ground, camera: builder.camera, objects: builder.objects, occluders: builder.occluders,
      lighting: builder.lighting, sensor: builder.sensor)
  }
}
