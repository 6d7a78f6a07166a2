import Foundation

extension SceneBuilder {
  /// Two streets meet; the lights let the one along y pass first and then the one along x.
  mutating func buildCrossing() {
    let half = 64.0
    let alongX = GroundPath([GroundPoint(-half, 0), GroundPoint(half, 0)])
    let alongY = GroundPath([GroundPoint(0, -half), GroundPoint(0, half)])
    ground = Ground(extent: 128, resolution: 0.0625, surface: .grass)
    ground.roads = [
      Ground.Road(path: alongX, width: 7.4, pavement: 3), Ground.Road(path: alongY, width: 7.4, pavement: 3),
    ]
    ground.junctions = [Ground.Disc(center: GroundPoint(0, 0), radius: 6.2)]
    paintCrossings()
    let change = 0.42 * duration
    addQueue(alongX, start: 22, gap: 11, count: 3, green: change)
    addQueue(alongX.reversed, start: 14, gap: 12, count: 2, green: change + 0.4)
    addTurning(start: -10, green: change + 3)
    addPassing(alongY, starts: [44, 30, 14, -4], red: change)
    addPassing(alongY.reversed, starts: [38, 20, 0], red: change)
    addWalkers()
    addCrossingScenery()
    camera = CameraPath(
      keys: [
        key(0, -14, -5, height: 66, yaw: 0.5, pitch: -1.32),
        key(0.5, -13, -3, height: 63, yaw: 0.56, pitch: -1.34, roll: 0.01),
        key(1, -14, -6, height: 64, yaw: 0.64, pitch: -1.33),
      ], shake: 0.0015)
    lighting = Scene.Lighting(sunHeading: -0.9, sunElevation: 0.8, shadow: 0.42)
  }

  private mutating func paintCrossings() {
    for (x, y, heading) in [(8.6, -3.1, 0.5), (-8.6, -3.1, 0.5), (-3.1, 8.6, 0.0), (-3.1, -8.6, 0.0)] {
      ground.bars.append(
        Ground.Bars(start: GroundPoint(x, y), heading: heading * .pi, count: 6, spacing: 1.24, barWidth: 0.55, barLength: 3))
    }
    for (x, y, heading) in [(11.4, -1.85, 0.0), (-11.4, 1.85, 0.0), (1.85, 11.4, 0.5), (-1.85, -11.4, 0.5)] {
      ground.bars.append(
        Ground.Bars(start: GroundPoint(x, y), heading: heading * .pi, count: 1, spacing: 1, barWidth: 0.4, barLength: 3.4))
    }
  }

  /// Cars that come up to the red light and drive on one after the other when it turns green.
  private mutating func addQueue(_ street: GroundPath, start: Double, gap: Double, count: Int, green: Double) {
    let lane = street.moved(right: 1.85)
    for place in 0..<count {
      let stop = 64 - 14.5 - Double(place) * 7.6
      let arrival = Drive(start: start - Double(place) * gap, speed: 9)
      let waiting = green + 0.9 * Double(place) - arrival.timeToStop(at: stop)
      add(
        place == 2 ? .van : .car, on: lane,
        Drive(start: arrival.start, speed: 9, stops: [.init(distance: stop, seconds: max(0.3, waiting))]))
    }
  }

  /// Cars that pass while it is green; those too late for it wait at the line.
  private mutating func addPassing(_ street: GroundPath, starts: [Double], red: Double) {
    let lane = street.moved(right: 1.85)
    var queued = 0
    for (index, start) in starts.enumerated() {
      let speed = 9.5
      let line = 64 - 14.5 - 8 * Double(queued)
      let isLate = start + speed * (red - 1.2) < 64 - 11
      add(
        index == 0 ? .bus : .car, on: lane,
        Drive(start: start, speed: speed, stops: isLate ? [.init(distance: line, seconds: 60)] : []))
      if isLate { queued += 1 }
    }
  }

  /// The last of a queue turns right, into the street along y, which is red by then.
  private mutating func addTurning(start: Double, green: Double) {
    let path = GroundPath([
      GroundPoint(64, -1.85), GroundPoint(30, -1.85), GroundPoint(12, -1.85), GroundPoint(7, -2.2), GroundPoint(3.4, -4.4),
      GroundPoint(1.9, -8), GroundPoint(1.85, -14), GroundPoint(1.85, -64),
    ])
    let stop = 64 - 14.5 - 2 * 7.6
    let arrival = Drive(start: start, speed: 6)
    add(
      .car, on: path,
      Drive(start: start, speed: 6, stops: [.init(distance: stop, seconds: max(0.3, green - arrival.timeToStop(at: stop)))]))
  }

  private mutating func addWalkers() {
    for (offset, reversed, start) in [(5.3, false, 30.0), (-5.4, true, 52), (5.1, false, 74), (-5.0, false, 40)] {
      let street = GroundPath([GroundPoint(-64, 0), GroundPoint(-20, 0.3), GroundPoint(20, -0.3), GroundPoint(64, 0)])
      let path = street.moved(right: offset)
      add(
        .person, on: reversed ? path.reversed : path,
        Drive(
          start: start, speed: generator.uniform(1.2, 1.6), acceleration: 1.5,
          stops: start == 52 ? [.init(distance: start + 3, seconds: 1.5)] : []))
    }
    // Two cross the street along x while its cars wait.
    for (x, start, reversed) in [(8.2, 1.0, false), (-9, 0.4, true)] {
      let path = GroundPath([GroundPoint(x, -6.5), GroundPoint(x + 0.3, 0), GroundPoint(x, 6.5), GroundPoint(x - 1, 14)])
      add(.person, on: reversed ? path.reversed : path, Drive(start: start + (reversed ? 7.5 : 0), speed: 1.5))
    }
    let cycleway = GroundPath([GroundPoint(5.2, -60), GroundPoint(5.3, -10), GroundPoint(5.6, 10), GroundPoint(5.2, 60)])
    add(.bicycle, on: cycleway, Drive(start: 36, speed: 4.4))
  }

  private mutating func addCrossingScenery() {
    for (x, y) in [
      (-16.0, -9.0), (-24, -10), (14, 10), (24, 9.5), (-16, 11), (16, -10), (-9.5, 20), (9.5, -22), (10, 27), (-34, 9), (34, -9),
    ] {
      plantTree(at: GroundPoint(x + generator.uniform(-1, 1), y + generator.uniform(-1, 1)), radius: 1.8...3)
    }
    build(at: GroundPoint(-24, -24), ObjectSize(length: 18, width: 15, height: 7))
    build(at: GroundPoint(26, 25), ObjectSize(length: 20, width: 16, height: 9))
    build(at: GroundPoint(25, -26), ObjectSize(length: 16, width: 18, height: 6))
    build(at: GroundPoint(-27, 27), ObjectSize(length: 22, width: 14, height: 8))
    for (x, y) in [(-38.0, 5.6), (40, -5.6)] { park(.car, at: GroundPoint(x, y), heading: 0.02) }
  }
}

extension Drive {
  /// The seconds until this drive stands at a distance, if that is its only stop.
  func timeToStop(at distance: Double) -> Double {
    let profile = SpeedProfile(
      Drive(start: start, speed: speed, acceleration: acceleration, stops: [.init(distance: distance, seconds: 1e5)]))
    var (low, high) = (0.0, 1e4)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if profile.state(at: middle).distance < distance - 1e-6 { low = middle } else { high = middle }
    }
    return high
  }
}
