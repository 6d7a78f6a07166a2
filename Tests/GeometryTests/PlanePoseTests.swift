import Foundation
import Geometry
import Testing

/// Poses of rectangles before a camera, against poses from which the rays are made.
@Suite struct PlanePoseTests {
  private static let sides = (width: 0.6, height: 0.45)

  private static func rays(_ pose: RigidTransform) -> [Vector3] {
    let (x, y) = (sides.width / 2, sides.height / 2)
    return [Vector3(-x, -y, 0), Vector3(x, -y, 0), Vector3(x, y, 0), Vector3(-x, y, 0)].map { corner in
      let seen = pose.rotation * corner + pose.translation
      return Vector3(seen.x / seen.z, seen.y / seen.z, 1)
    }
  }

  @Test(arguments: [
    (Vector3(0, 0, 0), Vector3(0, 0, 2)), (Vector3(0.4, -0.3, 1.2), Vector3(0.5, -0.2, 1.5)),
    (Vector3(-0.9, 0.2, -2.5), Vector3(-1, 0.7, 4)),
  ]) func aRectanglesPoseIsFoundFromItsCorners(turn: Vector3, place: Vector3) throws {
    let truth = RigidTransform(rotationVector: turn, translation: place)
    let pose = try #require(
      PlanePose.cameraFromRectangle(width: Self.sides.width, height: Self.sides.height, rays: Self.rays(truth)))
    #expect((pose.translation - truth.translation).length < 1e-9)
    for axis in [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)] {
      #expect((pose.rotation * axis - truth.rotation * axis).length < 1e-9)
    }
  }

  /// Corners in the other sense are those of its back, and corners on one line of nothing.
  @Test func whatIsNoRectangleBeforeTheCameraHasNoPose() {
    let rays = Self.rays(RigidTransform(rotationVector: Vector3(0.1, 0.2, 0), translation: Vector3(0, 0, 2)))
    #expect(PlanePose.cameraFromRectangle(width: 0.6, height: 0.45, rays: [rays[1], rays[0], rays[3], rays[2]]) == nil)
    #expect(PlanePose.cameraFromRectangle(width: 0.6, height: 0.45, rays: Array(rays.prefix(3))) == nil)
    let line = (0..<4).map { Vector3(Double($0), 0, 1) }
    #expect(PlanePose.cameraFromRectangle(width: 0.6, height: 0.45, rays: line) == nil)
    #expect(PlanePose.cameraFromRectangle(width: 0, height: 0.45, rays: rays) == nil)
  }
}
