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

      formats: tum (seconds, place, quaternion x y z w), kitti (rows of [R|t]), sextant (a stream whose frames have a pose, with its status, roll, \
      pitch, yaw, angular rate and standard deviations)

      examples:
        sextant orient drive.mp4 --camera camera.yml -o path.txt
        sextant orient left.mp4 --right right.mp4 --camera calib.txt --format kitti -o poses.txt
      """)

  @Argument(help: ArgumentHelp("The video, or the left one of two.", valueName: "input"), completion: .file())
  var input: String

  @Option(
    help: ArgumentHelp("The camera or cameras: OpenCV's YAML or XML, Kalibr's, COLMAP's, KITTI's.", valueName: "file"),
    completion: .file())
  var camera: String

  @Option(help: ArgumentHelp("The video of the right camera.", valueName: "input"), completion: .file())
  var right: String?

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

  private struct Path {
    var poses: [OdometryPose]
    var times: [Double]
    /// Where the points of a stereo pair lie.
    var order = StereoOrder()

    /// - Throws: `OdometryError.nothingFollowed` where there is none: a row of the same pose for each frame would look like a camera at rest.
    func check() throws {
      guard poses.count > 1, poses.dropFirst().allSatisfy({ $0.status == .lost }) else { return }
      throw OdometryError.nothingFollowed(
        frames: poses.count - 1,
        reason: order.problem ?? "are the pictures black, blurred or without texture, or not of this camera?")
    }
  }

  func run() throws {
    try ExitStatus.reporting {
      guard let format = TrajectoryFile.Format(rawValue: format), format != .euroc else {
        throw CommandError.usage("--format \(format) is not known: give tum, kitti or sextant")
      }
      _ = try OptionCheck.value(threads, of: "--threads", in: 1...256, unit: "")
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
        try path.check()
        if !path.poses.isEmpty { try write(path, format) }
        tell(path)
      }
    }
  }

  private func follow(_ cancellation: Cancellation, _ progress: (RunProgress) -> Void) throws -> Path {
    if let right { return try followPairs(right, cancellation, progress) }
    let source = try VideoSources.open(input)
    cancellation.onRequest { source.cancel() }
    let information = source.information
    let rig = try CameraArgument.rig(camera, width: information.width, height: information.height)
    let odometry = try VisualOdometry(rig: CameraRig(left: rig.left))
    var times: [Double] = []
    while let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      try odometry.add(left: try frame.grey(resizedTo: (information.width, information.height)), right: nil)
      times.append(frame.seconds)
      progress(OrientCommand.progress(times, information.frameCount))
    }
    return Path(poses: odometry.poses, times: times)
  }

  private func followPairs(_ right: String, _ cancellation: Cancellation, _ progress: (RunProgress) -> Void) throws -> Path {
    let pairs = try PairedFrames(left: input, right: right)
    cancellation.onRequest { pairs.cancel() }
    let rig = try CameraArgument.rig(camera, width: pairs.size.width, height: pairs.size.height)
    guard rig.right != nil else {
      throw CommandError.malformed("\(camera) tells one camera and --right needs both; calibrate with --right")
    }
    let odometry = try VisualOdometry(rig: rig)
    var times: [Double] = []
    while let pair = try pairs.next() {
      try odometry.add(left: try pair.left.grey(resizedTo: pairs.size), right: try pair.right.grey(resizedTo: pairs.size))
      times.append(pair.left.seconds)
      progress(OrientCommand.progress(times, pairs.frameCount))
    }
    return Path(poses: odometry.poses, times: times, order: odometry.order)
  }

  private static func progress(_ times: [Double], _ count: Int?) -> RunProgress {
    let share = count.map { min(1, Double(times.count) / Double(max(1, $0))) }
    return RunProgress(frames: times.count, seconds: times.last ?? 0, share: share)
  }

  // MARK: - What comes of it

  private func write(_ path: Path, _ format: TrajectoryFile.Format) throws {
    var file = TrajectoryFile(
      format: format, trajectory: Trajectory(poses: path.poses.map(\.worldFromCamera), times: path.times))
    file.details = path.poses.indices.map { OrientCommand.details(path, $0) }
    _ = try TrajectoryWriter.write(file, as: format, path: output, overwrite: overwrite)
  }

  private static func details(_ path: Path, _ index: Int) -> [FurtherKey] {
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

  /// The most losses that are told of one by one.
  private static let toldLosses = 10

  private func tell(_ path: Path) {
    if let problem = path.order.problem { StandardError.warn(problem) }
    let losses = path.poses.indices.filter { path.poses[$0].status == .lost && ($0 == 0 || path.poses[$0 - 1].status != .lost) }
    for index in losses.prefix(Self.toldLosses) {
      let found = path.poses[index...].firstIndex { $0.status != .lost }
      StandardError.warn(
        "lost in frame \(index) (\(path.times[index]) s), " + (found.map { "found again in frame \($0)" } ?? "not found again"))
    }
    if losses.count > Self.toldLosses { StandardError.warn("lost \(losses.count) times in all") }
    guard !quiet else { return }
    let length = Trajectory(poses: path.poses.map(\.worldFromCamera)).pathLength
    let unit = right == nil ? "units of one camera" : "m"
    StandardError.say("\(path.poses.count) frames, a path of \(String(format: "%.2f", length)) \(unit)")
  }
}
