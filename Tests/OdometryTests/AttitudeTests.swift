import Foundation
import Geometry
import Testing

@testable import Odometry

@Suite struct AttitudeTests {
  /// One rotation about each of the camera's axes: x right, y down, z forward.
  @Test func eachAxisTurnsItsAngle() {
    func attitude(_ vector: Vector3) -> Attitude { Attitude(Quaternion(rotationVector: vector).rotation) }
    let right = attitude(Vector3(0, 0.3, 0)), up = attitude(Vector3(0.2, 0, 0)), lower = attitude(Vector3(0, 0, 0.1))
    #expect(abs(right.yaw - 0.3) < 1e-12 && abs(right.pitch) < 1e-12 && abs(right.roll) < 1e-12)
    #expect(abs(up.pitch - 0.2) < 1e-12 && abs(up.yaw) < 1e-12)
    #expect(abs(lower.roll - 0.1) < 1e-12 && abs(lower.yaw) < 1e-12)
  }

  /// Yaw, then pitch, then roll, each in the axes that the one before has turned.
  @Test func anglesGiveTheirRotationBack() {
    for (yaw, pitch, roll) in [(0.5, -0.4, 0.3), (-2.8, 1.2, -1), (3.0, 0.1, 2.5)] {
      let turns = [Vector3(0, yaw, 0), Vector3(pitch, 0, 0), Vector3(0, 0, roll)].map { Quaternion(rotationVector: $0) }
      let found = Attitude((turns[0] * turns[1] * turns[2]).rotation)
      #expect(abs(found.yaw - yaw) < 1e-9 && abs(found.pitch - pitch) < 1e-9 && abs(found.roll - roll) < 1e-9)
    }
  }

  @Test func straightUpHasNoRoll() {
    #expect(Attitude(Quaternion(rotationVector: Vector3(.pi / 2, 0, 0)).rotation).roll == 0)
  }
}
