import Geometry
import Imaging
import TestSupport
import Testing

@testable import Odometry

@Suite struct KeyFrameTests {
  private let drive = SyntheticDrive()

  /// A slow flight straight down from 50 m: two pixels a frame.
  private func flight(_ frame: Int) -> RigidTransform {
    let t = Double(frame)
    return RigidTransform(rotationVector: Vector3(0.001 * t, 0, 0.004 * t), translation: Vector3(0.5 * t, 0.1 * t, -0.05 * t))
  }

  @Test func framesBetweenKeyFramesHaveTheirPlaces() throws {
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera))
    for frame in 0..<60 { try odometry.add(left: drive.floor(flight(frame), depth: 50), right: nil) }
    #expect(odometry.poses.count == 60 && odometry.poses.allSatisfy { $0.status == .tracked })
    // The first motion is seen within some ten frames, of which six stay; then eight of 320 pixels are a step of four frames.
    #expect((12...30).contains(odometry.keyFrames.count), "\(odometry.keyFrames)")
    let scale = flight(59).translation.length / odometry.poses[59].worldFromCamera.translation.length
    for (frame, pose) in odometry.poses.enumerated() {
      let truth = flight(frame)
      // Two per cent of 30 m, and three of these small pictures' pixels.
      #expect((pose.worldFromCamera.translation * scale - truth.translation).length < 0.6)
      #expect(truth.relative(to: pose.worldFromCamera).rotationAngle < 3 * drive.pixelAngle)
    }
    // No frame leaves the line of its neighbours: those between follow their key frames.
    for frame in 1..<59 {
      let places = (-1...1).map { odometry.poses[frame + $0].worldFromCamera.translation * scale }
      #expect((places[0] + places[2] - places[1] * 2).length < 0.3, "\(frame)")
    }
  }

  @Test func aCameraAtRestNeedsNoFurtherKeyFrames() throws {
    let odometry = try VisualOdometry(rig: drive.rig)
    let image = drive.image(.identity)
    let right = drive.image(drive.rightFromLeft.inverse)
    for _ in 0..<12 { try odometry.add(left: image, right: right) }
    #expect(odometry.keyFrames.count <= 2 && odometry.poses.allSatisfy { $0.status == .tracked })
    // Half a pixel at the nearest wall, four metres away.
    let ways = odometry.poses.map(\.worldFromCamera.translation.length)
    #expect(ways.allSatisfy { $0 < 4 * drive.pixelAngle / 2 }, "\(ways)")
  }
}
