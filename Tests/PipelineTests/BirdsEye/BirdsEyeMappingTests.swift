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
    #expect(try EgoMotion(name: path).poses(frameCount: 3, framesPerSecond: 10)?.count == 3)
    #expect(throws: RecordsError.self) { try EgoMotion(name: path).poses(frameCount: 4, framesPerSecond: 10) }
    #expect(try EgoMotion(name: "still").poses(frameCount: 9, framesPerSecond: 10) == nil && EgoMotion(name: "still") == .still)
  }

  /// Twice as many poses as frames, a metre from one to the next.
  @Test func posesWithTimesBelongToTheFramesOfTheirTime() throws {
    let folder = try ScratchFolder()
    let lines = (0..<8).map { "\(1e9 + Double($0) * 0.05) 0 0 \($0) 0 0 0 1" }
    let path = try folder.write(lines.joined(separator: "\n"), to: "poses.txt")
    let poses = try #require(try EgoMotion(name: path).poses(frameCount: 4, framesPerSecond: 10))
    #expect(poses.map(\.translation.z) == [0, 2, 4, 6])
    // The fifth frame, .4 s, is nearest to the pose of .35 s; the sixth has none.
    #expect(try EgoMotion(name: path).poses(frameCount: 5, framesPerSecond: 10)?.last?.translation.z == 7)
    #expect(throws: RecordsError.self) { try EgoMotion(name: path).poses(frameCount: 6, framesPerSecond: 10) }
  }

  @Test(arguments: [
    "2 0 0 0 0 2 0 0 0 0 2 0", "0 0 0 0 0 0 0 0 0 0 0 0", "1 0 0 0 0 1 0 0 0 0 -1 0", "1 0 0 1e300 0 1 0 0 0 0 1 0", "hello",
    "nan 0 0 0 0 1 0 0 0 0 1 0",
  ])
  func linesThatAreNoPosesAreRefused(line: String) throws {
    let folder = try ScratchFolder()
    let good = "1 0 0 0 0 1 0 0 0 0 1 0"
    let path = try folder.write([good, line, good, good].joined(separator: "\n"), to: "poses.txt")
    #expect(throws: RecordsError.self) { try EgoMotion(name: path).poses(frameCount: 3, framesPerSecond: 10) }
  }

  @Test(arguments: ["0.1", "0.05"]) func timesThatDoNotRiseAreRefused(time: String) throws {
    let folder = try ScratchFolder()
    let lines = ["0", "0.1", time, "0.3"].map { $0 + " 0 0 0 0 0 0 1" }
    let path = try folder.write(lines.joined(separator: "\n"), to: "poses.txt")
    #expect(throws: RecordsError.self) { try EgoMotion(name: path).poses(frameCount: 3, framesPerSecond: 10) }
  }

  @Test func detectionsWithoutBoxesInSpaceAreRefused() {
    var table = BoxTable(format: .mot)
    table.frames = [0]
    table.ids = [-1]
    table.axisBoxes = [AxisBox(left: 0, top: 0, width: 5, height: 5)]
    #expect(throws: RecordsError.self) { try BirdsEyeMapping(.still, table: table, path: "det.txt") }
  }
}
