import Foundation

extension SceneBuilder {
  /// A road through a wood under a bridge, filmed as badly as can be.
  mutating func buildStress() {
    let loop = windingLoop(radius: 52, wave: 8)
    ground = Ground(extent: 200, resolution: 0.1, surface: .grass)
    ground.roads = [Ground.Road(path: loop, width: 8)]
    for (path, speed) in [(loop, 12.0), (loop.reversed, 9.0)] {
      let lane = path.moved(right: 2.05)
      let length = lane.length
      for i in 0..<12 {
        add(vehicleKind(), on: lane, Drive(start: length * (Double(i) + generator.uniform(-0.15, 0.15)) / 12, speed: speed))
      }
    }
    plantTrees(along: loop, offset: 4.5, spacing: 13, radius: 2.4...4)
    let crossing = SampledPath(loop).place(at: 0.62 * loop.length)
    occluders.append(
      Occluder(
        kind: .bridge, center: GroundPoint(crossing.position), heading: crossing.heading + .pi / 2,
        size: ObjectSize(length: 60, width: 8, height: 7), color: SurfaceColor(0.55, 0.54, 0.52)))
    camera = CameraPath(keys: stressKeys(), shake: 0.006)
    lighting = Scene.Lighting(
      shadow: 0.5,
      // Bounded: a duration is at most a day.
      gains: (0...Int(duration * 2)).map { .init(time: Double($0) / 2, gain: generator.uniform(0.7, 1.2)) })
    sensor = Scene.Sensor(noise: 7, exposure: 0.6, exposures: 5)
  }

  /// Round the loop on its inner side, turning all the way, with a roll and a zoom of its own.
  private func stressKeys() -> [CameraPath.Key] {
    (0...8).map { i in
      let share = Double(i) / 8
      let angle = -2.2 + 2.4 * share
      return key(
        share, 40 * cos(angle), 32 * sin(angle), height: 50 + 8 * sin(5 * share), yaw: angle + 1.2 + 0.5 * sin(7 * share),
        pitch: -1.38 + 0.08 * sin(9 * share), roll: 0.12 * sin(6 * share), zoom: 1.05 + 0.3 * sin(8 * share))
    }
  }
}
