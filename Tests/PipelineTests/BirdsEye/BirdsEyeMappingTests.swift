import Foundation
import Geometry
import Records
import TestSupport
import Testing

@testable import Pipeline

@Suite struct BirdsEyeMappingTests {
  /// A turn about the upright axis by an angle from +z towards +x, and a place.
  private func pose(_ yaw: Double, _ x: Double, _ z: Double) -> RigidTransform {
    let rotation = Matrix3(
      rows: Vector3(cos(yaw), 0, sin(yaw)), Vector3(0, 1, 0), Vector3(-sin(yaw), 0, cos(yaw)))
    return RigidTransform(rotation: rotation, translation: Vector3(x, 0, z))
  }

  @Test func theGroundMovesAgainstTheCamera() {
    let (earlier, later) = (pose(0.1, 1, 2), pose(0.35, 1.5, 3.5))
    let motion = CameraMotion(overGroundFrom: earlier, to: later)
    for place in [Vector3(0, 0, 10), Vector3(-4, 0, 25), Vector3(7, 0, 3)] {
      let expected = later.inverse * (earlier * place)
      let moved = motion.homography.apply(Point(place.x, place.z))
      #expect(abs(moved.x - expected.x) < 1e-12 && abs(moved.y - expected.z) < 1e-12)
    }
    #expect(motion.status == .ok)
  }

  @Test func posesMustBeThereForEveryFrame() throws {
    let folder = try ScratchFolder()
    let line = "1 0 0 0 0 1 0 0 0 0 1 0\n"
    let path = try folder.write(String(repeating: line, count: 3), to: "poses.txt")
    #expect(try EgoMotion(name: path).poses(frameCount: 3)?.count == 3)
    #expect(throws: RecordsError.self) { try EgoMotion(name: path).poses(frameCount: 4) }
    #expect(try EgoMotion(name: "still").poses(frameCount: 9) == nil && EgoMotion(name: "still") == .still)
  }

  @Test func detectionsWithoutBoxesInSpaceAreRefused() {
    var table = BoxTable(format: .mot)
    table.frames = [0]
    table.ids = [-1]
    table.axisBoxes = [AxisBox(left: 0, top: 0, width: 5, height: 5)]
    #expect(throws: RecordsError.self) { try BirdsEyeMapping(.still, table: table, path: "det.txt") }
  }
}
