import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Depth

/// Made-up pictures of two walls across the view, the nearer one in the middle: exact depth.
@Suite struct PlaneSweepTests {
  private let camera = CameraModel(width: 160, height: 120, focalX: 140, focalY: 140, center: Point(80, 60))
  private let near = 4.0, far = 8.0

  /// The depth along the optical axis of the reference that a pixel of it shows.
  private func depth(_ x: Double, _ y: Double) -> Double {
    isOnNear(Vector3((x - 80) / 140 * near, (y - 60) / 140 * near, near)) ? near : far
  }

  private func isOnNear(_ point: Vector3) -> Bool { abs(point.x) < 0.9 && abs(point.y) < 0.8 }

  private func view(_ worldFromCamera: RigidTransform) -> PlaneSweep.View {
    var image = Image(width: camera.width, height: camera.height, channels: 1)
    image.grid.forEachPixel { x, y, index in
      guard let ray = camera.ray(Point(Double(x) + 0.5, Double(y) + 0.5)) else { return }
      let (origin, direction) = (worldFromCamera.translation, worldFromCamera.rotation * ray)
      let first = origin + direction * ((near - origin.z) / direction.z)
      let second = origin + direction * ((far - origin.z) / direction.z)
      image.pixels[index] = isOnNear(first) ? Self.level(first, 1) : Self.level(second, 0)
    }
    return PlaneSweep.View(image: image, cameraFromWorld: worldFromCamera.inverse)
  }

  /// Waves of no common period, so that no place looks like another; the walls have different ones.
  private static func level(_ p: Vector3, _ wall: Double) -> UInt8 {
    let (u, v) = (p.x * (2.2 - wall), p.y * (2.2 - wall))
    let value = 125 + 40 * sin(7 * u + 3 * v + wall) + 40 * cos(5.3 * v - 3.9 * u) + 40 * sin(11.7 * u - 9.1 * v)
    return UInt8(Int(bounded: value, in: 0...255))
  }

  private func pose(_ step: Double) -> RigidTransform {
    RigidTransform(
      rotation: Quaternion(rotationVector: Vector3(0.01 * step, -0.015 * step, 0.01 * step)).rotation,
      translation: Vector3(0.22 * step, 0.05 * step, 0.1 * step))
  }

  @Test func depthsAreThoseOfTheWalls() throws {
    let sweep = PlaneSweep(camera: camera, inverseDepths: 0.08...0.35, count: 32)
    let map = try sweep.inverseDepth(
      of: view(.identity), before: [view(pose(-1)), view(pose(-2))], after: [view(pose(1)), view(pose(2))])
    var errors: [Double] = []
    for index in map.values.indices where map.isMeasured[index] {
      let (x, y) = (Double(index % 160) + 0.5, Double(index / 160) + 0.5)
      errors.append(abs(1 / Double(map.values[index]) / depth(x, y) - 1))
    }
    errors.sort()
    #expect(map.measuredShare > 0.6, "\(map.measuredShare)")
    // A plane is 0.0087 of the inverse depth, 7 % of the far wall's; places between planes are known to a few tenths of one.
    #expect(errors[errors.count / 2] < 0.03, "\(errors[errors.count / 2])")
    #expect(errors.count { $0 > 0.2 } * 20 < errors.count)
  }

  @Test func theMapOfAPlaneIsTheProjection() {
    let sweep = PlaneSweep(camera: camera, inverseDepths: 0.1...0.4, count: 8)
    let motion = pose(1.5)
    for place in [Vector3(0.4, -0.3, 5), Vector3(-1, 0.7, 5)] {
      let (from, to) = (camera.project(place), camera.project(motion * place))
      let found = from.map(sweep.homography(motion, inverseDepth: 0.2).apply)
      #expect(found.flatMap { found in to.map { ($0 - found).length < 1e-9 } } == true)
    }
  }

  @Test func blackPicturesHaveNoDepth() throws {
    let black = PlaneSweep.View(image: Image(width: 160, height: 120, channels: 1), cameraFromWorld: .identity)
    let sweep = PlaneSweep(camera: camera, inverseDepths: 0.1...0.4, count: 8)
    let map = try sweep.inverseDepth(of: black, before: [black], after: [black])
    #expect(map.measuredShare == 0 && map.values.allSatisfy(\.isNaN))
    let small = PlaneSweep.View(image: Image(width: 100, height: 120, channels: 1), cameraFromWorld: .identity)
    #expect(throws: DepthError.self) { try sweep.inverseDepth(of: black, before: [small], after: [black]) }
  }

  @Test func aPlanTakesPicturesFarEnoughApart() throws {
    // 0.1 units a frame along x, points 10 and 19.9 units away: 3 % of the middle depth are six frames.
    let cameras = (0..<60).map { RigidTransform(rotation: .identity, translation: Vector3(-0.1 * Double($0), 0, 0)) }
    let points = (0..<100).map { Vector3(3 + 0.01 * Double($0), 0.5, $0 % 3 == 0 ? 10 : 19.9) }
    let plan = try #require(SweepPlan(frame: 30, cameras: cameras, usable: 0..<60, points: points, camera: camera))
    #expect(plan.before == [24, 18, 12] && plan.after == [36, 42, 48])
    #expect(abs(plan.inverseDepths.lowerBound - 1 / (1.25 * 19.9)) < 1e-9 && abs(plan.inverseDepths.upperBound - 0.125) < 1e-9)
    // 0.085 of inverse depth times 140 pixels times 1.8 units are 21.4 pixels.
    #expect(plan.count == 23)
    #expect(SweepPlan(frame: 0, cameras: cameras, usable: 0..<60, points: points, camera: camera) == nil, "nothing before it")
    #expect(SweepPlan(frame: 30, cameras: cameras, usable: 0..<60, points: Array(points.prefix(10)), camera: camera) == nil)
  }
}
