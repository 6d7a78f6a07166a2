import Foundation

extension SceneBuilder {
  /// A square before a street, seen from a pole.
  mutating func buildFixed() {
    let street = GroundPath([GroundPoint(30, -90), GroundPoint(29, -30), GroundPoint(29, 30), GroundPoint(30, 90)])
    ground = Ground(extent: 160, resolution: 0.08, surface: .paving)
    ground.roads = [Ground.Road(path: street, width: 7.2, pavement: 2.5)]
    addStreetTraffic(street)
    addSquareWalkers()
    for (x, y) in [(21.0, -13.0), (22, 2), (21, 17), (39, -24), (40, -4), (40, 16), (39, 34)] {
      plantTree(at: GroundPoint(x, y), radius: 1.6...2.4)
    }
    for y in stride(from: -44.0, through: 44, by: 22) {
      build(at: GroundPoint(54, y), ObjectSize(length: 18, width: 19, height: generator.uniform(8, 14)))
    }
    camera = CameraPath(still: CameraState(position: GroundPoint(0, 0), height: 8.5, yaw: 0.06, pitch: -0.42, zoom: 0.85))
    lighting = Scene.Lighting(sunHeading: 2.4, sunElevation: 0.75, shadow: 0.4)
  }

  private mutating func addStreetTraffic(_ street: GroundPath) {
    for (path, speed, starts) in [(street, 9.0, [98.0, 66, 30, -8]), (street.reversed, 10, [112, 72, 20])] {
      for (i, start) in starts.enumerated() {
        add(i == 1 ? .bus : i == 2 ? .van : .car, on: path.moved(right: 1.8), Drive(start: start, speed: speed))
      }
    }
  }

  private mutating func addSquareWalkers() {
    let routes: [[(Double, Double)]] = [
      [(16, -20), (17, -8), (15, 4), (17, 22)], [(24, 24), (23.5, 8), (24.5, -8), (24, -24)],
      [(11, -12), (13, -4), (18, 3), (24, 9)], [(13, 14), (12, 6), (14, -2), (20, -12)],
      [(19, -18), (18.6, -6), (19.6, 6), (19, 20)], [(10, -5), (12, 0), (11, 5), (14, 12)],
    ]
    for (i, route) in routes.enumerated() {
      let path = GroundPath(route.map { GroundPoint($0.0, $0.1) })
      let stops: [Drive.Stop] = i % 3 == 2 ? [.init(distance: 9, seconds: 2)] : []
      add(
        .person, on: path,
        Drive(start: generator.uniform(0, 5), speed: generator.uniform(1.1, 1.6), acceleration: 1.5, stops: stops),
        axis: .upright)
    }
    let ride = GroundPath([GroundPoint(21.5, -40), GroundPoint(21.2, -10), GroundPoint(19, 8), GroundPoint(18, 40)])
    add(.bicycle, on: ride, Drive(start: 14, speed: 4.5), axis: .upright)
  }
}
