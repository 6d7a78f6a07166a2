import Foundation
import Geometry
import TestSupport
import Testing

@testable import Calibration

/// Made-up crossings: blocks of the size of cars on two roads, a camera over them, noise in the boxes. Seeds from 100 on were used for making it.
@Suite struct TrafficCalibrationTests {
  private struct Crossing {
    let width = 1280, height = 720
    var focal = 0.0, tilt = 0.0, roll = 0.0
    var paths: [TrafficPath] = []

    init(seed: UInt64) {
      var random = TestRandom(seed: seed)
      // A crossing of which either road has six vehicles in view.
      repeat { draw(&random) } while counts.contains { $0 < 6 }
    }

    private var counts = [0, 0]

    private mutating func draw(_ random: inout TestRandom) {
      focal = Double(width) * random.uniform(0.7, 1.6)
      tilt = random.uniform(20, 60) * .pi / 180
      roll = random.uniform(-2, 2) * .pi / 180
      let yaw = random.uniform(0, 2 * .pi), high = random.uniform(8, 25)
      let distance = high / tan(tilt)
      let position = Vector3(
        -cos(yaw) * distance + random.uniform(-0.15, 0.15) * distance,
        -sin(yaw) * distance + random.uniform(-0.15, 0.15) * distance, -high)
      paths = []
      counts = [0, 0]
      for road in 0..<2 {
        for _ in 0..<14 {
          let path = vehicle(road, yaw, position, &random)
          guard path.count >= 8 else { continue }
          counts[road] += 1
          paths.append(TrafficPath(boxes: path))
        }
      }
    }

    /// Yaw about z, then tilt, then roll, written out again for the test: right, down and forward in the world (x, y, down).
    private func axes(_ yaw: Double) -> (right: Vector3, down: Vector3, forward: Vector3) {
      let forward = Vector3(cos(yaw) * cos(tilt), sin(yaw) * cos(tilt), sin(tilt))
      let level = Vector3(-sin(yaw), cos(yaw), 0)
      let below = forward.cross(level)
      return (level * cos(roll) + below * sin(roll), below * cos(roll) - level * sin(roll), forward)
    }

    private func vehicle(_ road: Int, _ yaw: Double, _ position: Vector3, _ random: inout TestRandom) -> [AxisBox] {
      let lane = [-5.4, -1.8, 1.8, 5.4][random.index(below: 4)] + random.normal() * 0.2
      let (along, across) = road == 0 ? (Vector3(1, 0, 0), Vector3(0, 1, 0)) : (Vector3(0, 1, 0), Vector3(-1, 0, 0))
      let sides = (4.5 + 0.3 * random.normal(), 1.8 + 0.1 * random.normal(), 1.5 + 0.1 * random.normal())
      let camera = axes(yaw)
      return (-60..<60).compactMap { step in
        let middle = along * (lane > 0 ? Double(step) : -Double(step)) + across * lane
        var points: [Point] = []
        for (a, b, c) in [(-1.0, -1.0, 0.0), (1, -1, 0), (1, 1, 0), (-1, 1, 0), (-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1)] {
          let corner = middle + along * (a * sides.0 / 2) + across * (b * sides.1 / 2) + Vector3(0, 0, -c * sides.2) - position
          let depth = corner.dot(camera.forward)
          guard depth > 1 else { return nil }
          points.append(Point(640 + focal * corner.dot(camera.right) / depth, 360 + focal * corner.dot(camera.down) / depth))
        }
        let hull = AxisBox(around: points)
        guard hull.left >= 0, hull.top >= 0, hull.right <= 1280, hull.bottom <= 720 else { return nil }
        let center = hull.center + Point(random.normal(), random.normal()) * 0.5
        let (w, h) = (hull.width + 0.7 * random.normal(), hull.height + 0.7 * random.normal())
        return AxisBox(left: center.x - w / 2, top: center.y - h / 2, width: w, height: h)
      }
    }
  }

  /// The bounds were told before: the focal length within 5 %, the tilt within 1°, both inside their own 95 % intervals in 18 of 20.
  @Test func twentyCrossingsTellFocalLengthAndTilt() {
    var (near, inside) = (0, 0)
    for seed in UInt64(1)...20 {
      let crossing = Crossing(seed: seed)
      guard let found = try? TrafficCalibration(crossing.paths, width: 1280, height: 720) else {
        print("crossing \(seed): not determined")
        continue
      }
      let focal = log(found.camera.focalX / crossing.focal), tilt = found.tilt - crossing.tilt
      let isNear = abs(focal) <= 0.05 && abs(tilt) <= .pi / 180
      let isInside = abs(focal) <= 1.96 * found.focalDeviation && abs(tilt) <= 1.96 * found.tiltDeviation
      near += isNear ? 1 : 0
      inside += isInside ? 1 : 0
      print(
        "crossing \(seed): focal \(focal) ± \(found.focalDeviation), tilt \(tilt * 180 / .pi)° ± \(found.tiltDeviation * 180 / .pi)°"
      )
    }
    #expect(near >= 18 && inside >= 18, "\(near) near, \(inside) inside")
  }

  @Test func oneRoadAloneIsRefused() {
    let crossing = Crossing(seed: 3)
    // One road's vehicles only: lines of the same vanishing point.
    let first = crossing.paths[0]
    let alike = crossing.paths.filter { path in
      guard let a = TrafficPath.line(through: first.boxes.map(\.center)),
        let b = TrafficPath.line(through: path.boxes.map(\.center))
      else { return false }
      return abs(a.direction.dot(b.direction)) > 0.95
    }
    #expect(throws: CalibrationError.self) { try TrafficCalibration(alike, width: 1280, height: 720) }
    #expect(throws: CalibrationError.self) { try TrafficCalibration([], width: 1280, height: 720) }
  }

  @Test func vehiclesThatTurnAreCutIntoStraightPieces() {
    func boxes(_ points: [Point]) -> TrafficPath {
      TrafficPath(boxes: points.map { AxisBox(left: $0.x - 5, top: $0.y - 3, width: 10, height: 6) })
    }
    let corner = (0..<40).map { Point(Double($0) * 10, 100) } + (0..<40).map { Point(400, 100 + Double($0) * 10) }
    #expect(boxes(corner).straightPieces.map(\.boxes.count) == [40, 40])
    let circle = (0..<80).map { Point(300 + 200 * cos(Double($0) / 12), 300 + 200 * sin(Double($0) / 12)) }
    #expect(boxes(circle).straightPieces.isEmpty)
    #expect(boxes(Array(corner.prefix(5))).straightPieces.isEmpty)
  }
}
