import Geometry

/// A trajectory with what its file says beyond poses and seconds.
public struct TrajectoryFile: Sendable {
  /// The formats of trajectories; raw values are the names that people give.
  public enum Format: String, Sendable, CaseIterable {
    /// `timestamp tx ty tz qx qy qz qw`, seconds, blanks or commas, `#` comments; or `timestamp tx ty tz`.
    case tum
    /// Twelve numbers of [R|t] per line, row by row; line n is frame n; times may stand in a file of their own.
    case kitti
    /// `timestamp_ns,px,py,pz,qw,qx,qy,qz[,…]` with a header line.
    case euroc
    /// This program's stream, the frames that have a `pose`.
    case sextant
  }

  /// The format that it was read from, or is to be written in.
  public var format: Format
  /// Poses camera (or body) to world, metres; times in seconds.
  public var trajectory: Trajectory
  /// EuRoC's stamps as the file has them; empty for other formats.
  public var nanoseconds: [Int64] = []
  /// The quaternions as the file has them, not normalised; empty for KITTI.
  public var quaternions: [Quaternion] = []
  /// Whether the poses have rotations; without, they are positions with the identity in its place.
  public var hasRotations = true
  /// Columns behind the pose that were not read (EuRoC's velocities and biases).
  public var furtherColumns = 0
  /// What each pose tells besides, which our stream keeps within the pose; empty for nothing, else one list a pose.
  public var details: [[FurtherKey]] = []
  /// What happened on the way, by ascending frame; our stream tells it behind the frame.
  public var events: [EventRecord] = []
  /// What our stream's header tells of how the trajectory was made; other formats have no place for it.
  public var settings: JSONValue = .object([])
  /// What a reader of the trajectory should know: a sentence each.
  public var warnings: [String] = []

  /// - Parameter trajectory: Poses camera (or body) to world, metres; times in seconds.
  public init(format: Format, trajectory: Trajectory) {
    self.format = format
    self.trajectory = trajectory
  }
}
