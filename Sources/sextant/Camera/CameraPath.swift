import Foundation
import Geometry
import Imaging
import Odometry
import Pipeline
import Records
import Video

/// The path of a camera, or of a stereo pair, through an input, and what it saw.
struct CameraPath {
  var poses: [OdometryPose]
  var times: [Double]
  /// Where the points of a stereo pair lie.
  var order = StereoOrder()
  /// The points of the scene; empty where they were not asked for.
  var scene: [ScenePoint] = []
  /// The frames in which a unit of length begins.
  var partStarts = [0]
  /// Of each of these parts, what the poses of its start leave open of its unit, as a share.
  var unitDeviations: [Double?] = []
  /// The places that the camera saw again, by which the path is corrected.
  var loops: [LoopClosure] = []
  /// What its unit of length is.
  var scale = Scale.none
  /// The parts of one camera's path whose unit comes from a known height.
  var parts: [KnownHeight.Part] = []

  /// Where a unit of length comes from.
  enum Scale: Equatable {
    /// From nothing: it is that of one camera's first motion.
    case none
    /// From the distance of two cameras.
    case stereo
    /// From one camera's height above the ground in the first frame, in metres.
    case height(Double)
  }

  /// Pictures that are decoded, on a thread of their own, while the one before is searched.
  private static let readAhead = 2

  /// Follows one camera.
  ///
  /// - Parameters:
  ///   - input: A video, or pictures of one.
  ///   - camera: The file of the camera.
  ///   - keepsScene: Whether the points of the scene are asked for.
  ///   - threads: They never change the result.
  static func following(
    _ input: String, camera: String, keepsScene: Bool, threads: Int, _ cancellation: Cancellation,
    _ progress: (RunProgress) -> Void
  ) throws -> CameraPath {
    let source = try VideoSources.open(input)
    cancellation.onRequest { source.cancel() }
    let information = source.information
    let rig = try CameraArgument.rig(camera, width: information.width, height: information.height)
    let odometry = try VisualOdometry(rig: CameraRig(left: rig.left), keepsScene: keepsScene, closesLoops: true, threads: threads)
    var times: [Double] = []
    let pictures = ReadAhead(capacity: readAhead) { () -> (image: Image, seconds: Double)? in
      while let item = try source.next() {
        guard case .frame(let frame) = item else { continue }
        return (try frame.grey(resizedTo: (information.width, information.height)), frame.seconds)
      }
      return nil
    }
    defer { pictures.cancel() }
    while let picture = try pictures.next() {
      try odometry.add(left: picture.image, right: nil)
      times.append(picture.seconds)
      progress(CameraPath.progress(times, information.frameCount))
    }
    odometry.closeLoops()
    var path = CameraPath(poses: odometry.poses, times: times)
    path.loops = odometry.loops
    path.scene = odometry.scene
    path.partStarts = odometry.partStarts
    path.unitDeviations = odometry.unitDeviations
    try path.check()
    return path
  }

  /// Follows two cameras.
  static func following(
    _ left: String, right: String, camera: String, threads: Int, _ cancellation: Cancellation, _ progress: (RunProgress) -> Void
  ) throws -> CameraPath {
    let pairs = try PairedFrames(left: left, right: right)
    cancellation.onRequest { pairs.cancel() }
    let rig = try CameraArgument.rig(camera, width: pairs.size.width, height: pairs.size.height)
    guard rig.right != nil else {
      throw CommandError.malformed("\(camera) tells one camera and --right needs both; calibrate with --right")
    }
    let odometry = try VisualOdometry(rig: rig, closesLoops: true, threads: threads)
    var times: [Double] = []
    let pictures = ReadAhead(capacity: readAhead) { () -> (left: Image, right: Image, seconds: Double)? in
      try pairs.next().map { pair in
        (try pair.left.grey(resizedTo: pairs.size), try pair.right.grey(resizedTo: pairs.size), pair.left.seconds)
      }
    }
    defer { pictures.cancel() }
    while let pair = try pictures.next() {
      try odometry.add(left: pair.left, right: pair.right)
      times.append(pair.seconds)
      progress(CameraPath.progress(times, pairs.frameCount))
    }
    odometry.closeLoops()
    var path = CameraPath(poses: odometry.poses, times: times, order: odometry.order)
    path.loops = odometry.loops
    path.scale = .stereo
    try path.check()
    return path
  }

  private static func progress(_ times: [Double], _ count: Int?) -> RunProgress {
    let share = count.map { min(1, Double(times.count) / Double(max(1, $0))) }
    return RunProgress(frames: times.count, seconds: times.last ?? 0, share: share)
  }

  /// - Throws: `OdometryError.nothingFollowed` where there is none: a row of the same pose for each frame would look like a camera at rest.
  private func check() throws {
    guard poses.count > 1, poses.dropFirst().allSatisfy({ $0.status == .lost }) else { return }
    throw OdometryError.nothingFollowed(
      frames: poses.count - 1,
      reason: order.problem ?? "are the pictures black, blurred, noise or without texture, or not of this camera?")
  }

  /// The sum of the distances between neighbouring places.
  var length: Double { Trajectory(poses: poses.map(\.worldFromCamera)).pathLength }

  /// The name of its unit of length.
  var unit: String { scale == .none ? "units of one camera" : "m" }

  /// The same path in metres; its scene stays in the units of its parts.
  ///
  /// - Parameter height: The camera's above the ground in the first frame, in metres.
  /// - Throws: `OdometryError.noGround`.
  func inMetres(height: Double) throws -> CameraPath {
    let known = try KnownHeight(metres: height, poses: poses, scene: scene, partStarts: partStarts, unitDeviations: unitDeviations)
    var path = self
    (path.poses, path.parts, path.scale) = (known.poses, known.parts, .height(height))
    return path
  }

  // MARK: - What is told of it

  /// The most losses that are told of one by one.
  private static let toldLosses = 10

  /// Warns of losses and swapped pictures.
  func warn() {
    if let problem = order.problem { StandardError.warn(problem) }
    if poses.count > 1, poses.dropFirst().allSatisfy({ $0.status == .rotation }) {
      StandardError.warn("the camera is taken to turn in its place in all frames; if it moved, the camera's file is not its own")
    }
    for part in parts where part.ground == nil {
      StandardError.warn(
        "no ground is seen below the camera in frames \(part.frames.lowerBound) to \(part.frames.upperBound - 1): how far it moves there is not known, and it stays in its place"
      )
    }
    let losses = poses.indices.filter { poses[$0].status == .lost && ($0 == 0 || poses[$0 - 1].status != .lost) }
    for index in losses.prefix(Self.toldLosses) {
      let found = poses[index...].firstIndex { $0.status != .lost }
      StandardError.warn(
        "lost in frame \(index) (\(times[index]) s), " + (found.map { "found again in frame \($0)" } ?? "not found again"))
    }
    if losses.count > Self.toldLosses { StandardError.warn("lost \(losses.count) times in all") }
  }
}
