import Geometry
import Records

/// How the camera of boxes in space moves.
public enum EgoMotion: Sendable, Equatable {
  /// It stands.
  case still
  /// By a file of its poses, one a frame.
  case file(String)

  /// As it is named in settings.
  public init(name: String) {
    self = name == EgoMotion.still.name ? .still : .file(name)
  }

  /// As it is named in settings.
  public var name: String {
    switch self {
    case .still: "still"
    case .file(let path): path
    }
  }

  /// The poses of the frames, from the camera to the world; nil for a camera that stands.
  ///
  /// - Parameter frameCount: The frames that need one.
  /// - Throws: `RecordsError` for a file that cannot be read, has fewer poses, or tells no rotations.
  func poses(frameCount: Int) throws(RecordsError) -> [RigidTransform]? {
    guard case .file(let path) = self else { return nil }
    let file = try TrajectoryReader.read(path: path)
    let poses = file.trajectory.poses
    guard file.hasRotations else {
      throw .malformed(path: path, reason: "it has positions without rotations; give whole poses (KITTI's twelve numbers a line)")
    }
    guard poses.count >= frameCount else {
      throw .malformed(path: path, reason: "it has \(poses.count) poses, and the detections reach to frame \(frameCount)")
    }
    return poses
  }
}

extension CameraMotion {
  /// How the ground seen from above (x to the right, z ahead of the camera, metres) moves when the camera goes from one pose to another.
  ///
  /// With T = later⁻¹ · earlier a point (x, y, z) goes to T (x, y, z). Where the camera's y axis stays upright this is a turn and a shift of
  /// (x, z); of a camera that pitches or rolls the part within the plane is taken, for points at the camera's own height.
  init(overGroundFrom earlier: RigidTransform, to later: RigidTransform) {
    let change = later.relative(to: earlier)
    let (x, z, t) = (change.rotation.column0, change.rotation.column2, change.translation)
    self.init(status: .ok, homography: Homography(x.x, z.x, t.x, x.z, z.z, t.z, 0, 0, 1), inliers: 0)
  }
}
