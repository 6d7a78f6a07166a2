import Foundation
import Geometry
import Records
import Reports

/// A trajectory for evaluation, with what is to be said of it.
public struct LoadedTrajectory: Sendable {
  /// Times in seconds.
  public var trajectory: Trajectory
  /// Whether the poses have rotations; positions have the identity in their place.
  public var hasRotations = true
  /// Format, number of poses, duration, length and the unit of the stamps, in a line.
  public var facts: String
  /// What a reader of the figures should know.
  public var warnings: [String]
}

/// Reads the files of an evaluation of trajectories.
public enum TrajectoryFiles {
  /// - Parameters:
  ///   - format: nil: guessed.
  ///   - times: A file of times for poses without (KITTI), one a line.
  ///   - unit: The unit of the stamps; nil: guessed for formats that leave it open.
  ///   - side: "truth" or "result", for what is said.
  public static func read(
    _ path: String, format: TrajectoryFile.Format? = nil, times: String? = nil, unit: TimeUnit? = nil, side: String
  ) throws(RecordsError) -> LoadedTrajectory {
    let file = try TrajectoryReader.read(path: path, format: format, timesPath: times)
    var trajectory = file.trajectory
    var warnings = file.warnings.map { "\(path): \($0)" }
    var stamps = "no stamps"
    if let read = trajectory.times {
      let guessed = file.guessedUnit
      let taken = unit ?? guessed ?? .seconds
      if taken != .seconds {
        trajectory.times = taken.seconds(read)
        if unit == nil {
          warnings.append("the stamps of \(path) look like \(taken.rawValue) and are taken as such; tell the unit if not")
        }
      }
      stamps = "stamps in \(file.format == .euroc ? "ns" : taken.rawValue)" + (guessed != nil && unit == nil ? " (guessed)" : "")
    }
    let seconds = trajectory.times.flatMap { times in times.max().map { $0 - (times.min() ?? $0) } }
    let duration = seconds.map { " over \(DecimalText.fixed($0, decimals: 2) ?? "-") s" } ?? ""
    let length = DecimalText.fixed(trajectory.pathLength, decimals: 3) ?? "-"
    let facts = "\(side): \(file.format.rawValue), \(trajectory.poses.count) poses\(duration), path \(length) m, \(stamps)"
    return LoadedTrajectory(trajectory: trajectory, hasRotations: file.hasRotations, facts: facts, warnings: warnings)
  }
}
