import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Odometry

@Suite struct VisualOdometryTests {
  private let drive = SyntheticDrive()

  private func right(_ pose: RigidTransform) -> RigidTransform { pose * drive.rightFromLeft.inverse }

  /// The path of frames, relative to the first.
  private func truth(_ count: Int) -> [RigidTransform] { (0..<count).map { drive.pose(0).relative(to: drive.pose($0)) } }

  @Test func twoCamerasKnowTheirPathInMetres() throws {
    let odometry = try VisualOdometry(rig: drive.rig)
    for frame in 0..<12 {
      let pose = drive.pose(frame)
      try odometry.add(left: drive.image(pose), right: drive.image(right(pose)))
    }
    for (pose, truth) in zip(odometry.poses, truth(12)) {
      #expect(pose.status == .tracked)
      let error = truth.relative(to: pose.worldFromCamera)
      // Two per cent of the path of 4.4 m, and one of these small pictures' pixels, 0.26°.
      #expect(error.translation.length < 0.09, "\(error.translation.length)")
      #expect(error.rotationAngle < drive.pixelAngle, "\(error.rotationAngle * 180 / .pi)")
    }
  }

  @Test func oneCameraKnowsItsPathUpToScale() throws {
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera))
    for frame in 0..<16 { try odometry.add(left: drive.image(drive.pose(frame)), right: nil) }
    let truth = truth(16)
    let poses = odometry.poses.map(\.worldFromCamera)
    let scale = truth[15].translation.length / poses[15].translation.length
    for (pose, truth) in zip(poses, truth) {
      // Five per cent of the path of 6 m, and six pixels of turn in sixteen frames: one camera drifts more than two.
      #expect((pose.translation * scale - truth.translation).length < 0.3)
      #expect(truth.relative(to: pose).rotationAngle < 6 * drive.pixelAngle)
    }
  }

  @Test func aTurningCameraStaysInItsPlace() throws {
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera))
    let turns = (0..<8).map { RigidTransform(rotationVector: Vector3(0, 0.02 * Double($0), 0), translation: .zero) }
    for turn in turns { try odometry.add(left: drive.image(turn), right: nil) }
    for (pose, turn) in zip(odometry.poses, turns).dropFirst() {
      #expect(pose.status == .rotation && pose.worldFromCamera.translation.length < 1e-9)
      #expect(turn.relative(to: pose.worldFromCamera).rotationAngle < 0.05 * .pi / 180)
    }
  }

  @Test func aBlackFrameIsALossAndThePathGoesOn() throws {
    let odometry = try VisualOdometry(rig: drive.rig)
    let black = Image(width: 320, height: 200, channels: 1)
    for frame in 0..<6 {
      let pose = drive.pose(frame)
      if frame == 3 {
        try odometry.add(left: black, right: black)
      } else {
        try odometry.add(left: drive.image(pose), right: drive.image(right(pose)))
      }
    }
    #expect(odometry.poses.map(\.status) == [.tracked, .tracked, .tracked, .lost, .lost, .found])
    #expect(odometry.poses[3].worldFromCamera == odometry.poses[2].worldFromCamera)
  }

  @Test func twoRunsAndThreadsGiveTheSamePath() throws {
    func path(threads: Int) throws -> [OdometryPose] {
      try OpenCVThreads.set(count: threads)
      let odometry = try VisualOdometry(rig: drive.rig, threads: threads)
      for frame in 0..<4 { try odometry.add(left: drive.image(drive.pose(frame)), right: drive.image(right(drive.pose(frame)))) }
      return odometry.poses
    }
    let first = try path(threads: 1)
    #expect(try path(threads: 1) == first)
    #expect(try path(threads: 2) == first)
  }

  @Test func twoCamerasInOnePlaceAreRefused() {
    #expect(throws: OdometryError.noPlace) {
      try VisualOdometry(rig: CameraRig(left: drive.camera, right: drive.camera, rightFromLeft: .identity))
    }
    #expect(throws: OdometryError.noPlace) { try VisualOdometry(rig: CameraRig(left: drive.camera, right: drive.camera)) }
  }
}
