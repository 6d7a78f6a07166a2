import Depth
import Geometry
import Records

/// The files that one moving camera's path and points give, in one folder.
struct SceneFiles {
  let folder: String
  let overwrite: Bool

  /// Writes `points.ply` and `path.txt`.
  func write(_ path: CameraPath) throws {
    var cloud = PointCloud()
    for point in path.scene { cloud.add(point.position, red: point.level, green: point.level, blue: point.level) }
    try OutputFolder.write(cloud.ply, to: "points.ply", in: folder, overwrite: overwrite)
    let file = TrajectoryFile(
      format: .tum, trajectory: Trajectory(poses: path.poses.map(\.worldFromCamera), times: path.times))
    _ = try TrajectoryWriter.write(file, as: .tum, path: OutputFolder.file("path.txt", in: folder), overwrite: overwrite)
  }
}
