/// A path of poses (camera or body to world, metres), with a time for each where the source gives one.
public struct Trajectory: Hashable, Sendable {
  /// Maps from the camera (or body) to the world, in the order of the source.
  public var poses: [RigidTransform]
  /// Seconds, one for each pose, in the source's own order and clock; nil for a source that only numbers its poses.
  public var times: [Double]?

  /// A path; there is a time for each pose or none at all.
  public init(poses: [RigidTransform], times: [Double]? = nil) {
    precondition(times.map { $0.count == poses.count } ?? true, "a time for each pose")
    self.poses = poses
    self.times = times
  }

  /// The sum of the distances between neighbouring positions.
  public var pathLength: Double {
    zip(poses, poses.dropFirst()).reduce(0) { $0 + ($1.1.translation - $1.0.translation).length }
  }

  /// The poses at the indices, in their order.
  public func selecting(_ indices: [Int]) -> Trajectory {
    Trajectory(poses: indices.map { poses[$0] }, times: times.map { times in indices.map { times[$0] } })
  }
}
