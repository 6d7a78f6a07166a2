import Foundation

extension SceneBuilder {
  /// A winding loop of road in open land; two-way traffic, walkers on paths of their own.
  mutating func buildAerial() {
    let loop = windingLoop(radius: 46, wave: 7)
    let trail = GroundPath([
      GroundPoint(-40, -50), GroundPoint(-20, -28), GroundPoint(2, -12), GroundPoint(6, 8), GroundPoint(-6, 24),
      GroundPoint(-2, 60),
    ])
    ground = Ground(extent: 200, resolution: 0.1, surface: .grass)
    ground.roads = [
      Ground.Road(path: trail, width: 2.6, lanes: 1, marking: .none, surface: .paving),
      Ground.Road(path: loop, width: 8),
    ]
    addLoopTraffic(loop)
    for (start, speed) in [(22.0, 1.4), (46, 1.2), (64, 1.5), (71, 1.35)] {
      add(
        .person, on: trail.moved(right: generator.uniform(-0.8, 0.8)),
        Drive(start: start, speed: speed, acceleration: 1.5, stops: start == 46 ? [.init(distance: 49, seconds: 2)] : []))
    }
    add(.bicycle, on: trail.reversed.moved(right: 0.7), Drive(start: 40, speed: 4))
    plantTrees(along: loop, offset: 7.5, spacing: 17)
    for _ in 0..<14 {
      let (angle, r) = (generator.uniform(0, 2 * .pi), generator.uniform(8, 28))
      plantTree(at: GroundPoint(14 + r * cos(angle), r * sin(angle)))
    }
    build(at: GroundPoint(-14, 6), ObjectSize(length: 14, width: 10, height: 5), heading: 0.4)
    camera = CameraPath(
      keys: [
        key(0, -40, -14, height: 62, yaw: 0.3, pitch: -1.36, zoom: 1),
        key(0.35, -20, -30, height: 58, yaw: 0.75, pitch: -1.42, roll: 0.02, zoom: 1.05),
        key(0.7, 6, -34, height: 56, yaw: 1.25, pitch: -1.40, roll: -0.02, zoom: 1.25),
        key(1, 26, -22, height: 56, yaw: 1.7, pitch: -1.38, zoom: 1.3),
      ], shake: 0.0015)
  }

  /// A state of the camera at a share of the duration.
  func key(
    _ share: Double, _ x: Double, _ y: Double, height: Double, yaw: Double, pitch: Double, roll: Double = 0, zoom: Double = 1
  ) -> CameraPath.Key {
    CameraPath.Key(
      time: share * duration,
      state: CameraState(position: GroundPoint(x, y), height: height, yaw: yaw, pitch: pitch, roll: roll, zoom: zoom))
  }

  func windingLoop(radius: Double, wave: Double) -> GroundPath {
    GroundPath(
      (0..<28).map { i in
        let angle = 2 * .pi * Double(i) / 28
        let r = radius + wave * sin(3 * angle + 0.6) + 0.4 * wave * cos(5 * angle)
        return GroundPoint(r * cos(angle), 0.8 * r * sin(angle))
      }, isClosed: true)
  }

  private mutating func addLoopTraffic(_ loop: GroundPath) {
    for (lane, speed) in [(loop, 10.0), (loop.reversed, 8.5)] {
      let path = lane.moved(right: 2.05)
      let length = path.length
      let count = 10
      for i in 0..<count {
        let start = length * (Double(i) + generator.uniform(-0.2, 0.2)) / Double(count)
        // All vehicles of a lane go at one speed, so that they never meet.
        add(vehicleKind(), on: path, Drive(start: start, speed: speed))
      }
    }
  }
}
