import Foundation

extension SceneBuilder {
  /// Two carriageways of three lanes each along a wide bend, and a bridge across.
  mutating func buildTraffic() {
    let bend = GroundPath((-5...5).map { i in GroundPoint(Double(i) * 34, 0.0022 * pow(Double(i) * 34, 2)) })
    ground = Ground(extent: 384, resolution: 0.1875, surface: .field)
    ground.roads = [-1.0, 1.0].map { side in
      Ground.Road(path: bend.moved(right: side * 7.5), width: 11.5, lanes: 3, marking: .lanes)
    }
    for (direction, path) in [(1.0, bend), (-1, bend.reversed)] {
      for (lane, speed) in [(0, 17.0), (1, 22), (2, 26)] {
        addLane(path.moved(right: 7.5 + (1 - Double(lane)) * 3.75), speed: speed + direction, isSlow: lane == 0)
      }
    }
    occluders.append(
      Occluder(
        kind: .bridge, center: GroundPoint(30, 2), heading: .pi / 2 - 0.1, size: ObjectSize(length: 80, width: 9, height: 7.5),
        color: SurfaceColor(0.62, 0.62, 0.6)))
    plantTrees(along: bend, offset: 17, spacing: 16, radius: 2.4...4)
    camera = CameraPath(
      keys: [
        key(0, -20, -8, height: 92, yaw: 0.1, pitch: -1.30),
        key(0.5, -2, -7, height: 90, yaw: 0.02, pitch: -1.32, roll: 0.01),
        key(1, 16, -8, height: 94, yaw: -0.05, pitch: -1.30),
      ], shake: 0.0008)
  }

  private mutating func addLane(_ path: GroundPath, speed: Double, isSlow: Bool) {
    var start = -speed * duration
    while start < path.length {
      // Lorries keep to the right.
      let kind: ObjectKind = isSlow ? vehicleKind() : generator.uniform(0, 1) < 0.85 ? .car : .van
      add(kind, on: path, Drive(start: start, speed: speed))
      start += generator.uniform(24, 60)
    }
  }
}
