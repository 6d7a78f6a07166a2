public import Geometry

/// Where a camera is in one frame, and how that is known.
public struct OdometryPose: Sendable, Equatable {
  /// How a frame's pose came about.
  public enum Status: String, Sendable, CaseIterable {
    /// From points whose places are known.
    case tracked
    /// From one camera that only turned so far, or has not moved enough for its direction to be seen: the place is that of the frame before.
    case rotation
    /// Too few points were found again: the pose is that of the frame before.
    case lost
    /// The first frame after a loss; with one camera the unit of length may change here.
    case found
  }

  /// Maps the camera's frame (x right, y down, z forward) to that of the first frame's camera: metres with two cameras, else a unit of its own.
  public var worldFromCamera: RigidTransform
  /// How it came about.
  public var status: Status
  /// The points that agree with it.
  public var supportCount: Int
  /// Standard deviations of the rotation (radians, about the camera's axes) and of the place (along them), six numbers; nil where not from points.
  public var deviations: [Double]?

  /// - Parameters: As the properties of their names.
  public init(worldFromCamera: RigidTransform, status: Status, supportCount: Int, deviations: [Double]? = nil) {
    self.worldFromCamera = worldFromCamera
    self.status = status
    self.supportCount = supportCount
    self.deviations = deviations
  }
}
