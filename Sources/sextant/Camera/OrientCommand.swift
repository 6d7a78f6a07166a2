import ArgumentParser
import Foundation
import Geometry
import Imaging
import Odometry
import Pipeline
import Records
import Video

/// `sextant orient`: where a camera is and which way it points, frame by frame.
struct OrientCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orient",
    abstract: "Find the path of a calibrated camera, or of a stereo pair, from its video.",
    discussion: """
      Poses map the camera's frame (x right, y down, z forward) to that of the first frame: in metres with --right, in a unit of their own with one \
      camera. There is one row for each frame; a frame in which the scene is lost keeps the pose before, and is told of. Where it is lost in all of \
      them nothing is written.

      Where the camera comes to a place that it saw before the whole path is corrected, at the end; a sextant stream tells it as an event, loop.

      --height tells how high one camera stands above flat ground in the first frame, be it a drone that looks down or a car's that looks along a road: \
      then lengths are metres.

      formats: tum (seconds, place, quaternion x y z w), kitti (rows of [R|t]), sextant (a stream whose frames have a pose, with its status, roll, \
      pitch, yaw, angular rate and standard deviations)

      examples:
        sextant orient drive.mp4 --camera camera.yml -o path.txt
        sextant orient left.mp4 --right right.mp4 --camera calib.txt --format kitti -o poses.txt
        sextant orient flight.mp4 --camera camera.yml --height 60 -o path.txt
      """)

  @Argument(help: ArgumentHelp("The video, or the left one of two.", valueName: "input"), completion: .file())
  var input: String

  @Option(
    help: ArgumentHelp("The camera or cameras: OpenCV's YAML or XML, Kalibr's, COLMAP's, KITTI's.", valueName: "file"),
    completion: .file())
  var camera: String

  @Option(help: ArgumentHelp("The video of the right camera.", valueName: "input"), completion: .file())
  var right: String?

  @Option(help: ArgumentHelp("How high one camera is above the ground in the first frame.", valueName: "metres"))
  var height: Double?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"), completion: .file())
  var output: String

  @Option(help: ArgumentHelp("tum, kitti or sextant.", valueName: "format"), completion: .list(["tum", "kitti", "sextant"]))
  var format = "tum"

  @Option(help: ArgumentHelp("Number of threads; it never changes the result.", valueName: "n"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no progress and no summary.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      guard let format = TrajectoryFile.Format(rawValue: format), format != .euroc else {
        throw CommandError.usage("--format \(format) is not known: give tum, kitti or sextant")
      }
      _ = try OptionCheck.value(threads, of: "--threads", in: 1...256, unit: "")
      if let height { _ = try OptionCheck.value(height, of: "--height", in: 0.01...100_000, unit: "metres") }
      guard height == nil || right == nil else {
        throw CommandError.usage("--height is for one camera: with --right the distance of the two tells metres")
      }
      var plan = OutputPlan(overwrites: overwrite)
      plan.reads(input, as: "the input")
      plan.reads(right, as: "the right input")
      plan.reads(camera, as: "the camera")
      plan.writes(output, as: "the trajectory")
      try plan.check()
      try OpenCVThreads.set(count: threads)
      try InterruptibleRun(isQuiet: quiet).run { cancellation, progress in
        try follow(cancellation, progress)
      } report: { path, _ in
        if !path.poses.isEmpty { try write(path, format) }
        tell(path)
      }
    }
  }

  private func follow(_ cancellation: Cancellation, _ progress: (RunProgress) -> Void) throws -> CameraPath {
    if let right { return try CameraPath.following(input, right: right, camera: camera, threads: threads, cancellation, progress) }
    let path = try CameraPath.following(input, camera: camera, keepsScene: height != nil, threads: threads, cancellation, progress)
    return try height.map { try path.inMetres(height: $0) } ?? path
  }

  // MARK: - What comes of it

  private func write(_ path: CameraPath, _ format: TrajectoryFile.Format) throws {
    var file = TrajectoryFile(
      format: format, trajectory: Trajectory(poses: path.poses.map(\.worldFromCamera), times: path.times))
    file.events = path.loops.map { loop in
      EventRecord(
        frame: loop.frame, time: path.times[loop.frame], kind: .loop,
        details: [FurtherKey("earlier", .integer(loop.earlierFrame)), FurtherKey("support", .integer(loop.supportCount))])
    }
    file.settings = OrientCommand.settings(path)
    // The other formats have none: on a long path these take more memory than all else.
    if format == .sextant { file.details = path.poses.indices.map { OrientCommand.details(path, $0) } }
    _ = try TrajectoryWriter.write(file, as: format, path: output, overwrite: overwrite)
  }

  /// What the stream's header tells: where the unit of length comes from.
  private static func settings(_ path: CameraPath) -> JSONValue {
    switch path.scale {
    case .none: .object([("scale", .text("none"))])
    case .stereo: .object([("scale", .text("stereo"))])
    case .height(let metres): .object([("scale", .text("height")), ("height", .real(metres, decimals: StreamDecimals.pose))])
    }
  }

  private static func details(_ path: CameraPath, _ index: Int) -> [FurtherKey] {
    let pose = path.poses[index]
    let attitude = Attitude(pose.worldFromCamera.rotation)
    var keys = [
      FurtherKey("status", .text(pose.status.rawValue)), FurtherKey("support", .integer(pose.supportCount)),
      FurtherKey("roll", .real(attitude.roll, decimals: StreamDecimals.pose)),
      FurtherKey("pitch", .real(attitude.pitch, decimals: StreamDecimals.pose)),
      FurtherKey("yaw", .real(attitude.yaw, decimals: StreamDecimals.pose)),
    ]
    if index > 0, case let step = path.times[index] - path.times[index - 1], step > 0 {
      let turn = path.poses[index - 1].worldFromCamera.relative(to: pose.worldFromCamera).quaternion.rotationVector / step
      keys.append(FurtherKey("angular_rate", JSONValue([turn.x, turn.y, turn.z], decimals: StreamDecimals.pose)))
    }
    if let deviations = pose.deviations {
      keys.append(FurtherKey("deviations", JSONValue(deviations, decimals: StreamDecimals.pose)))
    }
    return keys
  }

  private func tell(_ path: CameraPath) {
    path.warn()
    guard !quiet else { return }
    StandardError.say("\(path.poses.count) frames, a path of \(String(format: "%.2f", path.length)) \(path.unit)")
    if !path.loops.isEmpty {
      StandardError.say(
        "places seen again: \(path.loops.count), first in frame \(path.loops[0].frame); the path is corrected by them")
    }
    for part in path.parts {
      guard let ground = part.ground else { continue }
      let share = String(format: "%.2f", 196 * ground.deviation)
      StandardError.say(
        "frames \(part.frames.lowerBound) to \(part.frames.upperBound - 1): metres to ± \(share) % by \(ground.supportCount) points of the ground"
      )
    }
  }
}
