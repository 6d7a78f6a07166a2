import Foundation
public import Geometry

/// Which way a camera points, as aircraft tell it, relative to the first frame's camera: forward, right and down are the axes.
public struct Attitude: Sendable, Equatable {
  /// Turned about the axis forward, in radians: above 0 the right side is lower.
  public var roll: Double
  /// Turned about the axis to the right: above 0 it looks up. In [−π/2, π/2].
  public var pitch: Double
  /// The heading: turned about the axis down: above 0 it looks to the right.
  public var yaw: Double

  /// So near to straight up or down, roll and yaw cannot be told apart; then roll is 0.
  private static let steepest = 89.0 * .pi / 180

  /// - Parameter worldFromCamera: Maps the camera's frame (x right, y down, z forward) to the first one's.
  public init(_ worldFromCamera: Matrix3) {
    // The same rotation between frames of forward, right, down: the axes change their places only.
    let body = Matrix3(rows: Vector3(0, 0, 1), Vector3(1, 0, 0), Vector3(0, 1, 0))
    let r = body * worldFromCamera * body.transposed
    pitch = -asin(max(-1, min(1, r.column0.z)))
    if abs(pitch) > Self.steepest {
      roll = 0
      yaw = atan2(-r.column1.x, r.column1.y)
    } else {
      roll = atan2(r.column1.z, r.column2.z)
      yaw = atan2(r.column0.y, r.column0.x)
    }
  }
}
